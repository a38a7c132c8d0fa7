"""The duties that the gate does not ask for: people are answered in time, and what was ordered gone is gone."""

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.clearance import duties as gate
from tenants.clearance.duties import Duty, Group, Judged, Status
from tenants.organizations.models import Property
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.rules import OPEN_STATES


def readiness(tenant: Property, *, judged: Judged | None = None) -> list[Duty]:
    """Return every duty of a property, the gate's and people's rights. Four queries, whatever the size."""
    return [*gate.duties(tenant, judged=judged), _requests(tenant), _erasures(tenant)]


def _requests(tenant: Property) -> Duty:
    found = RightsRequest.objects.filter(tenant=tenant, state__in=OPEN_STATES).aggregate(
        total=Count("pk"), broken=Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    )
    return Duty(
        code="requests_overdue",
        group=Group.PEOPLE,
        status=Status.DUE if found["broken"] else Status.MET,
        title=_("Requests are overdue") if found["broken"] else _("Requests are answered in time"),
        detail=_("People are answered within fifteen working days."),
        article="PIPL 50",
        evidence=_("%(open)s open, %(overdue)s overdue") % {"open": found["total"], "overdue": found["broken"]},
        broken=found["broken"],
        total=found["total"],
    )


def _erasures(tenant: Property) -> Duty:
    found = Erasure.objects.filter(tenant=tenant).aggregate(
        total=Count("pk"), broken=Count("pk", filter=Q(completed_at__isnull=True))
    )
    return Duty(
        code="erasures_waiting",
        group=Group.PEOPLE,
        status=Status.DUE if found["broken"] else Status.MET,
        title=_("Erasures wait for receipts") if found["broken"] else _("Erasures are complete"),
        detail=_("The face opens nothing since the order; it is gone everywhere when the last receipt is in."),
        article="PIPL 47",
        evidence=_("%(done)s of %(total)s complete")
        % {"done": found["total"] - found["broken"], "total": found["total"]},
        broken=found["broken"],
        total=found["total"],
    )
