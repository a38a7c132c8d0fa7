"""Today: the figures, what needs someone in order of consequence, and how ready the property is.

Constant in queries: every device, door and request of the property is read once, in groups.
"""

from dataclasses import dataclass, field
from datetime import date, datetime

from django.db.models import Count, Q
from django.utils import timezone

from portal.web.reads import devices as device_reads
from portal.web.reads import premises, requests
from portal.web.reads.checks import SITE_CODES
from portal.web.reads.connections import recent_alarms
from recognition.edge.models import DeviceAlarm
from tenants.clearance.checks import Check, blockers
from tenants.clearance.services import check_devices, check_site
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.consents import oldest_valid_version
from tenants.premises.kinds import PRIVATE_KINDS, DeviceState
from tenants.premises.models import AccessPoint, Device
from tenants.rights.models import Erasure, RightsRequest

# More rows than a person reads; the rest is behind the link.
SHOWN = 20


@dataclass
class Facts:
    """What the page knows about one property, read once."""

    tenant: Property
    today: date
    site: list[Check]
    devices: list[tuple[Device, list[Check]]]
    closed_doors: list[AccessPoint]
    door_count: int
    people: dict[str, int]
    requests: dict[str, int]
    erasures: dict[str, int]
    alarms: list[DeviceAlarm] = field(default_factory=list)
    urgent: list[RightsRequest] = field(default_factory=list)
    waiting: list[Erasure] = field(default_factory=list)

    @property
    def suspended(self) -> list[Device]:
        return [device for device, _checks in self.devices if device.state == DeviceState.SUSPENDED]

    def blocked(self, state: DeviceState) -> list[tuple[Device, list[Check]]]:
        """Return the devices in this state that the gate refuses now, without what a row of its own says already."""
        closed = {door.pk for door in self.closed_doors} if state == DeviceState.REGISTERED else set()
        rows = []
        for device, checks in self.devices:
            # What blocks every device alike is said once, by the property's own rows.
            told = set(SITE_CODES)
            told |= {"face_only"} if device.access_point_id in closed else set()
            blocked = [check for check in blockers(checks) if check.code not in told]
            if device.state == state and blocked:
                rows.append((device, blocked))
        return rows

    @property
    def open_doors(self) -> int:
        return self.door_count - len(self.closed_doors)

    @property
    def site_blockers(self) -> list[Check]:
        return blockers(self.site)


def gather(tenant: Property) -> Facts:
    today = timezone.localdate()
    live = device_reads.devices(tenant).exclude(state=DeviceState.RETIRED).order_by("state_changed_at")
    devices = check_devices(tenant=tenant, devices=live)
    erasures = Erasure.objects.filter(tenant=tenant)
    # No device may be in a private place, so its doors need no other way.
    in_reach = premises.doors(tenant).exclude(zone__kind__in=PRIVATE_KINDS)
    open_requests = RightsRequest.objects.filter(requests.tabs(today)["open"], tenant=tenant)
    return Facts(
        tenant=tenant,
        today=today,
        site=check_site(tenant),
        devices=devices,
        closed_doors=list(in_reach.filter(has_other_way=False).select_related("zone").prefetch_related(None)),
        door_count=in_reach.count(),
        people=people(tenant),
        requests=requests.counts(tenant, today),
        erasures=erasures.aggregate(
            month=Count("pk", filter=Q(completed_at__gte=month_start(today))),
            waiting=Count("pk", filter=Q(completed_at__isnull=True)),
        ),
        alarms=list(recent_alarms(tenant).select_related("device")[:SHOWN]),
        urgent=list(open_requests.order_by("due_on", "received_at")[:SHOWN]),
        waiting=list(
            erasures.filter(completed_at__isnull=True).select_related("person").order_by("ordered_at")[:SHOWN]
        ),
    )


def month_start(today: date) -> datetime:
    return timezone.make_aware(datetime(today.year, today.month, 1))  # noqa: DTZ001 - made aware at once, in Beijing


def people(tenant: Property) -> dict[str, int]:
    """Return how many faces are enrolled and what people answered: agreed, declined, not answered.

    A withdrawn answer counts as declined, one to an outdated notice as not answered.
    """
    living = Person.objects.filter(tenant=tenant, erased_at__isnull=True)
    counts = living.aggregate(people=Count("pk"), enrolled=Count("pk", filter=Q(face_state=FaceState.ENROLLED)))
    latest = (
        Consent.objects.filter(tenant=tenant, purpose=ConsentPurpose.RECOGNITION, person__erased_at__isnull=True)
        .order_by("person_id", "-decided_at")
        .distinct("person_id")
        .values("pk")
    )
    oldest = oldest_valid_version(tenant)
    agrees = Q(decision=ConsentDecision.AGREE, withdrawn_at__isnull=True)
    holds = agrees & Q(notice__version__gte=oldest) if oldest is not None else Q(pk__in=[])
    answers = Consent.objects.filter(pk__in=latest).aggregate(
        agreed=Count("pk", filter=holds), declined=Count("pk", filter=~agrees)
    )
    return counts | answers | {"unanswered": counts["people"] - answers["agreed"] - answers["declined"]}
