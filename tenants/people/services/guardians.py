"""Guardians of children: recorded by the desk, who saw what proves it; answering only by their own link."""

import uuid
from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.changes import person_changed
from tenants.people.kinds import AgeBand, KinshipEvidence, PersonKind, Relationship
from tenants.people.models import Guardian, Person, PersonIdentity
from tenants.people.services.links import GuardianVisit, Visit
from tenants.people.services.persons import add_person, lock_together, locked


@transaction.atomic
def add_guardian(
    *,
    tenant: Property,
    child: Person,
    guardian: Person,
    relationship: Relationship | str,
    evidence: KinshipEvidence | str,
    recorded_by: User,
    note: str = "",
) -> Guardian:
    """Record who answers for a child, and what was seen that shows it. No copy of it is kept.

    Raises ValidationError when the child is grown up, or the guardian is a minor, dead or the child.
    """
    require_same_tenant(tenant, child, guardian)
    lock_together([child.pk, guardian.pk])
    child, guardian = locked(tenant=tenant, person=child), locked(tenant=tenant, person=guardian)
    if not child.is_minor:
        raise ValidationError(_("This person is 18 or older and answers alone."), code="not_a_minor")
    if guardian.is_minor:
        raise ValidationError(
            {"guardian": ValidationError(_("A guardian is 18 or older."), code="guardian_is_a_minor")}
        )
    if guardian.died_on:
        raise ValidationError({"guardian": ValidationError(_("This person has died."), code="died")})
    row = Guardian(
        tenant=tenant,
        child=child,
        guardian=guardian,
        relationship=relationship,
        evidence=evidence,
        note=note.strip(),
        recorded_by=recorded_by,
    )
    row.full_clean()
    row.save()
    person_changed(person=child)
    return row


@transaction.atomic
def add_child(
    *,
    tenant: Property,
    guardian: Person,
    name: str,
    birth_date: date,
    relationship: Relationship | str,
    evidence: KinshipEvidence | str,
    recorded_by: User,
) -> Guardian:
    """Put a child on file, at the guardian's home, together with who answers for it.

    Raises ValidationError as `add_person` and `add_guardian` do: also for somebody who is 18 already.
    """
    require_same_tenant(tenant, guardian)
    room = PersonIdentity.objects.filter(person=guardian).values_list("room", flat=True).first() or ""
    child = add_person(
        tenant=tenant,
        name=name,
        kind=PersonKind.FAMILY,
        age_band=AgeBand.UNDER_14,
        birth_date=birth_date,
        room=room,
    )
    return add_guardian(
        tenant=tenant,
        child=child,
        guardian=guardian,
        relationship=relationship,
        evidence=evidence,
        recorded_by=recorded_by,
    )


@transaction.atomic
def end_guardian(*, tenant: Property, guardian: Guardian) -> Guardian:
    """End a guardianship; what this guardian agreed to for the child holds no longer. Twice changes nothing."""
    require_same_tenant(tenant, guardian)
    # The child first, as when an answer for the child is written down.
    lock_together([guardian.child_id])
    row = Guardian.objects.select_for_update(of=("self",)).select_related("child").get(pk=guardian.pk)
    if row.ended_at is None:
        row.ended_at = timezone.now()
        row.save()
        person_changed(person=row.child)
    return row


def children_of(visit: Visit) -> list[Guardian]:
    """Return the guardianships that the person at this page holds today, with the children. One query."""
    rows = Guardian.objects.filter(guardian=visit.person, ended_at__isnull=True, child__erased_at__isnull=True)
    return list(rows.select_related("child__identity"))


def open_for_child(visit: Visit, child: uuid.UUID) -> GuardianVisit:
    """Return the guardian's visit at a child's page, from the guardian's own visit. Raises Guardian.DoesNotExist.

    From the day after the 14th birthday it opens no more: the young person decides (PIPL 31).
    """
    if type(visit) is not Visit or visit.person.is_minor:
        raise Guardian.DoesNotExist
    row = Guardian.objects.select_related("child__identity").get(
        tenant=visit.tenant,
        guardian=visit.person,
        child_id=child,
        ended_at__isnull=True,
        child__erased_at__isnull=True,
    )
    if row.child.band != AgeBand.UNDER_14:
        raise Guardian.DoesNotExist
    return GuardianVisit(tenant=visit.tenant, person=row.child, link=visit.link, guardian=row)
