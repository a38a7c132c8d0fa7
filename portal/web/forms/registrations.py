"""What somebody writes in who registers themselves: the least that is needed."""

import unicodedata
from typing import Any

from django import forms
from django.core.validators import validate_email
from django.utils.translation import gettext_lazy as _

from tenants.people.kinds import AgeBand, PersonKind

_PHONE_SIGNS = frozenset("0123456789+-() ")
_LEAST_DIGITS = 5


class RegistrationForm(forms.Form):
    """Nothing is chosen beforehand, and nothing is asked about a face."""

    # Made with each page: the same form sent twice is one person.
    submission = forms.CharField(max_length=64, required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    kind = forms.ChoiceField(
        label=_("You are here as"),
        choices=PersonKind.choices,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    age_band = forms.ChoiceField(
        label=_("Your age"),
        choices=[(band.value, band.label) for band in (AgeBand.ADULT, AgeBand.TEEN, AgeBand.UNDER_14)],
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one."), "invalid_choice": _("Choose one.")},
    )
    birth_date = forms.DateField(
        label=_("Your date of birth, if you are 14 to 17"),
        help_text=_("Only the age and the day it ends are kept, not the date."),
        required=False,
        widget=forms.DateInput(attrs={"type": "date", "autocomplete": "bday"}, format="%Y-%m-%d"),
    )
    room = forms.CharField(
        label=_("Your home or room"),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    contact = forms.CharField(
        label=_("Your phone or e-mail"),
        help_text=_("One of the two is enough. The desk uses it only to reach you."),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        error_messages={"required": _("Write a phone number or an e-mail address.")},
    )
    document = forms.CharField(
        label=_("Number of an identity document"),
        help_text=_(
            "Not needed. It shows whether you are on record already. Only a fingerprint of it is kept, not the number."
        ),
        max_length=40,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )

    def clean_contact(self) -> str:
        """Return it in plain signs, as one writes a phone number or an e-mail address."""
        contact = unicodedata.normalize("NFKC", self.cleaned_data["contact"]).strip()
        if "@" in contact:
            validate_email(contact)
        elif not set(contact) <= _PHONE_SIGNS or sum(sign.isdigit() for sign in contact) < _LEAST_DIGITS:
            raise forms.ValidationError(
                _("This is no phone number and no e-mail address. Please check it."), code="contact"
            )
        elif len(contact) > 40:
            raise forms.ValidationError(_("This phone number is too long. Please check it."), code="contact")
        return contact

    def clean(self) -> dict[str, Any]:
        """Return the entries as the service takes them."""
        entries = dict(super().clean() or {})
        contact = entries.pop("contact", "")
        return entries | ({"email": contact} if "@" in contact else {"phone": contact})
