"""How long there is to answer: the same words and colours for a request and for a complaint."""

from datetime import date
from typing import Protocol

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from tenants.rights.kinds import ComplaintState, RequestState
from tenants.rights.models import Complaint, RightsRequest
from tenants.rights.rules import OPEN_STATES, is_past_target, working_days_left

SOON_WORKING_DAYS = 5
_ENDS = {
    RequestState.ANSWERED: "ok",
    RequestState.REFUSED: "neutral",
    RequestState.MERGED: "neutral",
    RequestState.TAKEN_BACK: "neutral",
}


class Awaited(Protocol):
    """What has a day until which it is to be answered. Not final: the holidays of that year may move it."""

    due_on: date
    is_due_final: bool


def request_clock(request: RightsRequest, today: date) -> dict[str, str]:
    """Return text and tone of a request: how long there is to answer it, or how it ended."""
    if request.state not in OPEN_STATES:
        return {"text": request.get_state_display(), "tone": _ENDS[RequestState(request.state)]}
    if request.paused_on is not None:
        return {"text": _("Waits for proof of identity"), "tone": "info"}
    if today < request.due_on and is_past_target(
        kind=request.kind, state=request.state, proved_at=request.identity_checked_at, now=timezone.now()
    ):
        return {"text": _("Past the 24 hours"), "tone": "due"}
    return _clock(request, today)


def complaint_clock(complaint: Complaint, today: date) -> dict[str, str]:
    """Return text and tone of a complaint. An escalated one presses, however many days are left."""
    if complaint.state == ComplaintState.ANSWERED:
        return {"text": complaint.get_state_display(), "tone": "ok"}
    return _clock(complaint, today, is_pressing=complaint.escalated_at is not None)


def due_sentence(row: Awaited) -> str:
    """Say until when it is to be answered; of a year that is not announced yet only the earliest day."""
    day = {"date": date_format(row.due_on, "DATE_FORMAT")}
    if row.is_due_final:
        return _("To be answered by %(date)s.") % day
    return _("The last day to answer is not before %(date)s; the holidays of that year are not announced yet.") % day


def _clock(row: Awaited, today: date, *, is_pressing: bool = False) -> dict[str, str]:
    """A date past the announced calendar is a lower bound, and is said to be one."""
    left = working_days_left(today, row.due_on)
    if row.due_on < today:
        # The calendar was not announced when the day was counted: its holidays may have moved it.
        return {"text": _overdue(-left) if row.is_due_final else _("May be overdue"), "tone": "stop"}
    if row.due_on == today:
        return {"text": _("Due today") if row.is_due_final else _("Due today at the earliest"), "tone": "stop"}
    tone = "due" if is_pressing or left <= SOON_WORKING_DAYS else "neutral"
    return {"text": _left(left) if row.is_due_final else _at_least(left), "tone": tone}


def _overdue(days: int) -> str:
    words = ngettext("Overdue by %(days)s working day", "Overdue by %(days)s working days", days)
    return words % {"days": days}


def _left(days: int) -> str:
    return ngettext("%(days)s working day left", "%(days)s working days left", days) % {"days": days}


def _at_least(days: int) -> str:
    words = ngettext("At least %(days)s working day left", "At least %(days)s working days left", days)
    return words % {"days": days}
