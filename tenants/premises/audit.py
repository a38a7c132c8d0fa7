"""Which fields of this room are logged."""

from auditlog.registry import auditlog

from tenants.premises.models import AccessMethod, AccessPoint, Device, DeviceSign, FloorPlan, PlanMark, Zone

TRACKED = {
    Zone: ["name", "kind", "parent", "level"],
    AccessPoint: ["zone", "name"],
    AccessMethod: [
        "access_point",
        "kind",
        "is_live",
        "out_of_order_since",
        "opens_at",
        "closes_at",
        "fee",
        "steps",
        "distance_m",
        "extra_papers",
    ],
    Device: [
        "access_point",
        "name",
        "vendor",
        "model",
        "serial",
        "mode",
        "purpose",
        "algorithm",
        "algorithm_version",
        "tested_on",
        "false_accept_percent",
        "false_reject_percent",
        "attack_success_percent",
        "capture_area",
        "security_need",
        "passersby",
        "sign_photo_on",
        "state",
        "suspended_for",
        "pairing_issued_at",
        "pairing_used_at",
    ],
    DeviceSign: ["device", "taken_on"],
    FloorPlan: ["zone", "width", "height"],
    PlanMark: ["plan", "zone", "door", "x", "y"],
}


def register() -> None:
    for model, fields in TRACKED.items():
        auditlog.register(model, include_fields=fields)
