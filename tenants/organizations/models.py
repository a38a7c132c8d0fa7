"""Who decides (Handler), where (Property: the tenant), and who works there (Membership)."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.core.validators import MaxValueValidator, MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from guardian.mixins import GuardianUserMixin
from guardian.models import UserObjectPermissionBase

from tenants.organizations import actors
from tenants.organizations.kinds import PhotoQuality, PropertyKind, StorageMode
from tenants.organizations.limits import Limited
from tenants.organizations.notifications import Notification, NotificationSettings
from tenants.organizations.oversight import AccessReview, EmergencyAccess
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import TenantOwned

__all__ = [
    "AccessReview",
    "EmergencyAccess",
    "Handler",
    "Membership",
    "Notification",
    "NotificationSettings",
    "Property",
    "PropertyUserPermission",
    "User",
    "UserManager",
]


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: object) -> "User":
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: object) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


class User(AbstractBaseUser, PermissionsMixin, GuardianUserMixin):
    """A member of properties, or platform staff. Signs in by e-mail."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    email = models.EmailField(_("E-mail"), unique=True)
    name = models.CharField(_("Name"), max_length=80, blank=True)
    is_staff = models.BooleanField(_("Platform staff"), default=False)
    is_active = models.BooleanField(_("Active"), default=True)
    date_joined = models.DateTimeField(_("Joined"), auto_now_add=True)
    # When the letter was sent by which somebody without a password sets the first one.
    invited_at = models.DateTimeField(null=True, blank=True, editable=False)

    objects = UserManager()
    USERNAME_FIELD = EMAIL_FIELD = "email"

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    def __str__(self) -> str:
        return self.name or self.email

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({})

    def get_full_name(self) -> str:
        return self.name or self.email

    @property
    def invited_until(self) -> datetime | None:
        """When the invitation of somebody who has no password yet is over, None for everybody else."""
        if self.invited_at is None or self.has_usable_password():
            return None
        return self.invited_at + timedelta(days=settings.INVITATION_DAYS)


