"""System checks: every key that a process was told to read is there."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def named_secrets_are_there(**_kwargs: object) -> list[CheckMessage]:
    """A file that is named and cannot be read, or is empty, stops the process: nothing takes its place."""
    return [
        Error(
            f"The file that {name}_FILE names cannot be read, or is empty.",
            hint=f"Put the key back, or name the right file. To set the value itself, leave {name}_FILE out.",
            id="security.E001",
        )
        for name in settings.UNREADABLE_SECRETS
    ]


@register()
def database_is_no_test(**_kwargs: object) -> list[CheckMessage]:
    """Where evidence may be rewritten, no evidence is kept (portal/security/evidence.py)."""
    name = str(settings.DATABASES["default"]["NAME"])
    if getattr(settings, "TESTING", False) or not name.startswith("test_"):
        return []
    return [
        Error(
            f"The database {name} is called as those of tests, in which evidence can be rewritten.",
            hint="Give it a name that does not begin with test_.",
            id="security.E002",
        )
    ]
