"""The draft of an impact assessment: four items, a conclusion, and the rows of the risk matrix."""

from typing import Any

from django import forms
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.transparency.models import AssessmentTrack, Conclusion, RiskBand, RiskKind
from tenants.transparency.rules.assessments import ITEMS, TEXTS
from tenants.transparency.rules.assessments import band as band_of
from tenants.transparency.services.incidents import MOST as MOST_WORDS
from tenants.transparency.services.risks import MOST

# field: (title, help in plain words, article)
GUIDE = {
    "lawfulness": (
        _("Purpose and method: lawful, legitimate, necessary"),
        _("One purpose, and the law that allows it. Why a face is needed at these doors, not why it is handy."),
        _("Measures Art 9(1); PIPL Art 56"),
    ),
    "alternative_considered": (
        _("The other way that was considered"),
        _(
            "Name the way without a face, and why it is not enough for those who choose the face. "
            "It stays for everybody."
        ),
        _("Measures Arts 4, 10"),
    ),
    "least_impact": (
        _("The choice that touches people least"),
        _(
            "1:1 or 1:N, on the device or sent, a template or a photo, how many days: "
            "what was chosen, and why not less."
        ),
        _("Measures Arts 4, 8"),
    ),
    "rights_impact": (
        _("Effect on people's rights, and whether what is done about it works"),
        _(
            "Being watched, feeling pressed, being refused at the door, children, older people: "
            "what is done about each, and how you know that it works."
        ),
        _("Measures Art 9(2)"),
    ),
    "harm": (
        _("Risk and harm of a leak, tampering, loss, damage or unlawful use"),
        _(
            "What it would mean for a person if faces leaked, were changed, lost or damaged, or unlawfully taken, sold "
            "or used. The single risks follow in the table."
        ),
        _("Measures Art 9(3)"),
    ),
    "safeguards": (
        _("Measures: lawful, effective, fitting the risk"),
        _("What protects the faces: why each measure is allowed, why it works, why it is enough for this risk."),
        _("Measures Art 9(4)"),
    ),
}
ITEM_TITLES = {
    "lawfulness": _("Is it lawful and necessary?"),
    "rights": _("What does it do to people?"),
    "harm": _("What can go wrong?"),
    "safeguards": _("What protects people?"),
}
assert set(GUIDE) == set(TEXTS)  # noqa: S101 - checked when the module loads, so no item can be without its help

LIKELIHOOD_WORDS = {
    1: _("very unlikely"),
    2: _("unlikely"),
    3: _("possible"),
    4: _("likely"),
    5: _("almost sure"),
}
IMPACT_WORDS = {
    1: _("hardly felt"),
    2: _("small"),
    3: _("clear"),
    4: _("grave"),
    5: _("cannot be undone"),
}
TONES = {RiskBand.LOW: "ok", RiskBand.MEDIUM: "due", RiskBand.HIGH: "stop"}


def scores(words: dict[int, Any]) -> list[tuple[int, Any]]:
    return [(number, format_lazy("{} · {}", number, word)) for number, word in words.items()]


class SeenForm(forms.Form):
    """Which state of the draft the member has before them."""

    seen = forms.IntegerField(widget=forms.HiddenInput, min_value=0)


