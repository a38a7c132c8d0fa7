"""What anybody may send without an account."""

from django import forms
from django.utils.translation import gettext_lazy as _

from tenants.rights.kinds import RequestKind

# In the words of the person, not of the law.
KINDS = [
    (RequestKind.ACCESS.value, _("See what is held about me")),
    (RequestKind.DELETE.value, _("Delete my face and my data")),
]


class RequestForm(forms.Form):
    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Choose one of the two."),
            "invalid_choice": _("Choose one of the two."),
        },
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    contact = forms.CharField(
        label=_("Your phone or e-mail"),
        help_text=_("The desk uses it only to make sure that it is you."),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
        error_messages={"required": _("Write a phone number or an e-mail address.")},
    )
    room = forms.CharField(label=_("Your home or room"), max_length=40, required=False)
    message = forms.CharField(
        label=_("Anything else we should know"),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Tracking code"),
        help_text=_("16 letters and digits, as on the page after your request. Capital or small does not matter."),
        max_length=40,
        widget=forms.TextInput(
            attrs={"class": "code", "autocomplete": "off", "autocapitalize": "characters", "spellcheck": "false"}
        ),
        error_messages={"required": _("Type the tracking code.")},
    )

    def clean_code(self) -> str:
        """Return the letters and digits alone, so that the code fits into an address."""
        code = "".join(sign for sign in self.cleaned_data["code"].upper() if sign.isascii() and sign.isalnum())
        if len(code) != 16:
            raise forms.ValidationError(_("A tracking code has 16 letters and digits. Please check it."), code="length")
        return code
