"""Zones with their doors and methods, in a constant number of queries."""

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet

from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessMethod, AccessPoint, Device, Zone

OTHER_WAY = AccessMethod.objects.filter(access_point=OuterRef("pk"), is_live=True).exclude(kind=MethodKind.FACE)


def doors(tenant: Property) -> QuerySet[AccessPoint]:
    """Return the doors, each with `has_other_way` and `device_count` (retired ones do not count)."""
    return (
        AccessPoint.objects.filter(tenant=tenant)
        .annotate(
            has_other_way=Exists(OTHER_WAY),
            device_count=Count("devices", filter=~Q(devices__state=DeviceState.RETIRED), distinct=True),
        )
        .prefetch_related("methods")
    )


def zones(tenant: Property) -> QuerySet[Zone]:
    """Return the zones, each with its doors."""
    return Zone.objects.filter(tenant=tenant).prefetch_related(Prefetch("access_points", queryset=doors(tenant)))


def active_devices(zone: Zone) -> QuerySet[Device]:
    """Return the devices that a private place would stop."""
    return Device.objects.filter(tenant_id=zone.tenant_id, access_point__zone=zone, state=DeviceState.ACTIVE)
