"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonKind(models.TextChoices):
    """Who lives, works or stays here. All have the same rights (Hangzhou Property Rules Art 50; PIPL 16)."""

    OWNER = "owner", _("Home owner")
    RENTER = "renter", _("Tenant of a home")
    FAMILY = "family", _("Family or household member")
    WORKER = "worker", _("Domestic worker")
    GUEST = "guest", _("Guest")
    STAFF = "staff", _("Staff member")


class AgeBand(models.TextChoices):
    """A band instead of a date of birth: the least that the law needs (Measures Art 7; PIPL 31)."""

    UNDER_14 = "under_14", _("Under 14")
    TEEN = "teen", _("14 to 17")
    ADULT = "adult", _("18 or older")


class FaceState(models.TextChoices):
    """The life of a face (design.md). Nothing else."""

    INVITED = "invited", _("Invited")
    CONSENTED = "consented", _("Agreed")
    CAPTURED = "captured", _("Photo taken")
    ENROLLED = "enrolled", _("Enrolled")
    SUSPENDED = "suspended", _("Suspended")
    ERASING = "erasing", _("Being erased")
    ERASED = "erased", _("Erased")


class PassKind(models.TextChoices):
    """The same words as a door's methods (premises.kinds.MethodKind): a pass opens where its method works."""

    CARD = "card", _("Card")
    PIN = "pin", _("PIN")
    QR = "qr", _("QR pass")


class PassState(models.TextChoices):
    ACTIVE = "active", _("Active")
    STOPPED = "stopped", _("Stopped")


class ConsentPurpose(models.TextChoices):
    """Two separate consents, never one (Measures Arts 6 and 8)."""

    RECOGNITION = "recognition", _("Open doors with the face")
    TRANSMISSION = "transmission", _("Send the face to this portal and store it here")


class ConsentDecision(models.TextChoices):
    AGREE = "agree", _("Agreed")
    DECLINE = "decline", _("Declined")


class ConsentStatus(models.TextChoices):
    """What a person's answers amount to today."""

    UNANSWERED = "unanswered", _("Not answered")
    AGREED = "agreed", _("Agreed")
    DECLINED = "declined", _("Declined")
    WITHDRAWN = "withdrawn", _("Withdrawn")
    STALE = "stale", _("Notice changed: ask again")
    EXPIRED = "expired", _("Period over: ask again")
    NEEDS_PERSON = "needs_person", _("Now 14: the person decides")


class GivenBy(models.TextChoices):
    """Whose answer it is. A guardian answers for a child under 14 only (PIPL 31; Measures Art 7)."""

    PERSON = "person", _("The person")
    GUARDIAN = "guardian", _("A guardian")


class ConsentChannel(models.TextChoices):
    LINK = "link", _("By the personal link")
    DESK_PAPER = "desk_paper", _("On paper at the desk")


class Relationship(models.TextChoices):
    PARENT = "parent", _("Parent")
    OTHER_GUARDIAN = "other", _("Other guardian")


class KinshipEvidence(models.TextChoices):
    """What was seen that shows the relationship. It is looked at and handed back, never copied."""

    HOUSEHOLD_REGISTER = "household_register", _("Household register")
    BIRTH_CERTIFICATE = "birth_certificate", _("Birth certificate")
    COURT_DECISION = "court_decision", _("Court decision")


class PromptChannel(models.TextChoices):
    """How somebody was asked without having started it themselves."""

    DESK = "desk", _("Link handed over at the desk")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")
