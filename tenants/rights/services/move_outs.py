"""Many people move out on one day: one list, one confirmation, one erasure for each."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.models import Person
from tenants.people.services.persons import lock_together
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Erasure
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.moving import may_handle

MOST_AT_ONCE = 200


@dataclass(frozen=True)
class Moved:
    """`is_new` is False when the same was under way before."""

    person: Person
    erasure: Erasure
    is_new: bool


@transaction.atomic
def move_out(*, tenant: Property, people: Sequence[Person], actor: User) -> list[Moved]:
    """Order the erasure of face and record for everybody on the list, all or nobody (PIPL 47: the purpose is reached).

    Pressing twice orders nothing twice. Raises ValidationError for an empty or too long list, for a record that was
    erased already, and for somebody who does not answer requests here.
    """
    if not people:
        raise ValidationError(_("Choose at least one person."), code="nobody")
    if len(people) > MOST_AT_ONCE:
        raise ValidationError(_("At most 200 people at once. Make two lists."), code="too_many")
    if not may_handle(tenant=tenant, user=actor):
        raise ValidationError(_("Your role does not answer requests here."), code="may_not")
    for person in people:
        require_same_tenant(tenant, person)
    hold_facts(tenant=tenant)
    lock_together(person.pk for person in people)
    rows = {row.pk: row for row in Person.objects.filter(tenant=tenant, pk__in=[person.pk for person in people])}
    if any(row.erased_at is not None for row in rows.values()):
        raise ValidationError(_("Somebody on the list was erased meanwhile. Look at the list again."), code="erased")
    before = set(Erasure.objects.filter(person__in=rows, completed_at__isnull=True).values_list("pk", flat=True))
    moved = []
    for _pk, person in sorted(rows.items()):
        erasure = order_erasure(
            tenant=tenant,
            person=person,
            reason=ErasureReason.STAY_ENDED,
            scope=ErasureScope.PERSON,
            approved_by=actor,
        )
        moved.append(Moved(person, erasure, is_new=erasure.pk not in before))
    return moved
