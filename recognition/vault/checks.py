"""System checks: who may hold the master key."""

from django.conf import settings
from django.core.checks import CheckMessage, Error, register


@register()
def master_key_is_where_it_belongs(**_kwargs: object) -> list[CheckMessage]:
    """The recognition role needs the master key; settings give it to no other process."""
    if settings.CONSENTRY_ROLE == "recognition" and not settings.MASTER_KEY:
        return [Error("The recognition worker has no master key.", hint="Set MASTER_KEY_FILE.", id="vault.E001")]
    return []
