"""The draft of a notice: its items, side by side in both languages, and the day from which it holds."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from portal.web.forms.premises import DoorChoices
from tenants.premises.models import AccessPoint
from tenants.transparency.rules.notices import FIELDS, ITEMS, LANGUAGES, LONGEST_TEXT, plain_line_ends

# item: (title, help in plain words, article)
GUIDE = {
    "handler_contact": (
        _("Who is responsible, and how to reach them"),
        _("The registered name of the company, and a person, phone or address that answers."),
        _("Measures Art 5(1)"),
    ),
    "purpose_method": (
        _("What the face is used for, and how"),
        _(
            "One purpose, such as opening doors. Say whether one face is checked (1:1) or searched (1:N), "
            "and what it is not used for."
        ),
        _("Measures Art 5(2)"),
    ),
    "retention": (
        _("How long it is kept, and what happens then"),
        _("A number of days, or how the end is decided. “Permanent” is not a period."),
        _("Measures Art 5(2)"),
    ),
    "necessity_effect": (
        _("Why it is needed, and what it means for the person"),
        _("Why a card is not enough for those who agree, what can go wrong, and that saying no has no disadvantage."),
        _("Measures Art 5(3)"),
    ),
    "rights": (
        _("How to say no, see, correct or delete"),
        _("Where to press or whom to ask, and how long the answer takes."),
        _("Measures Art 5(4)"),
    ),
    "complaint": (
        _("Where to complain"),
        _("A person or a number here first, then 12377 and the local cyberspace administration."),
        _("Network Data Regulations Art 20"),
    ),
    "collected": (
        _("What is collected"),
        _("A checklist: one entry per line, the same entries in both languages."),
        _("Network Data Regulations Art 21"),
    ),
    "recipients": (
        _("To whom it is given"),
        _("A checklist, with the name of each company. If nobody gets it, say so."),
        _("Network Data Regulations Art 21"),
    ),
    "minors": (
        _("Rules for children"),
        _("Whether faces of children under 14 are used, and if so how a parent agrees and what is done differently."),
        _("Measures Art 7"),
    ),
}
LANGUAGE_LABELS = {"zh": _("Chinese"), "en": _("English")}
# In the order in which a manager thinks of them.
GROUPS = (
    (_("What is done, and why"), ("purpose_method", "necessity_effect")),
    (_("What is kept, how long, and who gets it"), ("collected", "retention", "recipients")),
    (_("Who is responsible, and where to turn"), ("handler_contact", "rights", "complaint")),
    (_("Children"), ("minors",)),
)
# For the two items that only the handler can decide (Measures Arts 4, 5): how others have said it.
EXAMPLES = {
    "purpose_method": {
        "zh": "只用来给同意的住户开门。设备拍一张照片，与您自己录入的人脸比对（一对一）。比对完照片马上删除。",
        "en": "Only to open doors for residents who agreed. The device takes one photo and compares it with the face "
        "you enrolled yourself (1:1). The photo is deleted at once.",
    },
    "necessity_effect": {
        "zh": "方便双手提物或忘带门禁卡的人。人脸一旦泄露不能更换。不同意没有任何影响：门禁卡开同样的门，免费。",
        "en": "It helps people whose hands are full or who forgot their card. A face cannot be changed if it leaks. "
        "Saying no has no effect: a card opens the same doors, free of charge.",
    },
}


class NoticeText(forms.CharField):
    """One text of a notice. A browser counts a line's end as one character, so it is one before it is measured."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(max_length=LONGEST_TEXT, strip=True, **kwargs)

    def to_python(self, value: Any) -> Any:
        return plain_line_ends(super().to_python(value))


class NoticeForm(forms.Form):
    """Every field may stay empty while it is a draft; publishing asks for all."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for item in ITEMS:
            for language in LANGUAGES:
                name = f"{item}_{language}"
                self.fields[name] = NoticeText(
                    label=LANGUAGE_LABELS[language],
                    required=False,
                    widget=forms.Textarea(attrs={"rows": 5, "lang": language, "aria-describedby": f"about_{name}"}),
                )

    def texts(self) -> dict[str, str]:
        """Return what the form shows now, typed or saved."""
        return {name: plain_line_ends(self[name].value() or "").strip() for name in FIELDS}


@explains(
    effective_on=Duty("Art 5"),
)
class PublishForm(forms.Form):
    """From which day, and which words the member has seen."""

    effective_on = forms.DateField(
        label=_("In force from"),
        required=False,
        help_text=_("Today, unless people should be told first. At most 90 days ahead."),
        # A browser reads a date in one form only, whatever the language.
        widget=forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"}),
    )
    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    # The codes of the reasons that the page showed: on another day it may be others (PIPL 14).
    shown = forms.CharField(required=False, widget=forms.HiddenInput)

    def clean_shown(self) -> list[str]:
        return self.cleaned_data["shown"].split()


class DiscardForm(forms.Form):
    """What the member had before them when they asked to throw it away."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)


class SheetDoorForm(forms.Form):
    """Where a sheet will hang."""

    door = DoorChoices(AccessPoint.objects.none(), label=_("For the door"), required=False, empty_label=_("Every door"))

    def __init__(self, *args: Any, doors: QuerySet[AccessPoint], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["door"].queryset = doors
