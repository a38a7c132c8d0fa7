"""Many people from one table: identity only. Nobody is asked anything, and nothing about a face happens."""

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.audit import log_created
from tenants.organizations.limits import require_room
from tenants.organizations.models import Property, User
from tenants.organizations.sheets import CheckedRow, Rows
from tenants.people.documents import hash_document
from tenants.people.kinds import AgeBand
from tenants.people.models import Person, PersonIdentity
from tenants.people.rules.ages import band_of
from tenants.people.rules.sheets import PEOPLE
from tenants.people.services.persons import people_of

BATCH = 1_000
IDENTITY = ("name", "phone", "email", "room", "document_hash")


def check_people(*, tenant: Property, rows: Rows) -> list[CheckedRow]:
    """Return every row with what is wrong with it. Writes nothing; one query whatever the length.

    Who is on record already, here or in a row above, is found by the document, or by name, room and phone.
    """
    known: dict[Any, str] = {}
    for identity in PersonIdentity.objects.filter(tenant=tenant).select_related("person"):
        for key in _keys(identity.name, identity.room, identity.phone, identity.document_hash):
            known.setdefault(key, _("on record here as %(code)s") % {"code": identity.person.code})
    checked = []
    for number, cells in rows:
        row = PEOPLE.read_row(number, cells)
        _complete(row, tenant)
        _compare(row, tenant)
        if row.is_good:
            _find(row, known)
        checked.append(row)
    return checked


@transaction.atomic
def import_people(*, tenant: Property, actor: User, rows: Rows) -> int:
    """Add every row as a person, and return how many. Each is logged as if it had been added by hand.

    Raises ValidationError, code `rows`, when a row is not good, and `changed` when somebody was faster; then
    nothing is written.
    """
    with connection.cursor() as cursor:
        # One table at a time for each property, so that the same file sent twice is found out.
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"people:{tenant.pk}"])
    checked = check_people(tenant=tenant, rows=rows)
    if not all(row.is_good for row in checked):
        raise ValidationError(_("Some rows are not in order. Nobody was added."), code="rows")
    require_room(tenant=tenant, name="max_people", used=people_of(tenant).count, more=len(checked))
    people = [_person(tenant, row) for row in checked]
    identities = [_identity(tenant, person, row) for person, row in zip(people, checked, strict=True)]
    try:
        with transaction.atomic():
            Person.objects.bulk_create(people, batch_size=BATCH)
            PersonIdentity.objects.bulk_create(identities, batch_size=BATCH)
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody added people at the same moment. Nobody was added by this table."), code="changed"
        ) from error
    log_created(rows=[*people, *identities], actor=actor)
    return len(people)


def _complete(row: CheckedRow, tenant: Property) -> None:
    """Turn a date of birth into a band, a document into its hash, and ask for what tells people apart."""
    values, unread = row.values, {fact for fact, _why in row.errors}
    _age(row, unread)
    try:
        values["document_hash"] = hash_document(handler_id=tenant.handler_id, number=values.pop("document", ""))
    except ValidationError as broken:
        row.errors += [("document", text) for text in broken.messages]
    told = ("room", "phone", "email", "document")
    if not unread.intersection(told) and not any(row.cells.get(fact, "").strip() for fact in told):
        row.errors.append(("room", _("Give the room, the phone, or a document: names alone do not tell people apart.")))


def _age(row: CheckedRow, unread: set[str]) -> None:
    """Nobody's age is guessed: a grown-up is said to be one, and a child has a date, so that no birthday is missed."""
    values = row.values
    if born := values.pop("birth_date", None):
        try:
            values["age_band"], values["age_band_until"] = band_of(born, timezone.localdate())
        except ValueError:
            row.errors.append(("birth_date", _("Nobody alive was born on this day.")))
    elif not unread.intersection({"birth_date", "age_band"}) and values["age_band"] != AgeBand.ADULT:
        needed = _("Say that the person is grown up, or give the date of birth: a child's birthday may not be missed.")
        row.errors.append(("birth_date" if values["age_band"] else "age_band", needed))


def _compare(row: CheckedRow, tenant: Property) -> None:
    """Hold the values against the fields they go into, but for those that were not read."""
    unread = {fact for fact, _why in row.errors}
    for model in (Person, PersonIdentity):
        fields = {field.name for field in model._meta.fields}
        mine = {fact: value for fact, value in row.values.items() if fact in fields - unread}
        try:
            model(tenant=tenant, **mine).clean_fields(exclude=fields - set(mine))
        except ValidationError as broken:
            row.errors += [
                (name, " ".join(found.messages)) for name, errors in broken.error_dict.items() for found in errors
            ]


def _find(row: CheckedRow, known: dict[Any, str]) -> None:
    values = row.values
    keys = _keys(values["name"], values["room"], values["phone"], values["document_hash"])
    for key in keys:
        if key in known:
            fact = "document" if isinstance(key, str) else "name"
            row.errors.append((fact, _("This person is there already: %(where)s.") % {"where": known[key]}))
            return
    known.update(dict.fromkeys(keys, _("line %(number)s of this table") % {"number": row.number}))


def _keys(name: str, room: str, phone: str, document_hash: str) -> list[Any]:
    """Return by what a person is recognised: the document, and the name with a room or a phone."""
    return [
        *([document_hash] if document_hash else []),
        *([(name.casefold(), room.casefold(), phone)] if room or phone else []),
    ]


def _person(tenant: Property, row: CheckedRow) -> Person:
    return Person(tenant=tenant, **{fact: value for fact, value in row.values.items() if fact not in IDENTITY})


def _identity(tenant: Property, person: Person, row: CheckedRow) -> PersonIdentity:
    values: Mapping[str, Any] = {fact: row.values[fact] for fact in IDENTITY}
    return PersonIdentity(tenant=tenant, person=person, **values)
