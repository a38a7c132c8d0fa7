"""How much a property may use, where platform staff have set a limit. None is no limit.

A handler's limit holds for each of its properties; a property's own comes before it.
"""

from collections.abc import Callable
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from tenants.organizations.models import Property


class Limited(models.Model):
    """The limits that a handler or a property may have."""

    max_devices = models.PositiveIntegerField(
        _("Most devices"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_people = models.PositiveIntegerField(_("Most people"), null=True, blank=True, validators=[MinValueValidator(1)])
    max_photos = models.PositiveIntegerField(
        _("Most photos in one batch"), null=True, blank=True, validators=[MinValueValidator(1)]
    )
    max_requests = models.PositiveIntegerField(
        _("Most API requests in a minute"), null=True, blank=True, validators=[MinValueValidator(1)]
    )

    class Meta:
        abstract = True


LIMITS = ("max_devices", "max_people", "max_photos", "max_requests")
_REACHED = {
    "max_devices": _(
        "This property may have %(limit)s devices, and has them. Retire one, or ask the platform for a higher limit."
    ),
    "max_people": _(
        "This property may have %(limit)s people, and this would be more. Ask the platform for a higher limit."
    ),
    "max_photos": _(
        "A batch may hold %(limit)s photos here. Start another one, or ask the platform for a higher limit."
    ),
    "max_requests": _("This property's programs asked more than %(limit)s times in a minute. Ask again in a minute."),
}


def limit_of(tenant: "Property", name: str) -> int | None:
    """Return the limit that holds for a property, None where nobody set one."""
    own = getattr(tenant, name)
    return own if own is not None else getattr(tenant.handler, name)


def limits_of(tenant: "Property") -> list[tuple[str, int]]:
    """Return the limits that hold for a property as (label, number), for its settings."""
    labels = {field.name: str(field.verbose_name) for field in tenant._meta.fields}
    found = ((labels[name], limit_of(tenant, name)) for name in LIMITS)
    return [(label, limit) for label, limit in found if limit is not None]


def sentence(name: str, limit: int) -> str:
    """Say that a limit is reached, and what to do."""
    return str(_REACHED[name]) % {"limit": limit}


def require_room(*, tenant: "Property", name: str, used: Callable[[], int], more: int = 1) -> None:
    """Refuse what would go beyond a limit; `used` is asked only where there is one. Raises ValidationError."""
    limit = limit_of(tenant, name)
    if limit is not None and used() + more > limit:
        raise ValidationError(sentence(name, limit), code="limit_reached", params={"limit": limit})
