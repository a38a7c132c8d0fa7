"""Change how long each kind is kept: shorter at once, longer only as the notice told people (Measures Arts 5, 8)."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property
from tenants.organizations.services import properties
from tenants.rights.retention_rules import BOUNDS, Kind, TooLong, beyond_notice, out_of_bounds, told_days
from tenants.transparency.models import Notice


def clocks_of(tenant: Property) -> dict[Kind, int]:
    """Return the property's clocks in days."""
    return {kind: getattr(tenant, kind.value) for kind in Kind}


@transaction.atomic
def set_clocks(
    *, tenant: Property, face_days: int, event_days: int, request_days: int | None = None, alarm_days: int | None = None
) -> Property:
    """Set the clocks; None leaves one as it is. A shorter one holds from the next sweep on.

    Raises ValidationError by field, out of bounds and for a clock that would run longer than the notice in force told
    people: publish a notice that says so first. Without a notice nobody was told anything, and nobody could agree.
    """
    hold_facts(tenant=tenant)
    tenant.refresh_from_db(fields=[kind.value for kind in Kind])
    now = clocks_of(tenant)
    given = {Kind.FACE: face_days, Kind.EVENT: event_days, Kind.REQUEST: request_days, Kind.ALARM: alarm_days}
    wanted = now | {kind: days for kind, days in given.items() if days is not None}
    errors = {kind.value: _bounds_error(kind) for kind in out_of_bounds(wanted)}
    notice = Notice.objects.filter(tenant=tenant).current()
    if notice is not None:
        for found in beyond_notice(now=now, wanted=wanted, told=told_days(notice.texts)):
            errors.setdefault(found.kind.value, _notice_error(found, notice))
    if errors:
        raise ValidationError(errors)
    return properties.set_retention(tenant=tenant, **{kind.value: days for kind, days in wanted.items()})


def _bounds_error(kind: Kind) -> ValidationError:
    least, most = BOUNDS[kind]
    text = _("From %(least)s to %(most)s days.") % {"least": least, "most": most}
    return ValidationError(text, code="out_of_bounds")


def _notice_error(found: TooLong, notice: Notice) -> ValidationError:
    about = {
        "version": notice.version,
        "since": date_format(notice.effective_on, "DATE_FORMAT") if notice.effective_on else "",
        "days": found.days,
        "told": found.told,
    }
    if found.told is None:
        text = _(
            "The notice in force (version %(version)s, since %(since)s) does not say %(days)s days. "
            "Publish a notice that does, then set the period."
        )
    else:
        text = _(
            "The notice in force (version %(version)s, since %(since)s) told people %(told)s days, not %(days)s. "
            "Publish a notice that says %(days)s days, then set the period."
        )
    return ValidationError(text % about, code="beyond_notice")
