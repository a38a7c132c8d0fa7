"""Terminals for the pages: where a person's face is, what is still to be done, and what a terminal could not do."""

from typing import Any

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from recognition.edge import reads
from recognition.edge.kinds import CopyState, OrderKind, OrderState
from recognition.edge.models import DeviceCopy, DeviceOrder
from recognition.edge.rules import LEASE
from recognition.engine.codes import RejectionCode
from recognition.engine.codes import sentence as of_photo
from tenants.people.models import Person
from tenants.premises.models import Device

SHOWN = 10
TONES = {
    CopyState.WANTED: "info",
    CopyState.HELD: "ok",
    CopyState.SUSPENDED: "due",
    CopyState.DELETING: "due",
    CopyState.GONE: "neutral",
    CopyState.LOST: "stop",
}
_REASONS: dict[str, Promise] = {
    "other_model": _("The terminal runs another model. Its templates are never mixed."),
    "unreadable": _("The terminal could not open what was sealed to it."),
    "unknown_kind": _("The terminal does not know this order. Update its software."),
    "expired": _("Nobody came within 72 hours."),
}


def places(person: Person) -> list[dict[str, Any]]:
    """Return a person's places with the tone of each state, and why a terminal took no face. Four queries."""
    failed = _failures(person)
    return [
        {
            "device": place.device,
            "state": place.state,
            "since": place.since,
            "until": place.until,
            "may_take": place.may_take,
            "tone": TONES[place.state],
            "failure": failed.get(place.device_id, "") if place.state == CopyState.GONE else "",
        }
        for place in reads.places(person=person)
    ]


def unconfirmed(copy: DeviceCopy) -> str:
    """Say of a copy whose deletion is not confirmed how long its terminal can use it: as long as its lease lasts."""
    heard = copy.device.last_seen_at or copy.since
    until = heard + LEASE
    said = {
        "device": copy.device.name,
        "heard": date_format(localtime(heard), "DATETIME_FORMAT"),
        "until": date_format(localtime(until), "DATETIME_FORMAT"),
    }
    if until < timezone.now():
        return (
            gettext("“%(device)s” has not confirmed yet. Last heard %(heard)s; since %(until)s it uses no face.") % said
        )
    return (
        gettext("“%(device)s” has not confirmed yet. While it is cut off it may use the face until %(until)s.") % said
    )


def _failures(person: Person) -> dict[Any, str | Promise]:
    """Return by terminal why it took no face of this person, where its latest order to take it failed. One query."""
    latest = (
        DeviceOrder.objects.filter(person=person, kind=OrderKind.ENROL, state__in=(OrderState.DONE, OrderState.FAILED))
        .order_by("device_id", "-number")
        .distinct("device_id")
    )
    return {order.device_id: reason(order.reason) for order in latest if order.state == OrderState.FAILED}


def work(device: Device) -> dict[str, Any]:
    """Return what the card “Work for the terminal” shows. Three queries."""
    orders = reads.listed(device=device, length=SHOWN)
    return {
        "work": reads.work(devices=[device.pk])[device.pk],
        "orders": [{"order": order, "reason": reason(order.reason)} for order in orders],
    }


def reason(code: str) -> str | Promise:
    """Explain why a terminal could not; a code that only its maker knows is shown as it is."""
    if code in _REASONS:
        return _REASONS[code]
    return of_photo(code) if code in {known.value for known in RejectionCode} else code
