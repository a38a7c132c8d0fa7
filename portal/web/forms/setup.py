"""The few fields of the setup guide. What can be known is filled in; what only people know is asked."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.assessments import SeenForm
from portal.web.forms.duties import Duty, explains
from portal.web.forms.notices import GUIDE, NoticeText
from tenants.premises.kinds import DeviceMode, MethodKind, Passersby, ZoneKind
from tenants.premises.rules import is_private
from tenants.transparency.rules.assessments import BLANK

PLACES = [(kind.value, kind.label) for kind in ZoneKind if not is_private(kind)]
OTHER_WAYS = [(kind.value, kind.label) for kind in MethodKind if kind != MethodKind.FACE]


def _text(label: Any, language: str) -> forms.CharField:
    return forms.CharField(label=label, widget=forms.Textarea(attrs={"rows": 3, "lang": language}))


def _notice_text(label: Any, language: str) -> NoticeText:
    return NoticeText(label=label, widget=forms.Textarea(attrs={"rows": 3, "lang": language}))


@explains(
    place=Duty("Art 13"),
    methods=Duty("Art 10"),
)
class DoorStep(forms.Form):
    name = forms.CharField(label=_("Name of the door"), max_length=80, help_text=_("For example: East gate."))
    place = forms.ChoiceField(
        label=_("Where is it?"),
        choices=PLACES,
        initial=ZoneKind.LOBBY,
        help_text=_("Private places are not in the list: no face device may be there."),
    )
    methods = forms.MultipleChoiceField(
        label=_("How else does it open?"),
        choices=OTHER_WAYS,
        initial=[MethodKind.CARD],
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("At this same door, free of charge, at all hours. Face may never be the only way."),
    )


@explains(
    vendor=Duty("Art 9", _("As on the type plate or the invoice.")),
    algorithm=Duty("Art 9"),
    algorithm_version=Duty("Art 9", _("It stands beside the algorithm's name.")),
    mode=Duty("Art 4", _("Choose 1:1 when it is enough: it touches nobody else's face.")),
    passersby=Duty("NDSMR 24", _("So that people who declined can walk past.")),
    capture_area=Duty("Art 13", _("No doors or windows of homes, no street beyond what is needed.")),
    security_need=Duty("Art 13", _("Why this place needs it. That it is handy is no reason.")),
)
class DeviceStep(forms.Form):
    name = forms.CharField(label=_("Name of the device"), max_length=80)
    vendor = forms.CharField(label=_("Vendor"), max_length=80)
    algorithm = forms.CharField(
        label=_("Algorithm"), max_length=80, help_text=_("It stands in the vendor's test report or manual.")
    )
    algorithm_version = forms.CharField(label=_("Version of the algorithm"), max_length=40)
    mode = forms.ChoiceField(
        label=_("How does it compare?"),
        choices=DeviceMode.choices,
        initial=DeviceMode.VERIFY,
        widget=forms.RadioSelect(),
    )
    passersby = forms.ChoiceField(
        label=_("What starts it?"),
        choices=[(kind.value, kind.label) for kind in (Passersby.BUTTON, Passersby.APPROACH)],
        initial=Passersby.BUTTON,
        widget=forms.RadioSelect(),
    )
    capture_area = forms.CharField(
        label=_("What does the camera see?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=_("One metre before the door; no household door, no window, no street."),
    )
    security_need = forms.CharField(
        label=_("Why does public security need it?"),
        widget=forms.Textarea(attrs={"rows": 2}),
        initial=_("To keep strangers from following residents in."),
    )


# Which answers go into the open places of a starting text, in their order.
PLACES: dict[str, tuple[str, ...]] = {
    "lawfulness": ("needed",),
    "alternative_considered": ("not_enough",),
    "rights_impact": ("seen_from", "months"),
    "safeguards": ("fits",),
}


@explains(
    needed=Duty("Art 9"),
    not_enough=Duty("Art 4"),
    seen_from=Duty("Art 9", _("How you would notice that somebody is treated badly.")),
    months=Duty("Art 9", _("Every six months is usual.")),
    fits=Duty("Art 9"),
    acceptable=Duty("Art 9", _("If you are not sure, do not tick it: ask the privacy officer.")),
)
class AssessmentStep(SeenForm):
    """The open places of the prefilled assessment, asked one by one."""

    needed = forms.CharField(
        label=_("Faces are needed at this door because…"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: residents carry children and bags, and the door has no guard at night."),
    )
    not_enough = forms.CharField(
        label=_("For those who agree, the other ways are not enough because…"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: cards are forgotten or lent."),
    )
    seen_from = forms.CharField(
        label=_("Whether people are treated well is seen from…"),
        max_length=200,
        initial=_("requests, complaints and refusals at the door"),
    )
    months = forms.IntegerField(label=_("…looked at every so many months"), min_value=1, max_value=12, initial=6)
    fits = forms.CharField(
        label=_("The measures fit the risk because…"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For example: few faces, one purpose, and every door also opens without one."),
    )
    acceptable = forms.BooleanField(
        label=_("I have read the assessment. The risk is acceptable with these measures."),
    )

    def clean(self) -> dict[str, Any]:
        """The sentence goes on after each answer, so it brings no full stop; and an answer says something."""
        data = super().clean() or {}
        for name, value in list(data.items()):
            if isinstance(value, str):
                data[name] = value.strip().rstrip("。. ")
                if not data[name] or BLANK in data[name]:
                    self.add_error(name, _("Write what is so here."))
        return data


@explains(
    purpose_method_zh=Duty("Art 5", GUIDE["purpose_method"][1]),
    purpose_method_en=Duty("Art 5", GUIDE["purpose_method"][1]),
    necessity_effect_zh=Duty("Art 5", GUIDE["necessity_effect"][1]),
    necessity_effect_en=Duty("Art 5", GUIDE["necessity_effect"][1]),
)
class NoticeStep(forms.Form):
    """The two items that only the company can decide, in both languages; the others are written already."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    purpose_method_zh = _notice_text(_("What the face is used for, and how (Chinese)"), "zh")
    purpose_method_en = _notice_text(_("What the face is used for, and how (English)"), "en")
    necessity_effect_zh = _notice_text(_("Why it is needed, and what it means for the person (Chinese)"), "zh")
    necessity_effect_en = _notice_text(_("Why it is needed, and what it means for the person (English)"), "en")


class PersonStep(forms.Form):
    """A grown-up, and the page says so."""

    name = forms.CharField(
        label=_("Name"),
        max_length=80,
        help_text=_("Somebody who is 18 or older. Anybody younger is added under “People”, with their date of birth."),
    )
    room = forms.CharField(label=_("Home or room"), max_length=40, required=False)


class ActivateStep(forms.Form):
    """One button."""
