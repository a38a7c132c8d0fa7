"""What people ask for, and the evidence that a face was let go."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind, RequestState


class RightsRequest(TenantOwned):
    """个人信息权利请求: a data subject request, made without an account."""

    number = models.CharField(_("Number"), max_length=20, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    kind = models.CharField(_("What is asked"), max_length=10, choices=RequestKind)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.RECEIVED)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    contact = models.CharField(_("Phone or e-mail"), max_length=120, blank=True)
    room = models.CharField(_("Home or room"), max_length=40, blank=True)
    message = models.TextField(_("Message"), max_length=2000, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("person")
    )
    received_at = models.DateTimeField(_("Received"), auto_now_add=True)
    due_on = models.DateField(_("Due"), editable=False)
    is_due_final = models.BooleanField(default=True, editable=False)
    answer = models.TextField(_("Answer"), max_length=4000, blank=True)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True, editable=False)
    package_until = models.DateTimeField(_("Download until"), null=True, blank=True, editable=False)
    downloads = models.PositiveIntegerField(_("Downloads"), default=0, editable=False)

    class Meta:
        ordering = ["due_on", "received_at"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="request_number_once"),
            models.CheckConstraint(
                condition=Q(state__in=["received", "confirmed"]) | ~Q(answer=""),
                name="closed_request_has_answer",
                violation_error_message=_("A request is closed with an answer."),
            ),
        ]


class Erasure(TenantOwned):
    """删除: an order to erase. Evidence: kept, without a name, and never deleted by anyone."""

    person = models.ForeignKey(Person, on_delete=models.PROTECT, related_name="erasures")
    reason = models.CharField(_("Reason"), max_length=15, choices=ErasureReason)
    scope = models.CharField(_("What is erased"), max_length=10, choices=ErasureScope, default=ErasureScope.FACE)
    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, null=True, blank=True, related_name="erasures")
    ordered_at = models.DateTimeField(_("Ordered"))
    keys_destroyed = models.PositiveSmallIntegerField(_("Keys destroyed"), default=0)
    completed_at = models.DateTimeField(_("Completed"), null=True, blank=True)

    class Meta:
        ordering = ["-ordered_at"]
        verbose_name = _("erasure")
        verbose_name_plural = _("erasures")


class ErasureReceipt(TenantOwned):
    """One store's answer to an erasure: how many rows went, and when."""

    erasure = models.ForeignKey(Erasure, on_delete=models.PROTECT, related_name="receipts")
    store = models.CharField(_("Store"), max_length=40)
    erased = models.PositiveIntegerField(_("Erased"))
    remaining = models.PositiveIntegerField(_("Remaining"))
    at = models.DateTimeField(_("At"))

    class Meta:
        ordering = ["at"]
        verbose_name = _("receipt")
        verbose_name_plural = _("receipts")
        constraints = [models.UniqueConstraint(fields=["erasure", "store"], name="one_receipt_per_store")]
