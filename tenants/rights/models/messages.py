"""What is said about a request, between the person and the property and within the property."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import AttachmentKind, Delivery, MessageKind
from tenants.rights.models.requests import RightsRequest


class RequestMessage(TenantOwned):
    """A message to the person, from the person, or a note that only members read."""

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="messages")
    kind = models.CharField(_("Direction"), max_length=12, choices=MessageKind)
    text = models.TextField(_("Text"), max_length=4000, blank=True)
    template = models.CharField(_("Template"), max_length=30, blank=True)
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    at = models.DateTimeField(_("At"))
    # A message lies on the tracking page at once; the mail or SMS only says that it is there.
    delivery = models.CharField(_("Delivery"), max_length=10, choices=Delivery, default=Delivery.PAGE)
    attempts = models.PositiveSmallIntegerField(_("Tries"), default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)
    sent_at = models.DateTimeField(_("Sent"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["at"]
        verbose_name = _("message")
        verbose_name_plural = _("messages")


class RequestAttachment(TenantOwned):
    """A paper that belongs to a message: checked by its content, bounded, and gone at its date."""

    message = models.ForeignKey(RequestMessage, on_delete=models.PROTECT, related_name="attachments")
    name = models.CharField(_("File name"), max_length=120, blank=True)
    kind = models.CharField(_("Kind"), max_length=6, choices=AttachmentKind)
    content = models.BinaryField(_("Content"), default=b"", editable=False)
    sha256 = models.CharField(max_length=64, editable=False)
    size = models.PositiveIntegerField(_("Size"), editable=False)
    expires_at = models.DateTimeField(_("Kept until"), editable=False)
    erased_at = models.DateTimeField(_("Erased"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["name"]
        verbose_name = _("attachment")
        verbose_name_plural = _("attachments")


class IdentityCode(TenantOwned):
    """A one-time code to the contact on file. Whether there was one is told to nobody who asks."""

    request = models.ForeignKey(RightsRequest, on_delete=models.PROTECT, related_name="identity_codes")
    # Found by the worker that sends the code, and empty when the contact is nobody's: no page looks for it.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    code_hash = models.CharField(max_length=64, blank=True, editable=False)
    sent_at = models.DateTimeField(_("Sent"))
    expires_at = models.DateTimeField(_("Expires"))
    attempts = models.PositiveSmallIntegerField(_("Tries"), default=0, editable=False)
    used_at = models.DateTimeField(_("Used"), null=True, blank=True, editable=False)
    # For members only: a page that showed it would tell a stranger who is known here.
    delivery = models.CharField(
        _("Delivery"), max_length=10, choices=Delivery, default=Delivery.WAITING, editable=False
    )
    sends = models.PositiveSmallIntegerField(_("Tries to send"), default=0, editable=False)
    next_try_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-sent_at"]
        verbose_name = _("identity code")
        verbose_name_plural = _("identity codes")
