"""The record of a person: the least that is needed."""

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.formats import date_format
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains
from tenants.people.kinds import (
    AgeBand,
    ConsentDecision,
    ConsentPurpose,
    KinshipEvidence,
    PersonKind,
    Relationship,
)
from tenants.people.models import Guardian, Person
from tenants.transparency.models import Notice


@explains(
    age_band=Duty("Art 7"),
    birth_date=Duty("Art 7"),
    stay_ends_on=Duty("PIPL 47"),
    document=Duty("PIPL 6"),
)
class PersonForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As the desk calls the person."))
    kind = forms.ChoiceField(label=_("Kind"), choices=PersonKind.choices, initial=PersonKind.OWNER)
    age_band = forms.ChoiceField(
        label=_("Age"),
        choices=AgeBand.choices,
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        help_text=_("Under 18 the date of birth is needed as well; it is not kept."),
    )
    birth_date = forms.DateField(
        label=_("Date of birth, if under 18"),
        required=False,
        help_text=_("Turned into the age and the day it ends, then dropped. With it the 14th birthday is not missed."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
    )
    room = forms.CharField(label=_("Home or room"), max_length=40, required=False)
    phone = forms.CharField(
        label=_("Phone"),
        max_length=40,
        required=False,
        help_text=_("One way to reach the person is enough."),
        widget=forms.TextInput(attrs={"type": "tel", "autocomplete": "off"}),
    )
    email = forms.EmailField(label=_("E-mail"), required=False)
    stay_ends_on = forms.DateField(
        label=_("Lease or stay ends"),
        required=False,
        help_text=_("The face is erased the day after. Leave it empty when there is no end."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    document = forms.CharField(
        label=_("Number of an identity document"),
        max_length=40,
        required=False,
        help_text=_(
            "Not needed. It tells whether the person is on record already. Only a fingerprint that cannot be read "
            "back is kept, not the number."
        ),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )


@explains(
    died_on=Duty("PIPL 49"),
)
class DeathForm(forms.Form):
    died_on = forms.DateField(
        label=_("Day of death"),
        help_text=_("From the certificate. No copy of it is kept."),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )


@explains(
    guardian=Duty("PIPL 31", _("Who decides for the child: an adult on record here.")),
    relationship=Duty("PIPL 31", _("As the paper says that you saw.")),
    evidence=Duty("PIPL 31"),
)
class GuardianForm(forms.Form):
    """The choices are grown-ups of this property only."""

    guardian = forms.ModelChoiceField(
        queryset=Person.objects.none(),
        label=_("Who is the guardian?"),
        error_messages={
            "required": _("Choose the guardian from the list."),
            "invalid_choice": _("A guardian is a grown-up who is on record here. Choose one from the list."),
        },
    )
    relationship = forms.ChoiceField(
        label=_("Relationship"), choices=Relationship.choices, widget=forms.RadioSelect(attrs={"class": "choices-row"})
    )
    evidence = forms.ChoiceField(
        label=_("What did you see?"),
        choices=KinshipEvidence.choices,
        widget=forms.RadioSelect(),
        help_text=_("Look at it and hand it back. No copy, no photo, no number is kept."),
    )
    note = forms.CharField(label=_("Note"), max_length=200, required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["guardian"].queryset = people


@explains(
    reason=Duty("Minors 36"),
)
class AccessForm(forms.Form):
    reason = forms.CharField(
        label=_("What do you need the record for?"),
        max_length=200,
        help_text=_("A second member reads this. Write no name."),
        widget=forms.Textarea(attrs={"rows": 2}),
    )


@explains(
    decision=Duty("Minors 36", _("Say yes only if the reason needs this record. Each opening is written down.")),
)
class AccessDecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Your answer"),
        choices=[("approve", _("Yes, open it for 24 hours")), ("refuse", _("No, keep it closed"))],
        widget=forms.RadioSelect(),
    )


class _GuardianChoice(forms.ModelChoiceField):
    def label_from_instance(self, row: Any) -> str:
        name = getattr(getattr(row.guardian, "identity", None), "name", "")
        return f"{name or row.guardian.code} · {row.get_relationship_display()}"


class _NoticeChoice(forms.ModelChoiceField):
    def label_from_instance(self, notice: Any) -> str:
        return gettext("Version %(version)s, in force from %(day)s, fingerprint %(fingerprint)s…") % {
            "version": notice.version,
            "day": date_format(notice.effective_on, "DATE_FORMAT"),
            "fingerprint": notice.content_hash[:8],
        }


@explains(
    notice=Duty("Art 5"),
    purpose=Duty("Art 6", _("Each question is signed by itself: one yes never covers two.")),
    decision=Duty("PIPL 29", _("Exactly what is ticked on the sheet. When nothing is ticked, it is no answer.")),
    guardian=Duty("PIPL 31", _("Whose signature is on the sheet.")),
    signed_on=Duty("PIPL 29", _("The date beside the signature.")),
    was_read_aloud=Duty("Art 5", _("Whoever cannot read it must have heard it.")),
    scan=Duty("PIPL 29"),
)
class PaperConsentForm(forms.Form):
    """What stands on one signed sheet. Nothing is chosen beforehand."""

    notice = _NoticeChoice(
        queryset=Notice.objects.none(),
        label=_("Which notice was signed?"),
        help_text=_("The version is above the text of the sheet, the fingerprint at its foot."),
        empty_label=None,
        widget=forms.RadioSelect(),
    )
    purpose = forms.ChoiceField(label=_("Which question was signed?"), widget=forms.RadioSelect())
    decision = forms.ChoiceField(
        label=_("What was ticked?"),
        choices=[(ConsentDecision.DECLINE, _("Disagree")), (ConsentDecision.AGREE, _("Agree"))],
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
    )
    guardian = _GuardianChoice(queryset=Guardian.objects.none(), label=_("Which guardian signed?"))
    language = forms.ChoiceField(
        label=_("Language of the sheet"), choices=[("zh-hans", "中文"), ("en", "English")], initial="zh-hans"
    )
    signed_on = forms.DateField(label=_("Signed on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    was_read_aloud = forms.TypedChoiceField(
        label=_("Was the notice read aloud?"),
        choices=[("yes", _("Yes")), ("no", _("No, the person read it alone"))],
        coerce=lambda value: value == "yes",
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
    )
    # An empty file comes through, so that it gets its own sentence.
    scan = forms.FileField(
        label=_("Scan of the signed sheet"),
        allow_empty_file=True,
        help_text=_("PDF, JPEG or PNG, 5 MB at most. Only the sheet: no face, no identity card."),
        error_messages={"required": _("Add the scan of the signed sheet. Without it nothing is recorded.")},
        widget=forms.FileInput(attrs={"accept": "application/pdf,image/jpeg,image/png"}),
    )

    def __init__(
        self,
        *args: Any,
        notices: QuerySet[Notice],
        purposes: tuple[ConsentPurpose, ...],
        guardians: QuerySet[Guardian],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["notice"].queryset = notices
        self.fields["purpose"].choices = [(purpose.value, purpose.label) for purpose in purposes]
        if guardians:
            self.fields["guardian"].queryset = guardians
        else:
            del self.fields["guardian"]

    def clean_scan(self) -> bytes:
        return self.cleaned_data["scan"].read()
