"""The key hierarchy and the encrypted templates. Wrapped keys only; no key in clear is ever stored."""

import uuid

from django.db import models
from django.db.models import Q

from tenants.organizations.models import Handler
from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person


class HandlerKey(models.Model):
    """A handler's key, wrapped by the master key. Two handlers never share a key (ISO/IEC 24745).

    During a rotation a handler has two: the newest wraps, both open, and the older goes when it wraps nothing.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler = models.ForeignKey(Handler, on_delete=models.PROTECT, related_name="+")
    generation = models.PositiveIntegerField(default=1)
    wrapped = models.BinaryField()
    master = models.CharField(max_length=16, blank=True)  # the id of the master key that wraps it (master.fingerprint)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["handler", "generation"], name="one_handler_key_per_generation")]

    def __str__(self) -> str:
        return f"handler key {self.pk}"


class PersonKey(TenantOwned):
    """A person's key, wrapped by the handler's. Destroying it makes everything it sealed unreadable for ever."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    # The row that wraps it. As a foreign key the database itself keeps a handler's key that is still needed.
    handler_key = models.ForeignKey(HandlerKey, on_delete=models.PROTECT, related_name="+")
    wrapped = models.BinaryField(null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)
    destroyed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["person"], condition=Q(destroyed_at__isnull=True), name="one_living_key_per_person"
            ),
            models.CheckConstraint(
                condition=Q(destroyed_at__isnull=True, wrapped__isnull=False)
                | Q(destroyed_at__isnull=False, wrapped__isnull=True),
                name="destroyed_key_is_gone",
            ),
        ]


class FaceTemplate(TenantOwned):
    """人脸特征: one embedding, sealed under the person's key and bound to person and model version."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="+")
    key = models.ForeignKey(PersonKey, on_delete=models.PROTECT, related_name="+")
    model_version = models.CharField(max_length=120)
    sealed = models.BinaryField()
    created_at = models.DateTimeField(auto_now_add=True)


class GalleryEpoch(TenantOwned):
    """Moves on with every change of a property's faces, so that no worker matches from an old gallery."""

    epoch = models.PositiveBigIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["tenant"], name="one_epoch_per_property")]
