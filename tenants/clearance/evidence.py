"""Keep the gate's answers, and tell what it answered on a past day."""

import uuid
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from django.db.models import Q
from django.utils import timezone

from tenants.clearance.checks import Check, blockers
from tenants.clearance.models import Clearance
from tenants.clearance.rules.endings import Ending, threatened
from tenants.people.models import Person
from tenants.premises.models import Device


def keep(*, subject: Device | Person, checks: list[Check]) -> None:
    """Write the answer about one device or person down, when it differs from the last one."""
    keep_all([(subject, checks)])


def keep_all(answers: Sequence[tuple[Device | Person, list[Check]]]) -> None:
    """Write the answers down that differ from the last ones. Two queries, whatever the number; one kind at a time."""
    if not answers:
        return
    field = "device" if isinstance(answers[0][0], Device) else "person"
    latest = (
        Clearance.objects.filter(**{f"{field}__in": [subject.pk for subject, _checks in answers]})
        .order_by(f"{field}_id", "-answered_at")
        .distinct(f"{field}_id")
    )
    known = dict(latest.values_list(f"{field}_id", "blockers"))
    now = timezone.now()
    rows = []
    for subject, checks in answers:
        codes = [check.code for check in blockers(checks)]
        if known.get(subject.pk) != codes:
            row = Clearance(tenant_id=subject.tenant_id, is_allowed=not codes, blockers=codes, answered_at=now)
            setattr(row, field, subject)
            rows.append(row)
    Clearance.objects.bulk_create(rows)


def on_day(*, subject: Device | Person, day: date) -> list[Clearance]:
    """Return the answers that held on a Beijing day, oldest first: the one it began with, and each change in it."""
    begins = timezone.make_aware(datetime.combine(day, time.min))
    rows = Clearance.objects.filter(_about(subject)).order_by("answered_at")
    before = rows.filter(answered_at__lt=begins).last()
    during = list(rows.filter(answered_at__gte=begins, answered_at__lt=begins + timedelta(days=1)))
    return [before, *during] if before else during


def threatened_since(people: Sequence[Person]) -> dict[uuid.UUID, dict[Ending, date]]:
    """Return for each of these people since which Beijing day each end of the face has been threatened. One query.

    An answer without it in between begins the grace anew.
    """
    since: dict[uuid.UUID, dict[Ending, date]] = {person.pk: {} for person in people}
    rows = Clearance.objects.filter(person__in=list(since)).order_by("answered_at")
    for person_id, codes, answered_at in rows.values_list("person_id", "blockers", "answered_at"):
        if person_id is not None:
            day, before = timezone.localdate(answered_at), since[person_id]
            since[person_id] = {end: before.get(end, day) for end in threatened(codes)}
    return since


def _about(subject: Device | Person) -> Q:
    return Q(device=subject) if isinstance(subject, Device) else Q(person=subject)