@explains(
    happened_on=Duty("PIPL 57", _("The day it began, as far as you know.")),
    description=Duty("PIPL 57"),
)
class IncidentForm(forms.Form):
    """What happened, and when. No names: it is kept as long as the assessment."""

    happened_on = forms.DateField(
        label=_("When did it happen?"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    description = forms.CharField(
        label=_("What happened?"),
        max_length=MOST_WORDS,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Such as faces that leaked, a stolen terminal, a door that opened for strangers. Write no names."),
    )


@explains(
    track=Duty("Art 9", _("The short form is for few faces; when in doubt take the long one.")),
    officer_comment=Duty("PIPL 52"),
    conclusion=Duty("Art 9"),
)
class AssessmentForm(SeenForm):
    """Everything may stay unfinished while it is a draft; signing asks for all."""

    track = forms.ChoiceField(label=_("Form"), choices=AssessmentTrack.choices, widget=forms.RadioSelect)
    officer_comment = forms.CharField(
        label=_("Privacy officer's comment"),
        required=False,
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What the person in charge of personal information advises, also where it was not followed."),
    )
    conclusion = forms.ChoiceField(
        label=_("Conclusion"),
        required=False,
        choices=Conclusion.choices,
        widget=forms.RadioSelect,
        help_text=_("Only an acceptable risk can be signed."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # What somebody else saved meanwhile, by field: shown beside what was typed here.
        self.theirs: dict[str, str] = {}
        for field in TEXTS:
            title, text, _article = GUIDE[field]
            self.fields[field] = forms.CharField(
                label=title,
                help_text=text,
                required=False,
                max_length=8000,
                widget=forms.Textarea(attrs={"rows": 6}),
            )

    def items(self) -> list[dict[str, Any]]:
        """Return the four items of Art 9, each with its fields, for the page."""
        return [
            {
                "name": item,
                "number": number,
                "title": ITEM_TITLES[item],
                "fields": [
                    {"field": self[field], "article": GUIDE[field][2], "theirs": self.theirs.get(field)}
                    for field in fields
                ],
            }
            for number, (item, fields) in enumerate(ITEMS.items(), start=1)
        ]


@explains(
    kind=Duty("PIPL 56", _("What kind of harm it would be.")),
    title=Duty("PIPL 56", _("What could happen to a person, in a few words.")),
    likelihood=Duty("PIPL 56", _("How often it is to be expected with what is done against it today.")),
    impact=Duty("PIPL 56", _("How hard it would hit one person.")),
    measure=Duty("PIPL 56", _("What is done against it, and why that is enough.")),
    owner=Duty("PIPL 51", _("Who sees to it that it is done.")),
    due_on=Duty("PIPL 51", _("Until when it is done. Empty when it is done already.")),
)
class RiskForm(forms.Form):
    """One row. A row without a title that was not there before is no row."""

    kind = forms.ChoiceField(label=_("Kind of risk"), choices=RiskKind.choices, initial=RiskKind.OTHER)
    title = forms.CharField(label=_("Risk"), max_length=120)
    likelihood = forms.TypedChoiceField(label=_("Likelihood"), choices=scores(LIKELIHOOD_WORDS), coerce=int, initial=2)
    impact = forms.TypedChoiceField(label=_("Impact"), choices=scores(IMPACT_WORDS), coerce=int, initial=3)
    measure = forms.CharField(
        label=_("Measure"), max_length=2000, required=False, widget=forms.Textarea(attrs={"rows": 3})
    )
    owner = forms.CharField(label=_("Who sees to it"), max_length=80, required=False)
    due_on = forms.DateField(
        label=_("Until"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    done_on = forms.DateField(
        label=_("Done"), required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def band(self) -> dict[str, Any] | None:
        """Return how much the row weighs as it stands, for its heading."""
        try:
            band = RiskBand(band_of(int(self["likelihood"].value()), int(self["impact"].value())))
        except (TypeError, ValueError):
            return None
        return {"label": band.label, "tone": TONES[band]} if self["title"].value() else None


RiskRows = forms.formset_factory(
    RiskForm, extra=1, max_num=MOST, absolute_max=MOST + 5, validate_max=True, can_delete=True
)


def risks_of(rows: forms.BaseFormSet) -> list[dict[str, Any]]:
    """Return the rows that were written and not taken out, in their order."""
    return [
        {name: value for name, value in form.cleaned_data.items() if name != "DELETE"}
        for form in rows.forms
        if form.cleaned_data.get("title") and not form.cleaned_data.get("DELETE")
    ]
