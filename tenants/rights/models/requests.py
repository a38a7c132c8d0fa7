"""What somebody asks for, and how far it is."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.models import Person
from tenants.rights.kinds import IdentityProof, RefusalCode, RequestChannel, Requester, RequestKind, RequestState


class RightsRequest(TenantOwned):
    """个人信息权利请求: a data subject request, made without an account, at the desk, or from the personal page."""

    number = models.CharField(_("Number"), max_length=20, editable=False)
    code_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Made of the tracking code, which is not kept: what is sealed to it opens with the code alone.
    seal_key = models.BinaryField(max_length=32, default=b"", editable=False)
    kind = models.CharField(_("What is asked"), max_length=10, choices=RequestKind)
    state = models.CharField(_("State"), max_length=10, choices=RequestState, default=RequestState.RECEIVED)
    channel = models.CharField(_("Came by"), max_length=10, choices=RequestChannel, default=RequestChannel.FORM)
    language = models.CharField(_("Language"), max_length=10, default="zh-hans")
    asked_by = models.CharField(_("Asked by"), max_length=15, choices=Requester, default=Requester.SELF)
    relation = models.CharField(_("On what ground"), max_length=200, blank=True)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    contact = models.CharField(_("Phone or e-mail"), max_length=120, blank=True)
    room = models.CharField(_("Home or room"), max_length=40, blank=True)
    message = models.TextField(_("Message"), max_length=2000, blank=True)
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="requests", verbose_name=_("person")
    )
    received_at = models.DateTimeField(_("Received"), auto_now_add=True)
    entered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    assigned_to = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("Assigned to"),
    )  # fmt: skip

    # Who asks is proved once: by a code to the contact on file, the personal link, or at the desk (PIPL 50).
    identity_by = models.CharField(_("Identity proved by"), max_length=10, choices=IdentityProof, blank=True)
    identity_checked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+", editable=False
    )
    identity_checked_at = models.DateTimeField(_("Identity proved"), null=True, blank=True, editable=False)

    # The clock: Beijing dates, working days.
    due_on = models.DateField(_("Due"), editable=False)
    is_due_final = models.BooleanField(default=True, editable=False)
    paused_on = models.DateField(_("Paused since"), null=True, blank=True, editable=False)
    paused_days = models.PositiveSmallIntegerField(_("Working days paused"), default=0, editable=False)
    extended_on = models.DateField(_("Extended"), null=True, blank=True, editable=False)
    extension_reason = models.CharField(_("Reason of the extension"), max_length=500, blank=True)
    escalated_at = models.DateTimeField(_("Escalated"), null=True, blank=True, editable=False)
    reminded_on = models.DateField(null=True, blank=True, editable=False)

    merged_into = models.ForeignKey("self", on_delete=models.PROTECT, null=True, blank=True, related_name="merged")
    answer = models.TextField(_("Answer"), max_length=4000, blank=True)
    refusal_code = models.CharField(_("Reason of the refusal"), max_length=20, choices=RefusalCode, blank=True)
    refusal_article = models.CharField(_("Article"), max_length=60, blank=True)
    closed_at = models.DateTimeField(_("Closed"), null=True, blank=True, editable=False)
    # When its texts had outlived their clock (Property.request_days); that it was asked and answered stays.
    texts_erased_at = models.DateTimeField(_("Texts erased"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["due_on", "received_at"]
        verbose_name = _("request")
        verbose_name_plural = _("requests")
        indexes = [
            models.Index(
                fields=["tenant", "closed_at"],
                condition=Q(closed_at__isnull=False, texts_erased_at__isnull=True),
                name="request_keeps_texts",
            )
        ]
        constraints = [
            models.UniqueConstraint(fields=["tenant", "number"], name="request_number_once"),
            models.CheckConstraint(
                condition=~Q(state__in=["answered", "refused"]) | ~Q(answer=""),
                name="closed_request_has_answer",
                violation_error_message=_("A request is closed with an answer."),
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | (~Q(refusal_code="") & ~Q(refusal_article="")),
                name="refused_request_has_reason",
                violation_error_message=_("A refusal needs its reason and the article."),
            ),
            models.CheckConstraint(
                condition=~Q(state="merged") | Q(merged_into__isnull=False),
                name="merged_request_names_the_other",
                violation_error_message=_("A merged request names the one that goes on."),
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["confirmed", "answered"]) | ~Q(identity_by=""),
                name="answered_request_has_identity",
                violation_error_message=_("First prove who asks."),
            ),
        ]
