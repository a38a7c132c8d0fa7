"""Persons and their identities."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import AgeBand, FaceState, PersonKind
from tenants.people.models import Person, PersonIdentity
from tenants.people.rules.consents import TRANSITIONS


@transaction.atomic
def add_person(
    *,
    tenant: Property,
    name: str,
    kind: PersonKind | str = PersonKind.RESIDENT,
    age_band: AgeBand | str = AgeBand.ADULT,
    phone: str = "",
    email: str = "",
    room: str = "",
    stay_ends_on: date | None = None,
) -> Person:
    """Add a person with their identity. Nothing about a face happens here. Raises ValidationError."""
    person = Person(tenant=tenant, kind=kind, age_band=age_band, stay_ends_on=stay_ends_on)
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
    phone: str = "",
    email: str = "",
    room: str = "",
    stay_ends_on: date | None = None,
) -> Person:
    """Correct a person's record. Raises ValidationError, also when the identity was erased."""
    require_same_tenant(tenant, person)
    person = Person.objects.select_for_update().get(pk=person.pk)
    if person.erased_at:
        raise ValidationError(_("This person's record was erased."), code="erased")
    person.kind, person.age_band, person.stay_ends_on = kind, age_band, stay_ends_on
    person.full_clean()
    person.save()
    identity = person.identity
    identity.name, identity.phone, identity.email, identity.room = name, phone, email, room
    identity.full_clean()
    identity.save()
    return person


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
