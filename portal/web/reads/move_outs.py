"""Who is meant by a list of homes, phones, names and codes, and what goes with them. Constant in queries."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Q, QuerySet

from portal.web.reads.residents import HELD
from tenants.organizations.models import Property, User
from tenants.people.models import Consent, Pass, Person
from tenants.people.services.minors import visible_to
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.rights.rules.contacts import plain_contact
from tenants.rights.services import holds

_CODE = re.compile(r"[0-9A-Fa-f]{8}")


@dataclass
class Listed:
    """`doubtful` are people of whom several have the name that was written: nobody is ticked for the member."""

    people: list[Person] = field(default_factory=list)
    doubtful: list[Person] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)


def movable(tenant: Property) -> QuerySet[Person]:
    """Return everybody whose record is still there; a hidden minor is shown by the code alone."""
    return Person.objects.filter(tenant=tenant, erased_at__isnull=True).select_related("identity")


def resolve(*, tenant: Property, actor: User, words: list[str], picked: Iterable[Person]) -> Listed:
    """Find the people. By home, phone and name only those whose record is open to this member; by code everybody."""
    rows = movable(tenant).annotate(
        is_open_here=Exists(Person.objects.filter(visible_to(tenant=tenant, actor=actor), pk=OuterRef("pk")))
    )
    codes = [word.lower() for word in words if _CODE.fullmatch(word)]
    # Numbers are written in many ways, so their ends are looked up and compared as digits afterwards.
    ends = sorted({r"\D*".join(phone[-4:]) for word in words if (phone := plain_contact(word)).isdecimal()})
    wanted = Q(pk__in=[person.pk for person in picked])
    for code in codes:
        wanted |= Q(pk__startswith=code)
    by_identity = Q(identity__room__in=words) | Q(identity__name__in=words)
    if ends:
        by_identity |= Q(identity__phone__iregex=rf"(?:{'|'.join(ends)})\D*$")
    found = list(rows.filter(wanted | by_identity & Q(is_open_here=True)).order_by("identity__room", "pk"))
    return _sort(found, words, {person.pk for person in picked})


def _sort(found: list[Person], words: list[str], picked: set[object]) -> Listed:
    listed, sure, named = Listed(), set(picked), {}
    for word in words:
        exact = {p.pk for p in found if p.code == word.upper() or (p.is_open_here and _is_at(p, word))}
        by_name = {p.pk for p in found if p.is_open_here and _identity(p, "name") == word}
        if not exact and not by_name:
            listed.missing.append(word)
        elif exact or len(by_name) == 1:
            sure |= exact or by_name
        else:
            named |= dict.fromkeys(by_name)
    listed.people = [person for person in found if person.pk in sure]
    listed.doubtful = [person for person in found if person.pk in named and person.pk not in sure]
    return listed


def _is_at(person: Person, word: str) -> bool:
    phone = plain_contact(_identity(person, "phone"))
    return _identity(person, "room") == word or (bool(phone) and phone == plain_contact(word))


def _identity(person: Person, name: str) -> str:
    return str(getattr(getattr(person, "identity", None), name, ""))


@dataclass(frozen=True)
class Effects:
    """How much goes, and how much stays as evidence or is asked for still."""

    records: int
    faces: int
    passes: int
    answers: int
    requests: int
    holds: int
    under_way: frozenset[object]


def effects(tenant: Property, people: list[Person]) -> Effects:
    """Count what an erasure of all of them takes and leaves. Five queries."""
    keys = [person.pk for person in people]
    return Effects(
        records=len(people),
        faces=sum(person.face_state in HELD for person in people),
        passes=Pass.objects.filter(person__in=keys, stopped_at__isnull=True).count(),
        answers=Consent.objects.filter(person__in=keys).count(),
        requests=RightsRequest.objects.filter(person__in=keys, state__in=OPEN_STATES).count(),
        holds=holds.in_force(tenant=tenant).filter(Q(person__isnull=True) | Q(person__in=keys)).count(),
        under_way=frozenset(
            Erasure.objects.filter(person__in=keys, completed_at__isnull=True).values_list("person", flat=True)
        ),
    )
