"""The closed lists of this room."""

from enum import StrEnum

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


class WithdrawnBy(models.TextChoices):
    """Who took a yes back. From 14 on only the person's own word counts, and a guardian's earlier one binds nobody."""

    PERSON = "person", _("The person")
    GUARDIAN = "guardian", _("A guardian")
    PERSON_SHEET = "person_sheet", _("The person, on paper at the desk")
    GUARDIAN_SHEET = "guardian_sheet", _("A guardian, on paper at the desk")


class LinkReason(models.TextChoices):
    """Why a personal link was made: after a no only the person can start (NDSMR 22(5))."""

    ASKED = "asked", _("The person asked for it")
    INVITATION = "invitation", _("We asked the person by it")
    REGISTERED = "registered", _("The person registered here")


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


class RegistrationState(models.TextChoices):
    """What became of a ticket for registering oneself. It follows from its times and is stored nowhere."""

    OPEN = "open", _("Waiting")
    USED = "used", _("Registered")
    CANCELLED = "cancelled", _("Stopped")
    EXPIRED = "expired", _("Expired")


class PromptChannel(models.TextChoices):
    """How somebody was asked without having started it themselves."""

    DESK = "desk", _("Link handed over at the desk")
    SMS = "sms", _("Text message")
    EMAIL = "email", _("E-mail")


class InvitationState(models.TextChoices):
    """How far a message with a personal link has come."""

    QUEUED = "queued", _("On its way")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Not sent")
    GIVEN_UP = "given_up", _("Called off")


class InvitationReason(StrEnum):
    """Why a message was not sent. `rules.invitations` has the sentences."""

    # What a sender says.
    REFUSED = "refused"
    UNREACHABLE = "unreachable"
    NO_ANSWER = "no_answer"
    NOT_SET_UP = "not_set_up"
    INTERRUPTED = "interrupted"
    # What changed between asking and sending.
    REFUSED_BEFORE = "refused_before"
    OVER = "over"
    ANSWERED = "answered"
    NO_NOTICE = "no_notice"
    NOT_THE_PERSONS = "not_the_persons"
    NO_ADDRESS = "no_address"
    NO_SENDER = "no_sender"
    TOO_LATE = "too_late"
