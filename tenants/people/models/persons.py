"""Persons by a random id; who they are stands in a table of its own, which the face worker cannot read."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import StorageMode
from tenants.organizations.scoping import TenantOwned
from tenants.people.kinds import AgeBand, FaceState, LinkReason, PersonKind
from tenants.people.rules.ages import band_on


class Person(TenantOwned):
    """个人: the data subject, by a random id. No name, phone or room here (GB/T 35273 §6.3 b)."""

    kind = models.CharField(_("Kind"), max_length=10, choices=PersonKind, default=PersonKind.OWNER)
    # No default: somebody whose age nobody stated is not taken for a grown-up.
    age_band = models.CharField(_("Age"), max_length=10, choices=AgeBand)
    # Instead of a date of birth: the Beijing day after which the next band counts. Empty: it is not known.
    age_band_until = models.DateField(_("Last day of this age"), null=True, blank=True)
    stay_ends_on = models.DateField(_("Lease or stay ends"), null=True, blank=True)
    face_state = models.CharField(_("Face"), max_length=10, choices=FaceState, default=FaceState.INVITED)
    # Where the template is kept: the property's storage mode on the day of enrolment. Empty while there is none.
    face_stored = models.CharField(_("Face stored"), max_length=20, choices=StorageMode, blank=True, editable=False)
    face_enrolled_on = models.DateField(_("Enrolled"), null=True, blank=True, editable=False)
    # The Beijing day on which it last opened a door, or was enrolled or taken up again; written once a day at most.
    face_last_used_on = models.DateField(_("Face last used"), null=True, blank=True, editable=False)
    # Answers given before a face's life ended do not carry over to the next one.
    face_ended_at = models.DateTimeField(_("Face ended"), null=True, blank=True, editable=False)
    erased_at = models.DateTimeField(_("Identity erased"), null=True, blank=True, editable=False)
    restricted_at = models.DateTimeField(_("Use restricted"), null=True, blank=True, editable=False)
    died_on = models.DateField(_("Died"), null=True, blank=True, editable=False)
    created_at = models.DateTimeField(_("Added"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("person")
        verbose_name_plural = _("people")
        # One for each question that the sweeps ask of a property every minute, of the rows that can be an answer.
        indexes = [
            models.Index(
                fields=["tenant", "stay_ends_on"],
                condition=models.Q(face_state__in=["consented", "captured", "enrolled", "suspended"]),
                name="person_stay_ends",
            ),
            models.Index(
                fields=["tenant", "face_enrolled_on"],
                condition=models.Q(face_enrolled_on__isnull=False),
                name="person_face_enrolled",
            ),
            models.Index(
                fields=["tenant", "face_last_used_on"],
                condition=models.Q(face_state="enrolled"),
                name="person_face_used",
            ),
            models.Index(
                fields=["tenant", "id"],
                condition=models.Q(face_state__in=["captured", "suspended"]),
                name="person_face_waits",
            ),
            models.Index(
                fields=["tenant", "age_band_until"],
                condition=models.Q(age_band_until__isnull=False),
                name="person_age_ends",
            ),
        ]

    @property
    def code(self) -> str:
        """A short pseudonym for lists and logs."""
        return self.pk.hex[:8].upper()

    @property
    def band(self) -> AgeBand:
        """The age today in Beijing; `age_band` is the one that was written down."""
        return band_on(self.age_band, self.age_band_until, timezone.localdate())

    @property
    def is_minor(self) -> bool:
        """Under 18, or not known to be older (Minors Network Protection Regulation 2)."""
        return self.band != AgeBand.ADULT


class PersonIdentity(TenantOwned):
    """Who a person is. The recognition role has no right to this table."""

    person = models.OneToOneField(Person, on_delete=models.CASCADE, related_name="identity")
    name = models.CharField(_("Name"), max_length=80)
    phone = models.CharField(_("Phone"), max_length=40, blank=True)
    email = models.EmailField(_("E-mail"), blank=True)
    room = models.CharField(_("Home or room"), max_length=40, blank=True)
    # Finds somebody who is on record already (people/documents.py). The number itself is kept nowhere.
    document_hash = models.CharField(max_length=64, blank=True, editable=False)

    class Meta:
        verbose_name = _("identity")
        verbose_name_plural = _("identities")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "document_hash"],
                condition=~models.Q(document_hash=""),
                name="document_once_per_property",
                violation_error_code="document_taken",
                violation_error_message=_("Somebody with this document is on record here already."),
            )
        ]


class PersonalLink(TenantOwned):
    """The way to a personal page: a secret in a link, stored as a hash."""

    person = models.ForeignKey(Person, on_delete=models.CASCADE, related_name="links")
    token_hash = models.CharField(max_length=64, unique=True, editable=False)
    # Empty on links from before it was asked.
    reason = models.CharField(_("Why it was made"), max_length=15, choices=LinkReason, blank=True, editable=False)
    made_by = models.ForeignKey(
        "organizations.User",
        on_delete=models.PROTECT,
        null=True,
        editable=False,
        related_name="+",
        verbose_name=_("made by"),
    )
    expires_at = models.DateTimeField(_("Valid until"))
    revoked_at = models.DateTimeField(_("Revoked"), null=True, blank=True)
    created_at = models.DateTimeField(_("Made"), auto_now_add=True)

    class Meta:
        ordering = ["-created_at"]
        verbose_name = _("personal link")
        verbose_name_plural = _("personal links")
