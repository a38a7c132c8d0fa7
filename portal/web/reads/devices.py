"""Devices, what blocks them, and what happened to them."""

from typing import Any

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext_lazy

from portal.web.reads.connections import recent_alarms
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device, Zone
from tenants.premises.rules import test_faults

STATE_TONES = {
    DeviceState.REGISTERED: "info",
    DeviceState.ACTIVE: "ok",
    DeviceState.SUSPENDED: "stop",
    DeviceState.RETIRED: "neutral",
}
REASON_ARTICLES = {SuspensionReason.PRIVATE_PLACE: "Art 13", SuspensionReason.NO_ALTERNATIVE: "Art 10"}


def devices(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what their pages read about each."""
    return (
        Device.objects.filter(tenant=tenant)
        .select_related(f"access_point__zone__{Zone.CHAIN}", "tenant__handler")
        .prefetch_related("access_point__methods")
    )


def listed(tenant: Property) -> QuerySet[Device]:
    """Return the devices with what the list shows: also whether one had an alarm lately."""
    devices = Device.objects.filter(tenant=tenant).select_related(f"access_point__zone__{Zone.CHAIN}")
    return devices.annotate(has_alarm=Exists(recent_alarms(tenant).filter(device=OuterRef("pk"))))


FAULTS = {
    "untested": gettext_lazy("The test report is not complete"),
    "false_accept": gettext_lazy("Too many strangers are accepted"),
    "false_reject": gettext_lazy("Too many people are not recognised"),
    "attack_success": gettext_lazy("Too many attacks with a picture succeed"),
}


def report(device: Device) -> list[Any]:
    """Return in words what the test report of a device does not show (GA/T 1093-2023)."""
    values = (device.false_accept_percent, device.false_reject_percent, device.attack_success_percent)
    return [FAULTS[code] for code in test_faults(device.mode, *values)]
