"""Requests with their clock, and the people who may have asked."""

from datetime import date
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.people.services.minors import visible_to
from tenants.rights.kinds import RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules import OPEN_STATES, add_working_days, is_past_target, working_days_left

SOON_WORKING_DAYS = 5
STATE_TONES = {
    RequestState.RECEIVED: "info",
    RequestState.CONFIRMED: "info",
    RequestState.ANSWERED: "ok",
    RequestState.REFUSED: "neutral",
    RequestState.MERGED: "neutral",
    RequestState.TAKEN_BACK: "neutral",
}


def tabs(today: date, actor: User | None = None) -> dict[str, Q]:
    """Return the parts of the inbox. One request can stand in several: it is open, mine, and overdue as well.

    A request that waits for the person's proof is not late: its clock stands still.
    """
    is_open = Q(state__in=OPEN_STATES)
    soon = add_working_days(today, SOON_WORKING_DAYS).on
    runs = is_open & Q(paused_on__isnull=True)
    return {
        "open": is_open,
        "mine": is_open & (Q(assigned_to=actor) if actor is not None else Q(pk__in=[])),
        "proof": is_open & Q(state=RequestState.RECEIVED),
        "soon": runs & Q(due_on__gte=today, due_on__lte=soon),
        "overdue": runs & Q(due_on__lt=today),
        "escalated": is_open & Q(escalated_at__isnull=False),
        "closed": ~is_open,
    }


def counts(tenant: Property, today: date, actor: User | None = None) -> dict[str, int]:
    """Return how many requests each part of the inbox holds. One query."""
    wanted = {name: Count("pk", filter=condition) for name, condition in tabs(today, actor).items()}
    return RightsRequest.objects.filter(tenant=tenant).aggregate(**wanted)


def clock(request: RightsRequest, today: date) -> dict[str, Any]:
    """Say how long there is to answer: text and tone. A date past the announced calendar is a lower bound."""
    if request.state not in OPEN_STATES:
        return {"text": request.get_state_display(), "tone": STATE_TONES[RequestState(request.state)]}
    if request.paused_on is not None:
        return {"text": _("Waits for proof of identity"), "tone": "info"}
    left = working_days_left(today, request.due_on)
    if request.due_on < today:
        # The calendar was not announced when the day was counted: its holidays may have moved it.
        if not request.is_due_final:
            return {"text": _("May be overdue"), "tone": "stop"}
        return {"text": _("Overdue by %(days)s working days") % {"days": -left}, "tone": "stop"}
    if request.due_on == today:
        return {"text": _("Due today") if request.is_due_final else _("Due today at the earliest"), "tone": "stop"}
    if is_late(request):
        return {"text": _("Past the 24 hours"), "tone": "due"}
    tone = "due" if left <= SOON_WORKING_DAYS else "neutral"
    if request.is_due_final:
        return {"text": _("%(days)s working days left") % {"days": left}, "tone": tone}
    return {"text": _("At least %(days)s working days left") % {"days": left}, "tone": tone}


def is_late(request: RightsRequest) -> bool:
    """Say whether what ends the use of a face has waited for more than its 24 hours."""
    return is_past_target(
        kind=request.kind, state=request.state, proved_at=request.identity_checked_at, now=timezone.now()
    )


def due_sentence(request: RightsRequest) -> str:
    """Say until when it is to be answered; of a year that is not announced yet only the earliest day."""
    day = {"date": date_format(request.due_on, "DATE_FORMAT")}
    if request.is_due_final:
        return _("To be answered by %(date)s.") % day
    return _("The last day to answer is not before %(date)s; the holidays of that year are not announced yet.") % day


def candidates(tenant: Property, actor: User) -> QuerySet[Person]:
    """Return the people whom a request can be about: those whose identity is still there and open to this member.

    A minor's record is opened first, by a second member's yes (Minors Reg. 36).
    """
    rows = Person.objects.filter(tenant=tenant, erased_at__isnull=True, identity__isnull=False)
    return rows.filter(visible_to(tenant=tenant, actor=actor)).select_related("identity")


def suggestions(tenant: Property, request: RightsRequest, actor: User) -> QuerySet[Person]:
    """Return the people with the same contact, room or name as the request gives."""
    given = Q()
    if request.contact:
        given |= Q(identity__phone=request.contact) | Q(identity__email__iexact=request.contact)
    if request.room:
        given |= Q(identity__room=request.room)
    if request.name:
        given |= Q(identity__name=request.name)
    return candidates(tenant, actor).filter(given) if given else candidates(tenant, actor).none()


def whom(person: Person) -> str:
    """Return how a request's page names its person: a minor, and who was erased, by the code."""
    identity = getattr(person, "identity", None)
    return person.code if identity is None or person.is_minor else identity.name


def agreements(person: Person, request: RightsRequest) -> list[str]:
    """Say what of the request is the same as in this person's record."""
    identity, same = person.identity, []
    if request.contact and request.contact.lower() in {identity.phone.lower(), identity.email.lower()}:
        same.append(_("Same contact"))
    if request.name and request.name == identity.name:
        same.append(_("Same name"))
    if request.room and request.room == identity.room:
        same.append(_("Same room"))
    return same
