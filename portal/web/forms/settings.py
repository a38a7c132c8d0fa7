"""The particulars of a property."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.organizations.kinds import StorageMode


class SettingsForm(forms.Form):
    name = forms.CharField(label=_("Chinese name"), max_length=80)
    name_en = forms.CharField(label=_("English name"), max_length=80, required=False)
    address = forms.CharField(label=_("Address"), max_length=200, required=False)
    storage_mode = forms.ChoiceField(
        label=_("Where faces are stored"),
        choices=StorageMode.choices,
        widget=forms.RadioSelect(),
        help_text=_(
            "On the device is the rule. "
            "The portal may store a face only with a second, separate consent (Measures Art 8)."
        ),
    )
