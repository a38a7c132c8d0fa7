"""Persons and their identities."""

from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.changes import person_changed
from tenants.people.kinds import AgeBand, FaceState, PersonKind
from tenants.people.models import Guardian, Person, PersonalLink, PersonIdentity
from tenants.people.rules.ages import band_of, band_on, next_until
from tenants.people.rules.consents import TRANSITIONS

ONE_DAY = timedelta(days=1)


@transaction.atomic
def add_person(
    *,
    tenant: Property,
    name: str,
    kind: PersonKind | str = PersonKind.OWNER,
    age_band: AgeBand | str = AgeBand.ADULT,
    birth_date: date | None = None,
    phone: str = "",
    email: str = "",
    room: str = "",
    stay_ends_on: date | None = None,
) -> Person:
    """Add a person with their identity. Nothing about a face happens here.

    A date of birth becomes a band with its last day and is dropped. Raises ValidationError.
    """
    band, until = _band(age_band, birth_date)
    person = Person(tenant=tenant, kind=kind, age_band=band, age_band_until=until, stay_ends_on=stay_ends_on)
    person.full_clean()
    person.save()
    identity = PersonIdentity(tenant=tenant, person=person, name=name, phone=phone, email=email, room=room)
    identity.full_clean()
    identity.save()
    return person


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
) -> Person:
    """Correct a person's record. A band that did not change keeps its last day.

    Raises ValidationError, also when the identity was erased, and when a guardian would become a minor.
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
    identity.full_clean()
    identity.save()
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
    person = locked(tenant=tenant, person=person)
    if died_on > timezone.localdate():
        raise ValidationError({"died_on": ValidationError(_("This day is still to come."), code="future")})
    person.died_on = died_on
    person.save()
    for link in PersonalLink.objects.filter(person=person, revoked_at__isnull=True):
        link.revoked_at = timezone.now()
        link.save()
    for row in Guardian.objects.filter(guardian=person, ended_at__isnull=True).select_related("child"):
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


def locked(*, tenant: Property, person: Person) -> Person:
    """Return the row, locked. Raises ValidationError for another property's, and for an erased record."""
    require_same_tenant(tenant, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    return person


def _band(age_band: AgeBand | str, birth_date: date | None) -> tuple[AgeBand | str, date | None]:
    """Return the band and its last day; the date of birth ends here."""
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
    person.face_state = target
    if enrolled_on is not None:
        person.face_enrolled_on = enrolled_on
    if target in {FaceState.ERASING, FaceState.ERASED}:
        person.face_enrolled_on = None
    if target == FaceState.ERASING:
        person.face_ended_at = timezone.now()
    person.save()
    return person
