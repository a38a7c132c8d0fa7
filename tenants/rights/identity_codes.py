"""One-time codes: how one is made, what of it is kept, and to whom it goes."""

import secrets
import uuid
from datetime import datetime, timedelta

from django.utils.crypto import salted_hmac

from tenants.people.kinds import AgeBand, PromptChannel
from tenants.people.models import Guardian, Person, PersonIdentity
from tenants.rights.kinds import Requester
from tenants.rights.models import IdentityCode, RightsRequest
from tenants.rights.rules.contacts import channel_of, plain_contact, same_words

DIGITS = 6
LIFETIME = timedelta(minutes=10)
# Clocks of two machines differ a little. One that was set back further makes no code live longer.
_SKEW = timedelta(minutes=1)


def new_code() -> str:
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}d}"


def hash_of(code_id: uuid.UUID | None, digits: str) -> str:
    """Hash a code with the portal's key and its own row: a copy of the database alone finds no six digits."""
    return salted_hmac("tenants.rights.identity_codes", f"{code_id}:{digits}", algorithm="sha256").hexdigest()


def is_live(code: IdentityCode, now: datetime) -> bool:
    return code.used_at is None and code.sent_at - _SKEW <= now < code.expires_at


def addressee(request: RightsRequest) -> tuple[Person, PromptChannel, str] | None:
    """Return whose data it is about, the channel and the address on file that a code goes to; None for the desk.

    The contact of the request must be on file. Of several people with the same one the name decides, then the
    room; who is still not the only one comes to the desk. A guardian is found by their own contact, and answers
    for the one child under 14 on record. A relative and a representative come to the desk.
    """
    channel = channel_of(request.contact)
    if channel is None or request.asked_by not in {Requester.SELF, Requester.GUARDIAN}:
        return None
    found = _only(request, with_contact(tenant_id=request.tenant_id, contact=request.contact))
    if found is None or found.person.died_on is not None:
        return None
    address = found.phone if channel == PromptChannel.SMS else found.email
    if request.asked_by == Requester.SELF:
        return found.person, channel, address
    child = _child_of(found.person)
    return None if child is None else (child, channel, address)


def with_contact(*, tenant_id: uuid.UUID, contact: str) -> list[PersonIdentity]:
    """Return who of a property has this contact, however both are written; nobody for what is no contact.

    Numbers are written in many ways, so their ends are looked up.
    """
    wanted = plain_contact(contact)
    if not wanted:
        return []
    rows = PersonIdentity.objects.filter(tenant_id=tenant_id, person__erased_at__isnull=True)
    rows = rows.select_related("person")
    if "@" in wanted:
        return [row for row in rows.exclude(email="") if plain_contact(row.email) == wanted]
    near = rows.exclude(phone="").filter(phone__iregex=r"\D*".join(wanted[-4:]) + r"\D*$")
    return [row for row in near if plain_contact(row.phone) == wanted]


def _only(request: RightsRequest, rows: list[PersonIdentity]) -> PersonIdentity | None:
    if len(rows) > 1:
        rows = [row for row in rows if same_words(row.name, request.name)]
    if len(rows) > 1:
        rows = [row for row in rows if same_words(row.room, request.room)]
    return rows[0] if len(rows) == 1 else None


def _child_of(guardian: Person) -> Person | None:
    rows = Guardian.objects.filter(guardian=guardian, ended_at__isnull=True).select_related("child")
    children = [row.child for row in rows if row.child.band == AgeBand.UNDER_14 and row.child.erased_at is None]
    return children[0] if len(children) == 1 else None
