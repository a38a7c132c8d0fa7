"""The forms of a decoy."""

from django import forms
from django.utils.translation import gettext_lazy as _


class InventedPersonForm(forms.Form):
    """Like a real one, or nobody is caught by it."""

    name = forms.CharField(
        label=_("Name"), max_length=80, help_text=_("A name that fits among the others, of nobody who lives here.")
    )
    room = forms.CharField(
        label=_("Room"), max_length=40, required=False, help_text=_("One that does not exist, or that is empty.")
    )


class InventedKeyForm(forms.Form):
    name = forms.CharField(
        label=_("What it pretends to be for"),
        max_length=80,
        help_text=_("It stands in the list of API tokens. For example: backup of the desk's computer."),
    )
