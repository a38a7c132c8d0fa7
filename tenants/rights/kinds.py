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
    RECEIVED = "received", _("Received")
    CONFIRMED = "confirmed", _("Identity confirmed")
    ANSWERED = "answered", _("Answered")
    REFUSED = "refused", _("Refused")


class ErasureReason(models.TextChoices):
    """Why a face goes (PIPL 47)."""

    WITHDRAWN = "withdrawn", _("Consent withdrawn")
    REQUESTED = "requested", _("Deletion requested")
    STAY_ENDED = "stay_ended", _("Lease or stay ended")
    RETENTION = "retention", _("Retention period over")
    CONSENT_LOST = "consent_lost", _("Consent no longer holds")
    CONSENT_OVER = "consent_over", _("The period of the consent is over")
    NOT_ASSESSED = "not_assessed", _("The impact assessment was not renewed")
    CONTRACT_ENDED = "contract_ended", _("The processing contract ended")
    ELSEWHERE = "elsewhere", _("Faces are kept in another place now")
    DIED = "died", _("The person has died")


class ErasureScope(models.TextChoices):
    FACE = "face", _("The face")
    PERSON = "person", _("The face and the identity")
