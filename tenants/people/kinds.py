"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PersonKind(models.TextChoices):
    RESIDENT = "resident", _("Resident")
    FAMILY = "family", _("Family or household member")
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
