"""通行凭证: the way through a door without a face. Nothing here can be turned back into a card number or a code."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import PassKind, PassState
from tenants.people.models.persons import Person
from tenants.premises.models import AccessPoint

_ACTIVE = Q(state=PassState.ACTIVE)


class Pass(TenantOwned):
    """One card, PIN or rotating QR of one person. It knows no consent and never asks for one (Measures Art 10)."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="passes")
    kind = models.CharField(_("Kind"), max_length=10, choices=PassKind)
    label = models.CharField(_("Label"), max_length=40, blank=True)
    state = models.CharField(_("State"), max_length=10, choices=PassState, default=PassState.ACTIVE)
    valid_from = models.DateField(_("Valid from"), null=True, blank=True)
    valid_until = models.DateField(_("Valid until"), null=True, blank=True)
    # A flag rather than "no rows": were the only door of a pass removed, it must not open every other one.
    is_for_all_doors = models.BooleanField(_("Opens every door"), default=True)
    card_hash = models.CharField(max_length=64, blank=True, editable=False)
    last4 = models.CharField(_("Last four"), max_length=4, blank=True, editable=False)
    pass_number = models.CharField(_("Personal number"), max_length=6, blank=True, editable=False)
    pin_hash = models.CharField(max_length=256, blank=True, editable=False)
    generation = models.PositiveIntegerField(default=1, editable=False)
    last_step = models.BigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(_("Issued"), auto_now_add=True)
    stopped_at = models.DateTimeField(_("Stopped"), null=True, blank=True, editable=False)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("pass")
        verbose_name_plural = _("passes")
        # A door looks a card up among the stopped ones too, to say that it was stopped.
        indexes = [models.Index(fields=["tenant", "card_hash"], condition=Q(kind=PassKind.CARD), name="card_at_a_door")]
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "card_hash"],
                condition=_ACTIVE & Q(kind=PassKind.CARD),
                name="card_active_once_per_property",
                violation_error_code="card_taken",
                violation_error_message=_("This card is in use already. Stop it there first."),
            ),
            models.UniqueConstraint(
                fields=["tenant", "pass_number"],
                condition=_ACTIVE & Q(kind=PassKind.PIN),
                name="pass_number_once_per_property",
                violation_error_message=_("This personal number is in use already."),
            ),
            models.UniqueConstraint(
                fields=["person", "kind"],
                condition=_ACTIVE & Q(kind__in=[PassKind.PIN, PassKind.QR]),
                name="one_pin_and_one_qr_per_person",
                violation_error_message=_("This person has one already."),
            ),
            models.CheckConstraint(
                condition=Q(valid_from__isnull=True)
                | Q(valid_until__isnull=True)
                | Q(valid_until__gte=models.F("valid_from")),
                name="pass_ends_after_it_begins",
                violation_error_code="dates",
                violation_error_message=_("The last day is before the first one."),
            ),
            models.CheckConstraint(
                condition=(Q(kind=PassKind.CARD) & ~Q(card_hash=""))
                | (Q(kind=PassKind.PIN) & ~Q(pass_number="") & ~Q(pin_hash=""))
                | Q(kind=PassKind.QR),
                name="pass_has_what_its_kind_needs",
                violation_error_message=_("This pass is incomplete."),
            ),
        ]


class PassDoor(TenantOwned):
    """One of the doors of a pass that is not for every door."""

    credential = models.ForeignKey(Pass, on_delete=models.CASCADE, related_name="doors")
    access_point = models.ForeignKey(AccessPoint, on_delete=models.CASCADE, related_name="+", verbose_name=_("door"))

    class Meta:
        verbose_name = _("door of a pass")
        verbose_name_plural = _("doors of passes")
        constraints = [
            models.UniqueConstraint(
                fields=["credential", "access_point"],
                name="door_once_per_pass",
                violation_error_message=_("This pass has this door already."),
            )
        ]
