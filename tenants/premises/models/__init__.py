"""Where things are, and which devices are there."""

from tenants.premises.models.devices import Device, DeviceSign
from tenants.premises.models.places import AccessMethod, AccessPoint, Zone, inside
from tenants.premises.models.plans import FloorPlan, PlanMark

__all__ = ["AccessMethod", "AccessPoint", "Device", "DeviceSign", "FloorPlan", "PlanMark", "Zone", "inside"]
