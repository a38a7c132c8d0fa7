"""Where things are: zones, access points with their methods, devices."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.kinds import PRIVATE_KINDS, DeviceMode, DeviceState, MethodKind, SuspensionReason, ZoneKind


class Zone(TenantOwned):
    """区域: a place in a property. Its kind decides whether a device may be there at all."""

    name = models.CharField(_("Name"), max_length=80)
    kind = models.CharField(_("Kind of place"), max_length=30, choices=ZoneKind)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="zone_name_once_per_property",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a zone of this name."),
            )
        ]

    @property
    def is_private(self) -> bool:
        return self.kind in PRIVATE_KINDS


class AccessPoint(TenantOwned):
    """通行点: a door, gate, lift or front desk."""

    zone = models.ForeignKey(Zone, on_delete=models.PROTECT, related_name="access_points", verbose_name=_("zone"))
    name = models.CharField(_("Name"), max_length=80)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("door")
        verbose_name_plural = _("doors")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="door_name_once_per_property",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a door of this name."),
            )
        ]


class AccessMethod(TenantOwned):
    """验证方式: one way to pass a door, and whether it works today."""

    access_point = models.ForeignKey(
        AccessPoint, on_delete=models.CASCADE, related_name="methods", verbose_name=_("door")
    )
    kind = models.CharField(_("Method"), max_length=10, choices=MethodKind)
    is_live = models.BooleanField(_("Works today"), default=True)
    out_of_order_since = models.DateTimeField(_("Out of order since"), null=True, blank=True)

    class Meta:
        ordering = ["kind"]
        verbose_name = _("method")
        verbose_name_plural = _("methods")
        constraints = [
            models.UniqueConstraint(
                fields=["access_point", "kind"],
                name="method_once_per_door",
                violation_error_message=_("This door already has this method."),
            )
        ]


class Device(TenantOwned):
    """人脸识别设备: a terminal at a door. Its credential is shown once and stored hashed."""

    access_point = models.ForeignKey(
        AccessPoint, on_delete=models.PROTECT, related_name="devices", verbose_name=_("door")
    )
    name = models.CharField(_("Name"), max_length=80)
    vendor = models.CharField(_("Vendor"), max_length=80, blank=True)
    model = models.CharField(_("Model"), max_length=80, blank=True)
    serial = models.CharField(_("Serial number"), max_length=80, blank=True)
    mode = models.CharField(_("Mode"), max_length=10, choices=DeviceMode, default=DeviceMode.VERIFY)
    state = models.CharField(_("State"), max_length=12, choices=DeviceState, default=DeviceState.REGISTERED)
    suspended_for = models.CharField(_("Suspended because"), max_length=20, choices=SuspensionReason, blank=True)
    state_changed_at = models.DateTimeField(_("Since"))
    credential_hash = models.CharField(max_length=64, editable=False)
    credential_issued_at = models.DateTimeField(_("Credential issued"))
    last_seen_at = models.DateTimeField(_("Last heard"), null=True, blank=True)
    created_at = models.DateTimeField(_("Registered"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                name="device_name_once_per_property",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a device of this name."),
            )
        ]
