"""A terminal's public keys, and what makes a replayed or copied one show."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.premises.models import Device

KEY_BYTES = 32


class DeviceKey(TenantOwned):
    """The public halves of the keys that a terminal generated; the private ones never left it."""

    device = models.ForeignKey(Device, on_delete=models.PROTECT, related_name="keys", verbose_name=_("device"))
    thumbprint = models.CharField(_("Thumbprint"), max_length=32)
    signing_key = models.BinaryField()  # Ed25519, 32 bytes
    sealing_key = models.BinaryField()  # X25519, 32 bytes
    boot = models.CharField(max_length=32, blank=True)  # the run of the terminal's software that spoke last
    paired_at = models.DateTimeField(_("Since"))
    revoked_at = models.DateTimeField(_("Stopped"), null=True, blank=True)
    is_copied = models.BooleanField(default=False)

    class Meta:
        ordering = ["-paired_at"]
        verbose_name = _("device key")
        verbose_name_plural = _("device keys")
        constraints = [
            models.UniqueConstraint(
                fields=["device"], condition=Q(revoked_at__isnull=True), name="one_living_key_per_device"
            ),
            models.UniqueConstraint(fields=["tenant", "thumbprint"], name="device_key_once"),
        ]


class DeviceBoot(TenantOwned):
    """An earlier run of a terminal's software. One that speaks again is another machine with the same key."""

    key = models.ForeignKey(DeviceKey, on_delete=models.CASCADE, related_name="boots")
    boot = models.CharField(max_length=32)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "boot"], name="device_boot_once")]


class DeviceNonce(TenantOwned):
    """A nonce that was used. Kept for as long as its request would still be fresh, then swept."""

    key = models.ForeignKey(DeviceKey, on_delete=models.CASCADE, related_name="+")
    nonce = models.CharField(max_length=120)
    at = models.DateTimeField(db_index=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "nonce"], name="device_nonce_once")]
