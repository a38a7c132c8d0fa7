"""Persons and their identities."""

import uuid
from collections.abc import Iterable
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import Max, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.limits import require_room
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.changes import face_moved, person_changed
from tenants.people.documents import hash_document
from tenants.people.kinds import AgeBand, FaceState, PersonKind
from tenants.people.models import Consent, Guardian, Person, PersonalLink, PersonIdentity
from tenants.people.rules.ages import BANDS_THAT_END, band_of, band_on, next_until
from tenants.people.rules.consents import TRANSITIONS

ONE_DAY = timedelta(days=1)


@transaction.atomic
def add_person(
    *,
    tenant: Property,
    name: str,
    age_band: AgeBand | str,
    kind: PersonKind | str = PersonKind.OWNER,
    birth_date: date | None = None,
    phone: str = "",
    email: str = "",
    room: str = "",
    stay_ends_on: date | None = None,
    document: str = "",
) -> Person:
    """Add a person with their identity. Nothing about a face happens here.

    A date of birth becomes a band with its last day and is dropped; of a document's number only a keyed hash is
    kept. Raises ValidationError, also when somebody under 18 comes without a date of birth, and when that document
    is on record here already.
    """
    require_room(tenant=tenant, name="max_people", used=people_of(tenant).count)
    band, until = _band(age_band, birth_date)
    person = Person(tenant=tenant, kind=kind, age_band=band, age_band_until=until, stay_ends_on=stay_ends_on)
    person.full_clean()
    person.save()
    identity = PersonIdentity(tenant=tenant, person=person, name=name, phone=phone, email=email, room=room)
    identity.document_hash = _document(tenant, person, document)
    _save(identity)
    return person


def people_of(tenant: Property) -> QuerySet[Person]:
    """Return those who count against the most people that a property may have: everybody not erased."""
    return Person.objects.filter(tenant=tenant, erased_at__isnull=True)


@transaction.atomic
def update_person(
    *,
    tenant: Property,
    person: Person,
    name: str,
    kind: PersonKind | str,
    age_band: AgeBand | str,
    birth_date: date | None = None,
    phone: str = "",
    email: str = "",
    room: str = "",
    stay_ends_on: date | None = None,
    document: str = "",
) -> Person:
    """Correct a person's record. A band that did not change keeps its last day, and no document the one on record.

    Raises ValidationError, also when the identity was erased, when another age under 18 comes without a date of
    birth, and when a guardian would become a minor.
    """
    person = locked(tenant=tenant, person=person)
    if birth_date is not None or age_band != person.band:
        person.age_band, person.age_band_until = _band(age_band, birth_date)
    if person.is_minor and Guardian.objects.filter(guardian=person, ended_at__isnull=True).exists():
        raise ValidationError(
            {"age_band": ValidationError(_("A guardian is 18 or older. End the guardianship first."), code="guardian")}
        )
    person.kind, person.stay_ends_on = kind, stay_ends_on
    person.full_clean()
    person.save()
    identity = person.identity
    identity.name, identity.phone, identity.email, identity.room = name, phone, email, room
    identity.document_hash = _document(tenant, person, document) or identity.document_hash
    _save(identity)
    person_changed(person=person)
    return person


@transaction.atomic
def restrict(*, tenant: Property, person: Person) -> Person:
    """Stop every use of a person's face while it is kept, because the person asked (PIPL 44). Twice changes nothing."""
    person = locked(tenant=tenant, person=person)
    if person.restricted_at is None:
        person.restricted_at = timezone.now()
        person.save()
        person_changed(person=person)
    return person


@transaction.atomic
def lift_restriction(*, tenant: Property, person: Person) -> Person:
    """End the restriction, because the person asked. The gate still has to say yes. Raises ValidationError."""
    person = locked(tenant=tenant, person=person)
    if person.restricted_at is None:
        raise ValidationError(_("The use of this face is not restricted."), code="not_restricted")
    person.restricted_at = None
    person.save()
    person_changed(person=person)
    return person


@transaction.atomic
def record_death(*, tenant: Property, person: Person, died_on: date) -> Person:
    """Record a confirmed death (PIPL 49). The face stops, personal links stop, and guardianships end.

    Raises ValidationError for a day to come.
    """
    require_same_tenant(tenant, person)
    answers_for = Guardian.objects.filter(guardian=person, ended_at__isnull=True)
    lock_together([person.pk, *answers_for.values_list("child_id", flat=True)])
    person = locked(tenant=tenant, person=person)
    if died_on > timezone.localdate():
        raise ValidationError({"died_on": ValidationError(_("This day is still to come."), code="future")})
    person.died_on = died_on
    person.save()
    for link in PersonalLink.objects.filter(person=person, revoked_at__isnull=True):
        link.revoked_at = timezone.now()
        link.save()
    for row in answers_for.select_related("child"):
        row.ended_at = timezone.now()
        row.save()
        person_changed(person=row.child)
    person_changed(person=person)
    return person


