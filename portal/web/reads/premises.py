"""Zones with their doors and methods, in a constant number of queries."""

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessMethod, AccessPoint, Zone
from tenants.premises.rules import BLOCKING, Inconvenience

OTHER_WAY = AccessMethod.objects.filter(access_point=OuterRef("pk"), is_live=True).exclude(kind=MethodKind.FACE)
WHY = {
    Inconvenience.COSTS_MONEY: gettext_lazy("costs money"),
    Inconvenience.NARROWER_HOURS: gettext_lazy("open for fewer hours"),
    Inconvenience.MORE_PAPERS: gettext_lazy("asks for more papers"),
    Inconvenience.ELSEWHERE: gettext_lazy("at another door"),
    Inconvenience.MORE_STEPS: gettext_lazy("takes more steps"),
}


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
    """Return the zones as a tree, each with its doors and `has_zones`."""
    return (
        Zone.objects.filter(tenant=tenant)
        .select_related(Zone.CHAIN)
        .annotate(has_zones=Exists(Zone.objects.filter(parent=OuterRef("pk"))))
        .prefetch_related(Prefetch("access_points", queryset=doors(tenant)))
        .in_tree()
    )


def flag(methods: Iterable[AccessMethod]) -> None:
    """Write on each method `why` it is not as convenient as the face, and `is_worse` where that counts (Art 10)."""
    for method in methods:
        method.why = why(method.inconveniences)
        method.is_worse = bool(BLOCKING.intersection(method.inconveniences))


def why(reasons: Iterable[Inconvenience]) -> str:
    return _(", ").join(str(WHY[reason]) for reason in reasons)
