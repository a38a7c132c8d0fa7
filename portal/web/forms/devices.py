"""The forms of a terminal: a short one that registers it, a longer one for what is known of it, and its sign."""

from decimal import Decimal
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from portal.web.forms.premises import DoorChoices
from portal.web.pictures import rewrite
from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceMode, DevicePurpose, Passersby
from tenants.premises.models import AccessPoint


def _name() -> forms.CharField:
    return forms.CharField(
        label=_("Name of the device"), max_length=80, help_text=_("As staff call it, such as “East gate, terminal A”.")
    )


def _mode() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("What the device does"),
        choices=DeviceMode.choices,
        initial=DeviceMode.VERIFY,
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        help_text=_("Choose 1:1 when it is enough: it touches nobody else's face."),
    )


def _purpose() -> forms.ChoiceField:
    return forms.ChoiceField(
        label=_("Purpose"),
        choices=DevicePurpose.choices,
        initial=DevicePurpose.ACCESS,
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        help_text=_("One purpose a device. Nothing else may be done with its faces."),
    )


def _doors_of(tenant: Property) -> QuerySet[AccessPoint]:
    doors = AccessPoint.objects.filter(tenant=tenant).select_related(AccessPoint.CHAIN)
    return doors.order_by("zone__name", "name", "pk")


@explains(
    access_point=Duty("Art 13"),
    mode=Duty(
        "Art 4",
        more=_(
            "1:1 compares with the one person who says who they are. 1:N looks through everybody's "
            "faces, so the assessment must say why 1:1 is not enough."
        ),
    ),
    purpose=Duty("Art 4"),
)
class DeviceForm(forms.Form):
    name = _name()
    access_point = DoorChoices(
        label=_("Door"),
        queryset=AccessPoint.objects.none(),
        empty_label=_("Choose"),
        help_text=_("Never in a private place: hotel room, bath, toilet, changing room or the like."),
    )
    mode = _mode()
    purpose = _purpose()

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["access_point"].queryset = _doors_of(tenant)


def _text(label: Any, length: int = 80, **kwargs: Any) -> forms.CharField:
    return forms.CharField(label=label, max_length=length, required=False, **kwargs)


class PercentField(forms.DecimalField):
    """A share as people write it: 1.5, not the 1.5000 of the column."""

    def prepare_value(self, value: Any) -> Any:
        return f"{value.normalize():f}" if isinstance(value, Decimal) else value


def _percent(label: Any, help_text: Any) -> forms.DecimalField:
    return PercentField(
        label=label,
        required=False,
        min_value=0,
        max_value=100,
        max_digits=7,
        decimal_places=4,
        help_text=help_text,
        widget=forms.NumberInput(attrs={"step": "any"}),
    )


def _day(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(label=label, widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}), **kwargs)


@explains(
    mode=Duty("Art 4"),
    purpose=Duty("Art 4"),
    vendor=Duty("Art 9", _("As in the assessment: another vendor is assessed anew.")),
    model=Duty("Art 9", _("As on the type plate.")),
    algorithm=Duty("Art 9"),
    algorithm_version=Duty("Art 9"),
    tested_on=Duty("GA/T 1093-2023", _("The date on the test report.")),
    false_accept_percent=Duty("GA/T 1093-2023"),
    false_reject_percent=Duty("GA/T 1093-2023"),
    attack_success_percent=Duty("GA/T 1093-2023"),
    access_point=Duty("Art 13"),
    capture_area=Duty("Art 13"),
    security_need=Duty("Art 13"),
    passersby=Duty(
        "NDSMR 24",
        more=_(
            "A camera that films everybody collects faces of people who said no, or were never asked. A "
            "button or a step up to the device keeps them out."
        ),
    ),
)
class DeviceFactsForm(forms.Form):
    """What is known of a device, in three groups. Anything may stay empty; the gate says what is still missing."""

    name = _name()
    mode = _mode()
    purpose = _purpose()
    vendor = _text(_("Vendor"))
    model = _text(_("Model"))
    serial = _text(_("Serial number"))
    algorithm = _text(_("Algorithm"), help_text=_("As the vendor's papers name it."))
    algorithm_version = _text(_("Version of the algorithm"), 40, help_text=_("A new first number needs a new review."))
    tested_on = _day(_("Tested on"), required=False)
    false_accept_percent = _percent(
        _("False accept rate (%)"), _("A stranger is taken for somebody: at most 0.1 for 1:1, at most 1 for 1:N.")
    )
    false_reject_percent = _percent(
        _("False reject rate (%)"), _("A person is not recognised: at most 2 for 1:1, at most 5 for 1:N.")
    )
    attack_success_percent = _percent(
        _("Successful attacks with a picture (%)"), _("A photo or a film opens the door: at most 5.")
    )
    access_point = DoorChoices(
        label=_("Door"),
        queryset=AccessPoint.objects.none(),
        required=False,
        empty_label=None,
        help_text=_("At another door the device uses no face until a photo of the sign there is recorded."),
    )
    capture_area = _text(
        _("Capture area"),
        1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("What the camera sees. No doors or windows of homes, no street beyond what is needed."),
    )
    security_need = _text(
        _("Why public security needs it"),
        1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Why this place needs it, and why a card alone is not enough for those who agree."),
    )
    passersby = forms.ChoiceField(
        label=_("What starts a capture"),
        choices=[("", _("Not said yet")), *Passersby.choices],
        required=False,
        help_text=_("So that people who declined can walk past. A 1:N device may never capture everybody in view."),
    )

    GROUPS = (
        (
            "device",
            _("Device and algorithm"),
            ("name", "mode", "purpose", "vendor", "model", "serial", "algorithm", "algorithm_version"),
        ),
        (
            "report",
            _("Test report (GA/T 1093-2023)"),
            ("tested_on", "false_accept_percent", "false_reject_percent", "attack_success_percent"),
        ),
        ("place", _("Place"), ("access_point", "capture_area", "security_need", "passersby")),
    )

    def __init__(self, *args: Any, tenant: Property, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["access_point"].queryset = _doors_of(tenant)

    def groups(self) -> list[dict[str, Any]]:
        return [
            {"id": name, "title": title, "fields": [self[field] for field in fields]}
            for name, title, fields in self.GROUPS
        ]


@explains(
    taken_on=Duty("Art 13"),
    picture=Duty(
        "Art 13",
        more=_(
            "The sign must be seen before the camera sees the person. The photo proves that it hung there on that day."
        ),
    ),
)
class SignForm(forms.Form):
    """A photo of the sign in place. What is in the file is judged by its content."""

    taken_on = _day(_("Taken on"), help_text=_("A new photo is due after 12 months."))
    # An empty file comes through, so that it gets its own sentence.
    picture = forms.FileField(
        label=_("Photo of the sign"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": "image/jpeg,image/png,image/webp"}),
        help_text=_("JPEG, PNG or WebP, at most 3 MB. No people in the picture: take it when nobody passes."),
    )

    def clean_picture(self) -> bytes:
        return rewrite(self.cleaned_data["picture"].read())
