"""What every command of platform staff has: --help, --json, a sentence on stderr for what was wrong, no traceback."""

import json
from argparse import ArgumentParser
from datetime import date, datetime
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import DatabaseError, transaction
from django.utils import timezone, translation
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from tenants.organizations import actors
from tenants.organizations.models import Handler, Property
from tenants.organizations.scoping import PLATFORM_SETTING, set_local


class ServiceCommand(BaseCommand):
    """Calls a service and says what came of it: as lines, or with --json as one object or a list.

    Ends with 0, with 1 when a rule says no (one sentence on stderr), with 2 when the arguments are wrong. The log names
    the command as who acted. `arguments` adds to the parser; `perform` does the work and returns what is printed.
    """

    requires_migrations_checks = False

    def arguments(self, parser: ArgumentParser) -> None:
        """Add the command's own arguments."""

    def perform(self, *args: Any, **options: Any) -> Any:
        raise NotImplementedError

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--json", action="store_true", help="Print JSON, for programs.")
        parser.add_argument("--language", choices=("en", "zh-hans"), default="en", help="Of sentences and letters.")
        self.arguments(parser)

    def handle(self, *args: object, **options: Any) -> None:
        name = type(self).__module__.rpartition(".")[2]
        as_json, language = options.pop("json"), options.pop("language")
        own = {key: value for key, value in options.items() if key not in _DJANGOS}
        with translation.override(language), actors.acting(f"command:{name}"):
            try:
                with transaction.atomic():
                    set_local(PLATFORM_SETTING, "on")
                    told = self.perform(**own)
            except ValidationError as broken:
                raise CommandError(_sentence(broken)) from broken
            except (DatabaseError, OperationalError, RedisError, OSError) as down:
                raise CommandError(
                    f"A server cannot be reached: {type(down).__name__}. Is the portal running?"
                ) from down
            self.stdout.write(json.dumps(told, ensure_ascii=False, indent=2, default=str) if as_json else _lines(told))
            self.judge(told)

    def judge(self, told: Any) -> None:
        """Raise CommandError when what was printed is bad news, so that a script hears of it."""


_DJANGOS = {
    "verbosity",
    "settings",
    "pythonpath",
    "traceback",
    "no_color",
    "force_color",
    "skip_checks",
    "stdout",
    "stderr",
}


def handler_of(credit_code: str) -> Handler:
    """Return the handler with this code. Raises CommandError."""
    found = Handler.objects.filter(credit_code=credit_code.upper()).first()
    if found is None:
        raise CommandError(f"There is no handler with the code {credit_code}. `list_handlers` shows them.")
    return found


def property_of(slug: str) -> Property:
    """Return the property of this address name. Raises CommandError."""
    found = Property.objects.select_related("handler").filter(slug=slug).first()
    if found is None:
        raise CommandError(f"There is no property {slug}. `list_properties` shows them.")
    return found


def a_day(text: str) -> date:
    """Read a day for argparse, which names the argument when it is wrong."""
    return date.fromisoformat(text)


def a_moment(text: str) -> datetime:
    """Read a moment for argparse; without an offset it is Beijing's."""
    moment = datetime.fromisoformat(text)
    return moment if timezone.is_aware(moment) else timezone.make_aware(moment)


a_day.__name__, a_moment.__name__ = "date (YYYY-MM-DD)", "time (YYYY-MM-DDTHH:MM)"


def _sentence(broken: ValidationError) -> str:
    if not hasattr(broken, "error_dict"):
        return " ".join(broken.messages)
    told = broken.message_dict
    return " ".join(
        " ".join(said) if name == NON_FIELD_ERRORS else f"{name}: {' '.join(said)}" for name, said in told.items()
    )


def _lines(told: Any) -> str:
    if isinstance(told, list):
        return "\n".join(" · ".join(str(value) for value in row.values() if value not in {None, ""}) for row in told)
    return "\n".join(
        f"{name}: {'–' if value is None else value}" for name, value in told.items() if not isinstance(value, list)
    ) + "".join("\n" + _lines(value) for value in told.values() if isinstance(value, list))
