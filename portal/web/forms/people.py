"""The record of a person: the least that is needed."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import AgeBand, PersonKind


class PersonForm(forms.Form):
    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("As the desk calls the person. An identity number is not needed.")
    )
    kind = forms.ChoiceField(label=_("Kind"), choices=PersonKind.choices, initial=PersonKind.RESIDENT)
    age_band = forms.ChoiceField(
        label=_("Age"),
        choices=AgeBand.choices,
        initial=AgeBand.ADULT,
        widget=forms.RadioSelect(attrs={"class": "choices-row"}),
        help_text=_("A band is enough; we do not keep a date of birth."),
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
