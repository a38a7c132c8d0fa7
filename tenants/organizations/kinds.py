"""The closed lists of this room."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class PropertyKind(models.TextChoices):
    COMPOUND = "compound", _("Residential compound")
    HOTEL = "hotel", _("Hotel")


class StorageMode(models.TextChoices):
    """Where a face lives (Measures Art 8). On the device unless the person agrees to more."""

    ON_DEVICE = "on_device", _("On the device only")
    PORTAL = "portal", _("In this portal, with separate consent")


class PhotoQuality(models.TextChoices):
    """How good a photo must be before a face is made of it. The numbers behind each are the engine's."""

    LENIENT = "lenient", _("Lenient: fewer people are sent back, more faces are not known at the door")
    STANDARD = "standard", _("Standard")
    STRICT = "strict", _("Strict: even light, straight ahead, close to the camera")


class EmergencyScope(models.TextChoices):
    """How far platform staff see in an emergency. Neither completes what takes two members."""

    AUDITOR = "auditor", _("What an auditor sees: how the law is kept, nobody's name")
    MANAGER = "manager", _("What a manager sees and does, people included")
