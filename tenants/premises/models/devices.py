"""Face recognition devices: what each is, how it was tested, and how people are told of it."""

from typing import Any

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.kinds import DeviceMode, DevicePurpose, DeviceState, Passersby, SuspensionReason
from tenants.premises.models.places import AccessPoint


def _percent(label: Any) -> models.DecimalField:
    return models.DecimalField(
        label,
        max_digits=7,
        decimal_places=4,
        null=True,
        blank=True,
        validators=[MinValueValidator(0), MaxValueValidator(100)],
    )


class Device(TenantOwned):
    """人脸识别设备: a terminal at a door. It pairs by a code that is shown once and stored hashed.

    What is not said yet stays empty; the gate names it before the device is switched on.
    """

    access_point = models.ForeignKey(
        AccessPoint, on_delete=models.PROTECT, related_name="devices", verbose_name=_("door")
    )
    name = models.CharField(_("Name"), max_length=80)
    vendor = models.CharField(_("Vendor"), max_length=80, blank=True)
    model = models.CharField(_("Model"), max_length=80, blank=True)
    serial = models.CharField(_("Serial number"), max_length=80, blank=True)
    mode = models.CharField(_("Mode"), max_length=10, choices=DeviceMode, default=DeviceMode.VERIFY)
    purpose = models.CharField(_("Purpose"), max_length=10, choices=DevicePurpose, default=DevicePurpose.ACCESS)
    algorithm = models.CharField(_("Algorithm"), max_length=80, blank=True)
    algorithm_version = models.CharField(_("Version of the algorithm"), max_length=40, blank=True)
    tested_on = models.DateField(_("Tested on"), null=True, blank=True)
    false_accept_percent = _percent(_("False accept rate (%)"))
    false_reject_percent = _percent(_("False reject rate (%)"))
    attack_success_percent = _percent(_("Successful attacks with a picture (%)"))
    capture_area = models.TextField(_("Capture area"), max_length=1000, blank=True)
    security_need = models.TextField(_("Why public security needs it"), max_length=1000, blank=True)
    passersby = models.CharField(_("What starts a capture"), max_length=10, choices=Passersby, blank=True)
    sign_photo_on = models.DateField(_("Photo of the sign"), null=True, blank=True, editable=False)
    state = models.CharField(_("State"), max_length=12, choices=DeviceState, default=DeviceState.REGISTERED)
    suspended_for = models.CharField(_("Suspended because"), max_length=20, choices=SuspensionReason, blank=True)
    state_changed_at = models.DateTimeField(_("Since"))
    pairing_hash = models.CharField(max_length=64, editable=False)
    pairing_issued_at = models.DateTimeField(_("Pairing code issued"))
    pairing_expires_at = models.DateTimeField(_("Pairing code valid until"), null=True, blank=True)
    pairing_used_at = models.DateTimeField(_("Paired"), null=True, blank=True)
    last_seen_at = models.DateTimeField(_("Last heard"), null=True, blank=True)
    created_at = models.DateTimeField(_("Registered"), auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("device")
        verbose_name_plural = _("devices")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "name"],
                # A retired one keeps its name in the record and leaves it to the one that comes after it.
                condition=~models.Q(state=DeviceState.RETIRED),
                name="device_name_once_in_use",
                violation_error_code="name_taken",
                violation_error_message=_("There is already a device of this name."),
            ),
            models.CheckConstraint(
                condition=~models.Q(mode=DeviceMode.IDENTIFY, passersby=Passersby.PRESENCE),
                name="no_search_among_everybody_in_view",
                violation_error_code="continuous_capture",
                violation_error_message=_(
                    "A device that searches among all (1:N) may not capture everybody in view (Measures Art 19)."
                ),
            ),
        ]


class DeviceSign(TenantOwned):
    """A dated photo of the sign at a device (Measures Art 13). Evidence: the earlier ones stay."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="signs", verbose_name=_("device"))
    taken_on = models.DateField(_("Taken on"))
    picture = models.BinaryField(_("Photo of the sign"))
    created_at = models.DateTimeField(_("Recorded"), auto_now_add=True)

    class Meta:
        ordering = ["-taken_on", "-created_at"]
        verbose_name = _("photo of a sign")
        verbose_name_plural = _("photos of signs")
