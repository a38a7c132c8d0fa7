"""How the platform runs: the figures of the start page, health, versions of models and keys."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from redis.exceptions import RedisError

from portal.admin.organizations import handlers_whose_contract
from portal.operations import announcements, clockwork, storage
from portal.operations import health as checks
from portal.operations import versions as counted
from portal.operations.models import FailedTask
from portal.security.alerts.kinds import AlertState
from portal.security.models import Alert
from tenants.organizations.models import EmergencyAccess, Handler, Property


def figures() -> dict[str, Any]:
    """Return what the start page shows above its menu: counts, and the contracts that end next. Constant in queries."""
    ending = handlers_whose_contract("ending", Handler.objects.all()).order_by("contract_ends_on")
    return {
        "handlers": Handler.objects.count(),
        "properties": Property.objects.count(),
        "failed": FailedTask.objects.filter(retried_at=None).count(),
        "alerts": Alert.objects.filter(tenant=None, state=AlertState.NEW).count(),
        "emergencies": EmergencyAccess.objects.standing().count(),
        "announcements": announcements.running().count(),
        "ending": list(ending[:5]),
        "ending_count": ending.count(),
        "over_count": handlers_whose_contract("over", Handler.objects.all()).count(),
    }


def health(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    try:
        entries = clockwork.entries()
    except (RedisError, OSError):
        entries = []
    now = timezone.now()
    late = set(checks.late_entries(entries, now))
    more = {
        "title": _("Health"),
        "findings": checks.findings(),
        "schedule": [{"entry": entry, "is_late": entry.name in late} for entry in entries],
        "groups": storage.groups(),
    }
    return TemplateResponse(request, "admin/health.html", context | more)


def versions(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    more = {"title": _("Versions of models and keys"), "found": counted.versions()}
    return TemplateResponse(request, "admin/versions.html", context | more)
