"""Answers of the API that are kept for a day, so that a program may repeat what it does not know was done."""

from django.db import models
from django.utils import timezone

from tenants.organizations.scoping import TenantOwned


class KeptAnswer(TenantOwned):
    """What one caller ("token:<id>", "user:<id>") was answered under one idempotency key.

    Of the key and of the request only keyed hashes are here. `sealed` is the body, which nobody opens without the key
    itself; None once an erasure of the property has emptied it.
    """

    caller = models.CharField(max_length=50)
    key_hash = models.CharField(max_length=64)
    request_hash = models.CharField(max_length=64)
    status = models.PositiveSmallIntegerField()
    location = models.CharField(max_length=300, blank=True)
    sealed = models.BinaryField(null=True)
    created_at = models.DateTimeField(default=timezone.now)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["tenant", "caller", "key_hash"], name="one_answer_per_caller_and_key")
        ]
        indexes = [models.Index(fields=["created_at"], name="kept_answer_by_age")]