@transaction.atomic
def correct_death(*, tenant: Property, person: Person) -> Person:
    """Take back a death that was recorded by mistake. What was erased stays erased. Raises ValidationError."""
    person = locked(tenant=tenant, person=person)
    if person.died_on is None:
        raise ValidationError(_("No death is recorded."), code="not_recorded")
    person.died_on = None
    person.save()
    person_changed(person=person)
    return person


@transaction.atomic
def advance_bands(*, tenant: Property) -> int:
    """Write down the age of everybody whose band has ended, and have the gate judge them again; return how many.

    Nothing hangs on it: who asks always reckons with today. It makes lists right and the 14th birthday felt.
    """
    today = timezone.localdate()
    grown = list(Person.objects.filter(tenant=tenant, age_band_until__lt=today).select_for_update(skip_locked=True))
    for person in grown:
        while person.age_band_until is not None and person.age_band_until < today:
            following = next_until(person.age_band, person.age_band_until)
            person.age_band = band_on(person.age_band, person.age_band_until, person.age_band_until + ONE_DAY)
            person.age_band_until = following
        person.save()
        person_changed(person=person)
    return len(grown)


def lock_together(people: Iterable[uuid.UUID]) -> None:
    """Lock several persons in one order. Before any row that hangs on them, as when an answer is written down.

    Two transactions that need the same persons then wait for each other in turn, and never both.
    """
    rows = Person.objects.select_for_update().filter(pk__in=set(people)).order_by("pk")
    list(rows.values_list("pk"))


def locked(*, tenant: Property, person: Person) -> Person:
    """Return the row, locked. Raises ValidationError for another property's, and for an erased record."""
    require_same_tenant(tenant, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    return person


def _document(tenant: Property, person: Person, number: str) -> str:
    """Return the hash to keep. Raises ValidationError, beside its field, that names who has this document by code."""
    found = hash_document(handler_id=tenant.handler_id, number=number)
    others = PersonIdentity.objects.filter(tenant=tenant, document_hash=found).exclude(person=person)
    other = others.select_related("person").first() if found else None
    if other is not None:
        message = _("Somebody with this document is on record here already: %(code)s.")
        taken = ValidationError(message, code="document_taken", params={"code": other.person.code})
        raise ValidationError({"document": taken})
    return found


def _save(identity: PersonIdentity) -> None:
    """Save an identity; whoever adds the same document at the same moment gets the same answer."""
    identity.full_clean()
    try:
        with transaction.atomic():
            identity.save()
    except IntegrityError as error:
        message = _("Somebody with this document is on record here already.")
        raise ValidationError({"document": ValidationError(message, code="document_taken")}) from error


def _band(age_band: AgeBand | str, birth_date: date | None) -> tuple[AgeBand | str, date | None]:
    """Return the band and its last day; the date of birth ends here."""
    if birth_date is None and age_band in BANDS_THAT_END:
        message = _("For anybody under 18 write the date of birth. Only the age and the day it ends are kept.")
        raise ValidationError({"birth_date": ValidationError(message, code="required")})
    if birth_date is None:
        return age_band, None
    try:
        return band_of(birth_date, timezone.localdate())
    except ValueError as impossible:
        message = _("Nobody alive was born on this day.")
        raise ValidationError({"birth_date": ValidationError(message, code="birth_date")}) from impossible


@transaction.atomic
def move_face(*, person: Person, target: FaceState, enrolled_on: date | None = None) -> Person:
    """Move a face along its life: the one writer of `face_state`. Staying where it is changes nothing.

    Raises ValidationError for a step that the life of a face does not have.
    """
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.face_state == target and enrolled_on is None:
        return person
    if person.face_state != target and target not in TRANSITIONS[FaceState(person.face_state)]:
        raise ValidationError(
            _("A face that is “%(state)s” cannot become “%(target)s”."),
            code="wrong_state",
            params={"state": person.get_face_state_display(), "target": target.label},
        )
    before = FaceState(person.face_state)
    person.face_state = target
    if target == FaceState.ENROLLED:
        # A face that could not be used is not counted as unused: the days begin anew.
        person.face_last_used_on = timezone.localdate()
    if enrolled_on is not None:
        person.face_enrolled_on, person.face_stored = enrolled_on, person.tenant.storage_mode
    if target in {FaceState.CONSENTED, FaceState.ERASING, FaceState.ERASED}:
        person.face_enrolled_on, person.face_stored, person.face_last_used_on = None, "", None
    if target == FaceState.ERASING:
        # Not before any answer, though the clock was set back: none of them may outlive the face.
        latest = Consent.objects.filter(person=person).aggregate(latest=Max("decided_at"))["latest"]
        person.face_ended_at = max(filter(None, [timezone.now(), latest]))
    person.save()
    face_moved(person=person, before=before, after=target)
    return person
