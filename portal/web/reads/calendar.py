"""What will go when: the next ninety days, by week and kind. Sums of the database, whatever the number of rows."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from django.db.models import (
    Case,
    CharField,
    Count,
    DateField,
    DateTimeField,
    Expression,
    ExpressionWrapper,
    F,
    OuterRef,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Cast, Least, TruncDate
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from recognition.edge.models import DeviceAlarm
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import required_purposes
from tenants.rights.models import Complaint, Package, RequestAttachment, RightsRequest
from tenants.rights.retention_rules import UNUSED_DAYS, week_of

DAYS = 90
WEEKS = DAYS // 7 + 1
HELD = (FaceState.CAPTURED, FaceState.ENROLLED, FaceState.SUSPENDED)
REASONS: dict[str, str | Promise] = {
    "stay": _("Lease or stay ends"),
    "retention": _("The period for faces is over"),
    "unused": _("Not used for 180 days"),
    "consent": _("The period of the consent is over"),
}
KINDS: dict[str, str | Promise] = {
    "faces": _("Faces"),
    "events": _("Door events"),
    "texts": _("Texts of closed requests"),
    "packages": _("Packages and papers"),
    "alarms": _("Alarms of terminals"),
}


@dataclass
class Week:
    """Seven days from `begins`; the first week holds what is late as well. `counts` is by kind."""

    number: int
    begins: date
    ends: date
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(KINDS, 0))

    @property
    def cells(self) -> list[tuple[str | Promise, int]]:
        return [(KINDS[kind], count) for kind, count in self.counts.items()]


def weeks(tenant: Property, *, today: date | None = None) -> list[Week]:
    """Return the next ninety days by week. Six queries, whatever the number of rows."""
    today = today or timezone.localdate()
    found = [
        Week(number, today + timedelta(days=7 * number), today + timedelta(days=min(7 * number + 6, DAYS)))
        for number in range(WEEKS)
    ]
    last = today + timedelta(days=DAYS)
    for kind, days in _days(tenant, last).items():
        for day, count in days:
            if day <= last:
                found[min(week_of(day, today=today), WEEKS - 1)].counts[kind] += count
    return found


def faces_of(tenant: Property, *, week: int, today: date | None = None) -> QuerySet[Person]:
    """Return whose face goes in a week, each with `goes_on` and `goes_for`, a key of `REASONS`."""
    today = today or timezone.localdate()
    begins = today + timedelta(days=7 * week)
    rows = ending_faces(tenant).filter(goes_on__lt=min(begins + timedelta(days=7), today + timedelta(days=DAYS + 1)))
    return (rows.filter(goes_on__gte=begins) if week else rows).order_by("goes_on", "pk")


def ending_faces(tenant: Property) -> QuerySet[Person]:
    """Return the faces kept now with the day on which each goes: the day after its last one, and why."""
    ends: dict[str, Expression | F] = {
        "stay": F("stay_ends_on"),
        "retention": _plus("face_enrolled_on", tenant.face_days),
        "unused": _plus("face_last_used_on", UNUSED_DAYS),
    }
    for purpose in required_purposes(tenant.storage_mode):
        ends[f"consent_{purpose.value}"] = _consent_end(purpose)
    rows = Person.objects.filter(tenant=tenant, face_state__in=HELD)
    rows = rows.annotate(**{f"end_{name}": end for name, end in ends.items()})
    earliest = Least(*(F(f"end_{name}") for name in ends))
    rows = rows.annotate(last_day=earliest).filter(last_day__isnull=False)
    cases = [When(**{f"end_{name}": F("last_day")}, then=Value(name.partition("_")[0])) for name in ends]
    return rows.annotate(
        goes_on=_plus("last_day", 1), goes_for=Case(*cases, default=Value(""), output_field=CharField())
    )


def _plus(name: str, days: int) -> Expression:
    """A date and so many days; PostgreSQL adds whole days to a date."""
    return Cast(ExpressionWrapper(F(name) + timedelta(days=days), output_field=DateTimeField()), DateField())


def _consent_end(purpose: ConsentPurpose) -> Subquery:
    latest = Consent.objects.filter(
        person=OuterRef("pk"), purpose=purpose, decision=ConsentDecision.AGREE, withdrawn_at__isnull=True
    ).order_by("-decided_at")
    return Subquery(latest.values("ends_on")[:1])


def _days(tenant: Property, last: date) -> Mapping[str, list[tuple[date, int]]]:
    """Count what goes on each day, by kind."""
    faces = ending_faces(tenant).filter(goes_on__lte=last).order_by().values_list("goes_on").annotate(n=Count("pk"))
    packages = Package.objects.filter(tenant=tenant, erased_at__isnull=True, expires_at__isnull=False)
    papers = RequestAttachment.objects.filter(tenant=tenant, erased_at__isnull=True)
    closed = RightsRequest.objects.filter(tenant=tenant, closed_at__isnull=False, texts_erased_at__isnull=True)
    answered = Complaint.objects.filter(tenant=tenant, answered_at__isnull=False).exclude(text="")
    return {
        "faces": list(faces),
        "events": _by_day(DoorEvent.objects.filter(tenant=tenant), "at", tenant.event_days, last),
        "texts": _by_day(closed, "closed_at", tenant.request_days, last)
        + _by_day(answered, "answered_at", tenant.request_days, last),
        "packages": _by_day(packages, "expires_at", 0, last) + _by_day(papers, "expires_at", 0, last),
        "alarms": _by_day(DeviceAlarm.objects.filter(tenant=tenant), "last_at", tenant.alarm_days, last),
    }


def _by_day(rows: QuerySet[Any], at: str, days: int, last: date) -> list[tuple[date, int]]:
    """Return on which day how many rows go that are kept for so many days from `at`. One query."""
    before = last - timedelta(days=days - 1)
    counted = rows.filter(**{f"{at}__date__lt": before}).order_by().annotate(day=TruncDate(at)).values_list("day")
    return [(day + timedelta(days=days), count) for day, count in counted.annotate(n=Count("pk"))]
