"""A child who is put on file together with who answers for it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import KinshipEvidence, Relationship


class ChildForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=80, help_text=_("As the desk calls the person."))
    birth_date = forms.DateField(
        label=_("Date of birth"),
        help_text=_("Turned into the age and the day it ends, then dropped. With it the 14th birthday is not missed."),
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "off"}, format="%Y-%m-%d"),
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