class Handler(Limited):
    """个人信息处理者: the legal entity that decides purpose and method (PIPL 73; Measures Art 19)."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    name = models.CharField(_("Registered name"), max_length=120, unique=True)
    credit_code = models.CharField(
        _("Unified social credit code"),
        max_length=18,
        unique=True,
        validators=[RegexValidator(r"^[0-9A-HJ-NPQRTUWXY]{18}$", _("18 characters, as on the licence."))],
    )
    contact_name = models.CharField(_("Contact"), max_length=80)
    contact_phone = models.CharField(_("Contact phone"), max_length=40)
    contact_email = models.EmailField(_("Contact e-mail"), blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    # The portal's provider is an entrusted processor: without a contract it may process nothing (PIPL 21).
    contract_signed_on = models.DateField(_("Processing contract signed"), null=True, blank=True)
    contract_ends_on = models.DateField(_("Processing contract ends"), null=True, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["name"]
        verbose_name = _("handler")
        verbose_name_plural = _("handlers")

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({})

    def __str__(self) -> str:
        return self.name


class Property(Limited):
    """物业项目: one compound or hotel. The tenant."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    handler = models.ForeignKey(Handler, on_delete=models.PROTECT, related_name="properties", verbose_name=_("handler"))
    slug = models.SlugField(_("Address name"), max_length=60, unique=True)
    kind = models.CharField(_("Kind"), max_length=20, choices=PropertyKind)
    name = models.CharField(_("Chinese name"), max_length=80)
    name_en = models.CharField(_("English name"), max_length=80, blank=True)
    address = models.CharField(_("Address"), max_length=200, blank=True)
    storage_mode = models.CharField(
        _("Where faces are stored"), max_length=20, choices=StorageMode, default=StorageMode.ON_DEVICE
    )
    face_days = models.PositiveSmallIntegerField(
        _("Days a face is kept"), default=180, validators=[MinValueValidator(1), MaxValueValidator(365)]
    )
    event_days = models.PositiveSmallIntegerField(
        _("Days a door event is kept"), default=90, validators=[MinValueValidator(30), MaxValueValidator(180)]
    )
    # What somebody wrote in a request, after it was closed; that it was answered stays as evidence.
    request_days = models.PositiveSmallIntegerField(
        _("Days the text of a closed request is kept"),
        default=180,
        validators=[MinValueValidator(30), MaxValueValidator(1095)],
    )
    # Security logs for at least six months (Cybersecurity Law 21(3)), of which the longest has 184 days.
    alarm_days = models.PositiveSmallIntegerField(
        _("Days an alarm of a terminal is kept"),
        default=184,
        validators=[MinValueValidator(184), MaxValueValidator(365)],
    )
    allows_under_14 = models.BooleanField(_("Faces of children under 14"), default=False)
    face_quality = models.CharField(
        _("How good a photo must be"), max_length=10, choices=PhotoQuality, default=PhotoQuality.STANDARD
    )
    # Where people complain about this property: the local authority, beside the hot lines of the whole country.
    authority_name = models.CharField(_("Local authority"), max_length=80, blank=True)
    authority_phone = models.CharField(_("Its phone"), max_length=40, blank=True)
    authority_address = models.CharField(_("Its address"), max_length=200, blank=True)
    authority_url = models.URLField(_("Its website"), max_length=200, blank=True)
    # One switch for an injunction or an inspection (Civil Code 997): every face of the property opens nothing.
    faces_stopped_at = models.DateTimeField(_("All faces stopped"), null=True, blank=True, editable=False)
    faces_stopped_for = models.CharField(_("Stopped because"), max_length=200, blank=True, editable=False)
    # The Beijing day on which the gate last judged every device and face: dates pass without anybody acting.
    judged_on = models.DateField(null=True, blank=True, editable=False)
    # The facts the gate has judged, and those there are: unequal, the next sweep judges this property again.
    facts_version = models.PositiveBigIntegerField(default=0, editable=False)
    judged_version = models.PositiveBigIntegerField(default=0, editable=False)
    created_at = models.DateTimeField(auto_now_add=True)

    # What the member at hand may do here; set by `access.get_tenant`, empty everywhere else.
    granted: frozenset[Permission] = frozenset()
    # Under which emergency access of platform staff this is, if it is.
    emergency: EmergencyAccess | None = None

    class Meta:
        ordering = ["name"]
        constraints = [
            models.CheckConstraint(
                condition=Q(face_days__gte=1) & Q(face_days__lte=365),
                name="face_days_bounded",
                violation_error_message=_("A face is kept between 1 and 365 days."),
            ),
            models.CheckConstraint(
                condition=Q(event_days__gte=30) & Q(event_days__lte=180),
                name="event_days_bounded",
                violation_error_message=_("Door events are kept between 30 and 180 days."),
            ),
            models.CheckConstraint(
                condition=Q(request_days__gte=30) & Q(request_days__lte=1095),
                name="request_days_bounded",
                violation_error_message=_("Texts of closed requests are kept between 30 and 1095 days."),
            ),
            models.CheckConstraint(
                condition=Q(alarm_days__gte=184) & Q(alarm_days__lte=365),
                name="alarm_days_bounded",
                violation_error_message=_("Alarms of terminals are kept between 184 and 365 days."),
            ),
            models.CheckConstraint(
                condition=Q(faces_stopped_at__isnull=True) | ~Q(faces_stopped_for=""),
                name="stopped_faces_have_a_reason",
                violation_error_message=_("Say why all faces are stopped."),
            ),
        ]
        verbose_name = _("property")
        verbose_name_plural = _("properties")
        default_permissions = ()
        permissions = [(p.value, p.value.replace("_", " ").capitalize()) for p in Permission]

    def __str__(self) -> str:
        return self.name

    @property
    def display_name(self) -> str:
        """The name in the language of the reader."""
        from django.utils.translation import get_language

        return self.name_en if (get_language() or "").startswith("en") and self.name_en else self.name

    def get_additional_data(self) -> dict[str, str]:
        return actors.said({"tenant": str(self.pk)})


class PropertyUserPermission(UserObjectPermissionBase):
    """guardian's grants with a real foreign key, so that they go with the property and with the user."""

    content_object = models.ForeignKey(Property, on_delete=models.CASCADE)


class Membership(TenantOwned):
    """One user's role in one property."""

    user = models.ForeignKey(User, on_delete=models.PROTECT, related_name="memberships", verbose_name=_("member"))
    role = models.CharField(_("Role"), max_length=20, choices=Role)
    is_active = models.BooleanField(_("Active"), default=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        ordering = ["created_at"]
        verbose_name = _("member")
        verbose_name_plural = _("members")
        constraints = [
            models.UniqueConstraint(
                fields=["tenant", "user"],
                name="one_membership_per_user",
                violation_error_code="email_taken",
                violation_error_message=_("This person is already a member."),
            )
        ]
