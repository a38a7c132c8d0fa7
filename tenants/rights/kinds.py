"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class RequestKind(models.TextChoices):
    """The eight kinds (PIPL 44-49; NDSMR 23-25)."""

    ACCESS = "access", _("See what is held")
    COPY = "copy", _("Get a copy")
    TRANSFER = "transfer", _("Transfer to somebody else")
    CORRECT = "correct", _("Correct")
    DELETE = "delete", _("Delete")
    RESTRICT = "restrict", _("Restrict use")
    WITHDRAW = "withdraw", _("Withdraw consent")
    EXPLAIN = "explain", _("Explain a decision")


# What the public form offers in this version; the others are entered as a message to the desk.
OFFERED_KINDS = (RequestKind.ACCESS, RequestKind.DELETE)


class RequestState(models.TextChoices):
    """`RECEIVED` until it is proved who asks; the last four are ends."""

    RECEIVED = "received", _("Received")
    CONFIRMED = "confirmed", _("Identity confirmed")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")
    MERGED = "merged", _("Merged with another")
    TAKEN_BACK = "taken_back", _("Taken back by the person")


class RequestChannel(models.TextChoices):
    FORM = "form", _("Public form")
    PAGE = "page", _("Personal page")
    PAPER = "paper", _("On paper, at the desk")
    PHONE = "phone", _("By phone")
    API = "api", _("Another system of the property")


class Requester(models.TextChoices):
    """Who asks (PIPL 44, 49; Measures Art 7)."""

    SELF = "self", _("The person")
    GUARDIAN = "guardian", _("A parent or guardian")
    RELATIVE = "relative", _("A close relative of a person who has died")
    REPRESENTATIVE = "representative", _("Somebody whom the person has asked to")


class IdentityProof(models.TextChoices):
    """How it was proved who asks: never by a face, never by papers that are not held already."""

    CODE = "code", _("A code sent to the contact on file")
    LINK = "link", _("The personal link")
    IN_PERSON = "in_person", _("In person at the desk")


class RefusalCode(models.TextChoices):
    """Why a request may be refused; each with the article that a refusal names (PIPL 50)."""

    NOT_PROVED = "not_proved", _("It could not be proved who asks")
    NOT_HELD = "not_held", _("Nothing of this kind is held")
    NOT_ENTITLED = "not_entitled", _("This person may not ask for somebody else")
    KEPT_BY_LAW = "kept_by_law", _("The law requires to keep it")
    OTHERS_HARMED = "others_harmed", _("It would harm somebody else's rights")
    DONE_BEFORE = "done_before", _("The same was answered shortly before")
    OTHER = "other", _("Another reason, as written")


class MessageKind(models.TextChoices):
    TO_PERSON = "to_person", _("To the person")
    FROM_PERSON = "from_person", _("From the person")
    NOTE = "note", _("Internal note")


class Delivery(models.TextChoices):
    PAGE = "page", _("On the tracking page only")
    WAITING = "waiting", _("Waits to be sent")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Could not be sent")


class AttachmentKind(models.TextChoices):
    """No pictures: a photo of a person or of an identity card is more than a request needs."""

    PDF = "pdf", _("PDF")
    TEXT = "text", _("Text")


class PackageKind(models.TextChoices):
    ACCESS = "access", _("To read")
    TRANSFER = "transfer", _("To hand on")


class PackageState(models.TextChoices):
    WAITING = "waiting", _("Waits for a worker")
    BUILDING = "building", _("Being built")
    READY = "ready", _("Ready")
    FAILED = "failed", _("Could not be built")
    STOPPED = "stopped", _("Stopped by a member")
    ERASED = "erased", _("Erased")


PACKAGE_UNDER_WAY = (PackageState.WAITING, PackageState.BUILDING)


class ComplaintState(models.TextChoices):
    RECEIVED = "received", _("Received")
    ANSWERED = "answered", _("Answered")


class HoldKind(models.TextChoices):
    EVENTS = "events", _("Door events")
    EVIDENCE = "evidence", _("Evidence")


class ErasureReason(models.TextChoices):
    """Why a face goes (PIPL 47)."""

    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    REQUESTED = "requested", _("Deletion requested")
    STAY_ENDED = "stay_ended", _("Lease or stay ended")
    RETENTION = "retention", _("Retention period over")
    UNUSED = "unused", _("Not used for 180 days")
    CONSENT_LOST = "consent_lost", _("Consent no longer holds")
    CONSENT_OVER = "consent_over", _("The period of the consent is over")
    NOT_ASSESSED = "not_assessed", _("The impact assessment was not renewed")
    CONTRACT_ENDED = "contract_ended", _("The processing contract ended")
    ELSEWHERE = "elsewhere", _("Faces are kept in another place now")
    DOOR_REMOVED = "door_removed", _("The last door that used faces was removed")
    LOST = "lost", _("The last terminal that held the face was lost")
    DIED = "died", _("The person has died")


class ErasureScope(models.TextChoices):
    FACE = "face", _("The face")
    PERSON = "person", _("The face and the identity")
