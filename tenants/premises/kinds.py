"""The closed lists of this room: kinds and levels of zone, methods, and what a device is for."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class ZoneKind(models.TextChoices):
    """What a place is. The private kinds are forbidden places (Measures Art 13; Video Regulation Art 8)."""

    GATE = "gate", _("Gate or entrance")
    LOBBY = "lobby", _("Lobby or hall")
    LIFT = "lift", _("Lift")
    CORRIDOR = "corridor", _("Corridor")
    CAR_PARK = "car_park", _("Car park")
    OFFICE = "office", _("Office")
    FACILITY = "facility", _("Gym or club room")
    OUTDOOR = "outdoor", _("Outdoor area")
    HOTEL_ROOM = "hotel_room", _("Hotel room")
    PRIVATE_DINING_ROOM = "private_dining_room", _("Private dining room")
    BATH = "bath", _("Bath or shower room")
    TOILET = "toilet", _("Toilet")
    CHANGING_ROOM = "changing_room", _("Changing room")
    NURSING_ROOM = "nursing_room", _("Nursing room")
    FITTING_ROOM = "fitting_room", _("Fitting room")
    DORMITORY_ROOM = "dormitory_room", _("Dormitory room")
    TREATMENT_ROOM = "treatment_room", _("Treatment room")


PRIVATE_KINDS = frozenset(
    {
        ZoneKind.HOTEL_ROOM,
        ZoneKind.PRIVATE_DINING_ROOM,
        ZoneKind.BATH,
        ZoneKind.TOILET,
        ZoneKind.CHANGING_ROOM,
        ZoneKind.NURSING_ROOM,
        ZoneKind.FITTING_ROOM,
        ZoneKind.DORMITORY_ROOM,
        ZoneKind.TREATMENT_ROOM,
    }
)


class ZoneLevel(models.TextChoices):
    """How large a place is. The order is the tree's: a place lies in a larger one, so four levels are all there are."""

    SITE = "site", _("Site")
    BUILDING = "building", _("Building")
    FLOOR = "floor", _("Floor")
    AREA = "area", _("Area")


class MethodKind(models.TextChoices):
    FACE = "face", _("Face")
    CARD = "card", _("Card")
    PIN = "pin", _("PIN")
    QR = "qr", _("QR pass")
    DESK = "desk", _("Staffed desk")


class DeviceMode(models.TextChoices):
    """验证 (1:1) says who you are and is checked; 辨识 (1:N) looks for you among all (Measures Art 19)."""

    VERIFY = "verify", _("Verify one person (1:1)")
    IDENTIFY = "identify", _("Identify among all (1:N)")


class DevicePurpose(models.TextChoices):
    """What a device is for. A closed list: no training, no marketing, no attendance (Measures Arts 2, 4, 13)."""

    ACCESS = "access", _("Access to the premises")
    CHECK_IN = "check_in", _("Identity check at check-in")
    VISITOR = "visitor", _("Identity check of visitors")


class Passersby(models.TextChoices):
    """What starts a capture, so that people who declined are left alone (Measures Art 19; NDSMR Art 24)."""

    BUTTON = "button", _("It captures only after a person presses a button")
    APPROACH = "approach", _("It captures only a person who steps up to it")
    PRESENCE = "presence", _("It captures everybody in view all the time")


class DeviceState(models.TextChoices):
    REGISTERED = "registered", _("Registered")
    ACTIVE = "active", _("Active")
    SUSPENDED = "suspended", _("Suspended")
    RETIRED = "retired", _("Retired")


class SuspensionReason(models.TextChoices):
    MANUAL = "manual", _("Suspended by a member")
    PRIVATE_PLACE = "private_place", _("The zone became a private place")
    NO_ALTERNATIVE = "no_alternative", _("No other way to pass works at this door")
    NOT_CLEARED = "not_cleared", _("A rule no longer holds")
    KEY_COPIED = "key_copied", _("Two machines use its key")
    LOST = "lost", _("Declared lost")
    ALERT = "alert", _("Suspended after an alert")


# What no gate mends: only a member starts such a device again.
# Stopped until the terminal was paired again.
NEEDS_PAIRING = (SuspensionReason.KEY_COPIED, SuspensionReason.LOST)
ONLY_A_MEMBER_STARTS = (SuspensionReason.MANUAL, SuspensionReason.ALERT, *NEEDS_PAIRING)
