"""Terminals for the pages: where a person's face is, what is still to be done, and what a terminal could not do."""

from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.edge import reads
from recognition.edge.kinds import CopyState
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
}
_REASONS: dict[str, Promise] = {
    "other_model": _("The terminal runs another model. Its templates are never mixed."),
    "unreadable": _("The terminal could not open what was sealed to it."),
    "unknown_kind": _("The terminal does not know this order. Update its software."),
    "expired": _("Nobody came within 72 hours."),
}


def places(person: Person) -> list[dict[str, Any]]:
    """Return a person's places with the tone of each state. Three queries."""
    return [
        {
            "device": place.device,
            "state": place.state,
            "since": place.since,
            "until": place.until,
            "may_take": place.may_take,
            "tone": TONES[place.state],
        }
        for place in reads.places(person=person)
    ]


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
