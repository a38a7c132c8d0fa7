"""How the platform admin shows a fact of a log: words, and what only a machine reads apart from them."""

from collections.abc import Callable, Iterable
from typing import Any

from django.contrib import admin
from django.db.models import Model
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from portal.log_words.said import Said


def yes_no(model: type[Model], name: str) -> Callable[[Any], str]:
    """Make a column of a field that is true or false. Django's own is a picture that is described in English."""
    field: Any = model._meta.get_field(name)

    @admin.display(description=field.verbose_name, ordering=name)
    def column(row: Any) -> str:
        return _("Yes") if getattr(row, name) else _("No")

    return column


def as_code(name: str, description: Any) -> Callable[[Any], SafeString]:
    """Make a column of a field that holds a name in a program."""

    @admin.display(description=description, ordering=name)
    def column(row: Any) -> SafeString:
        return format_html("<code>{}</code>", getattr(row, name))

    return column


def shown(said: Said) -> SafeString:
    if not said.code:
        return format_html("{}", said.lead)
    return format_html("{} <code>{}</code>", said.lead, said.code)


def shown_together(facts: Iterable[Said]) -> SafeString | str:
    """Show several after each other, "–" for none."""
    return format_html_join(_("; "), "{}", ((shown(fact),) for fact in facts)) or "–"
