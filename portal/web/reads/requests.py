"""Requests with their clock, and the people who may have asked."""

from copy import copy
from datetime import date

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext as _

from portal.web.reads.due import SOON_WORKING_DAYS
from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.people.services.minors import RecordClosed, record_opening, visible_to
from tenants.rights.identity_codes import with_contact
from tenants.rights.kinds import RequestState
from tenants.rights.models import RightsRequest
from tenants.rights.rules import OPEN_STATES, add_working_days
from tenants.rights.rules.contacts import plain_contact, same_words


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
        "all": Q(),
    }


def counts(tenant: Property, today: date, actor: User | None = None) -> dict[str, int]:
    """Return how many requests each part of the inbox holds. One query."""
    wanted = {name: Count("pk", filter=condition) for name, condition in tabs(today, actor).items()}
    return RightsRequest.objects.filter(tenant=tenant).aggregate(**wanted)


def open_record(request: RightsRequest, actor: User) -> bool:
    """Say whether this member may read what a request says, and write an opening down.

    What is written about somebody under 18 is part of their record, which a second member opens (Minors Reg. 36).
    """
    try:
        require_open_record(request, actor)
    except RecordClosed:
        return False
    return True


def require_open_record(request: RightsRequest, actor: User) -> None:
    """Write an opening of a minor's record down. Raises RecordClosed without a second member's yes."""
    if request.person is not None:
        record_opening(actor=actor, person=request.person)


def without_texts(request: RightsRequest) -> RightsRequest:
    """Return a request for a page on which its record is closed: its clock and its steps, and nothing written. Not to
    be saved."""
    shown = copy(request)
    for field in ("name", "contact", "room", "message", "relation", "extension_reason", "answer"):
        setattr(shown, field, "")
    shown.is_record_closed = True
    return shown


def candidates(tenant: Property, actor: User) -> QuerySet[Person]:
    """Return the people whom a request can be about: those whose identity is still there and open to this member.

    A minor's record is opened first, by a second member's yes (Minors Reg. 36).
    """
    rows = Person.objects.filter(tenant=tenant, erased_at__isnull=True, identity__isnull=False)
    return rows.filter(visible_to(tenant=tenant, actor=actor)).select_related("identity")


def suggestions(tenant: Property, request: RightsRequest, actor: User) -> QuerySet[Person]:
    """Return the people with the same contact, room or name as the request gives."""
    given = Q()
    if same := with_contact(tenant_id=tenant.pk, contact=request.contact):
        given |= Q(pk__in=[identity.person_id for identity in same])
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
    contact = plain_contact(request.contact)
    if contact and contact in {plain_contact(identity.phone), plain_contact(identity.email)}:
        same.append(_("Same contact"))
    if request.name and same_words(request.name, identity.name):
        same.append(_("Same name"))
    if request.room and same_words(request.room, identity.room):
        same.append(_("Same room"))
    return same
