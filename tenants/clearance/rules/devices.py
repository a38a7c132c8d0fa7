"""Rules about the device itself: what it sees, how it is announced, how well it works, whether it was assessed."""

from collections.abc import Callable
from datetime import timedelta

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.clearance.checks import Mend, Severity
from tenants.clearance.facts import DeviceFacts
from tenants.clearance.rules.rule import NDSMR, Rule, rule
from tenants.premises.kinds import DeviceMode, Passersby

SIGN_LIFETIME = timedelta(days=365)


@rule(
    code="no_capture_area",
    holds=_("The capture area is described"),
    broken=_("The capture area is not described"),
    detail=_("Say what the camera sees, and that it does not see household doors, windows or the street."),
    article="Art 13",
    mend=Mend.DEVICE,
)
def capture_area_is_described(facts: DeviceFacts) -> bool:
    """The capture area is determined lawfully and reasonably (Measures Art 13)."""
    return bool(facts.capture_area.strip())


@rule(
    code="no_security_need",
    holds=_("The need for public security is written down"),
    broken=_("It is not written down why public security needs it"),
    detail=_("A device in a public place must be necessary for public security, and for nothing else."),
    article="Art 13",
    mend=Mend.DEVICE,
)
def security_need_is_stated(facts: DeviceFacts) -> bool:
    """Installing must be necessary for public security (Measures Art 13; PIPL 26)."""
    return bool(facts.security_need.strip())


@rule(
    code="no_sign",
    holds=_("A photo of the sign is on record"),
    broken=_("No photo of the sign is on record"),
    detail=_("A conspicuous sign hangs at the device. Take a photo of it and record it."),
    article="Art 13",
    mend=Mend.SIGN,
)
def sign_is_on_record(facts: DeviceFacts) -> bool:
    """A conspicuous sign (Measures Art 13)."""
    return facts.sign_photo_on is not None


@rule(
    code="sign_old",
    holds=_("The photo of the sign is recent"),
    broken=_("The photo of the sign is older than twelve months"),
    detail=_("Look whether the sign still hangs there, and take a new photo."),
    article="Art 13",
    mend=Mend.SIGN,
    applies=lambda facts: facts.sign_photo_on is not None,
)
def sign_is_recent(facts: DeviceFacts) -> bool:
    """A sign of last year proves nothing about today (Measures Art 13; the twelve months are ours)."""
    return facts.sign_photo_on is None or facts.site.today - facts.sign_photo_on <= SIGN_LIFETIME


@rule(
    code="passersby_unprotected",
    holds=_("Passers-by who said no are protected"),
    broken=_("Passers-by who said no are not protected"),
    detail=_("A device that looks for you among all must start by a button or by stepping up to it."),
    article="NDSMR 24",
    since=NDSMR,
    mend=Mend.DEVICE,
)
def passersby_are_protected(facts: DeviceFacts) -> bool:
    """1:N would look at everybody who passes (Measures Art 19; NDSMR 24)."""
    return facts.mode != DeviceMode.IDENTIFY or facts.passersby in {Passersby.BUTTON, Passersby.APPROACH}


def _tested(code: str, fault: str, holds: Promise, broken: Promise, detail: Promise) -> Rule[DeviceFacts]:
    def test(facts: DeviceFacts) -> bool:
        return fault not in facts.test_faults

    # A recommended standard asks and does not stop; it is adopted here from the day of the Measures.
    made: Callable[[Callable[[DeviceFacts], bool]], Rule[DeviceFacts]] = rule(
        code=code,
        holds=holds,
        broken=broken,
        detail=detail,
        article="GA/T 1093",
        severity=Severity.DUE,
        mend=Mend.DEVICE,
        applies=lambda facts: code == "untested" or "untested" not in facts.test_faults,
    )
    return made(test)


is_tested = _tested(
    "untested",
    "untested",
    _("The vendor's test report is recorded"),
    _("No test report is recorded"),
    _("Ask the vendor for false accepts, false rejects and attack success, and record them with the date."),
)
accepts_few_strangers = _tested(
    "false_accept",
    "false_accept",
    _("False accepts are within the limit"),
    _("The device lets in too many strangers"),
    _("At most 0.1 % for 1:1 and 1 % for 1:N."),
)
rejects_few_residents = _tested(
    "false_reject",
    "false_reject",
    _("False rejects are within the limit"),
    _("The device turns away too many people"),
    _("At most 2 % for 1:1 and 5 % for 1:N. Old people are turned away first."),
)
stops_attacks = _tested(
    "attack_success",
    "attack_success",
    _("Attacks with photos and videos fail"),
    _("Photos or videos open this device too often"),
    _("At most 5 % of attacks may succeed."),
)


def _assessed(code: str, part: str, holds: Promise, broken: Promise) -> Rule[DeviceFacts]:
    def test(facts: DeviceFacts) -> bool:
        return facts.site.assessment_version is None or part not in facts.not_assessed

    made: Callable[[Callable[[DeviceFacts], bool]], Rule[DeviceFacts]] = rule(
        code=code,
        holds=holds,
        broken=broken,
        detail=_("Assess again with this device in it, and sign."),
        article="Art 9",
        mend=Mend.ASSESSMENT,
        applies=lambda facts: facts.site.assessment_version is not None,
    )
    return made(test)


purpose_is_assessed = _assessed(
    "purpose_not_assessed", "purpose", _("Its purpose is assessed"), _("Its purpose is not in the assessment")
)
mode_is_assessed = _assessed(
    "mode_not_assessed",
    "mode",
    _("Its method (1:1 or 1:N) is assessed"),
    _("Its method (1:1 or 1:N) is not in the assessment"),
)
vendor_is_assessed = _assessed(
    "vendor_not_assessed", "vendor", _("Its vendor is assessed"), _("Its vendor is not in the assessment")
)
algorithm_is_assessed = _assessed(
    "algorithm_not_assessed",
    "algorithm",
    _("Its algorithm is assessed"),
    _("Its algorithm is not in the assessment"),
)
place_is_assessed = _assessed(
    "place_not_assessed", "place", _("This kind of place is assessed"), _("This kind of place is not in the assessment")
)
storage_is_assessed = _assessed(
    "storage_not_assessed",
    "storage",
    _("The place of storage is assessed"),
    _("The place of storage is not in the assessment"),
)

RULES: tuple[Rule[DeviceFacts], ...] = (
    purpose_is_assessed,
    mode_is_assessed,
    vendor_is_assessed,
    algorithm_is_assessed,
    place_is_assessed,
    storage_is_assessed,
    capture_area_is_described,
    security_need_is_stated,
    sign_is_on_record,
    sign_is_recent,
    passersby_are_protected,
    is_tested,
    accepts_few_strangers,
    rejects_few_residents,
    stops_attacks,
)
