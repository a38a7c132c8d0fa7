"""What anybody may send without an account."""

from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from tenants.rights.kinds import Requester, RequestKind

# In the words of the person, not of the law: what it is, and what comes of it.
KIND_WORDS = {
    RequestKind.ACCESS: (_("See what is held about me"), _("You get to read everything we hold, why, and since when.")),
    RequestKind.COPY: (_("Get a copy of my data"), _("The same as a file, to keep.")),
    RequestKind.TRANSFER: (_("Hand my data on"), _("A file in an open format, for you or for somebody you choose.")),
    RequestKind.CORRECT: (_("Correct something"), _("Write what is wrong and how it should be.")),
    RequestKind.DELETE: (
        _("Delete my face and my data"),
        _("Everything goes: face, name, cards, PIN and QR pass."),
    ),
    RequestKind.RESTRICT: (_("Pause the use of my data"), _("It is kept and not used, until you say so.")),
    RequestKind.WITHDRAW: (
        _("Take back my yes"),
        _("The doors stop using the face, and it is deleted. Your cards stay."),
    ),
    RequestKind.EXPLAIN: (_("Explain a decision"), _("Why a door did not open, in plain words.")),
}

ASKER_WORDS = [
    (Requester.SELF, _("Myself")),
    (Requester.GUARDIAN, _("My child, or somebody I am guardian of")),
    (Requester.RELATIVE, _("A close relative who has died")),
    (Requester.REPRESENTATIVE, _("Somebody who has asked me to")),
]


def _said(words: Any, explained: Any) -> SafeString:
    return format_html("<span>{}<small>{}</small></span>", words, explained)


_said_lazily = lazy(_said, SafeString)
KINDS = [(kind.value, _said_lazily(*words)) for kind, words in KIND_WORDS.items()]


class RequestForm(forms.Form):
    """A request in plain words. Who asks for somebody else says for whom."""

    kind = forms.ChoiceField(
        label=_("What do you want?"),
        choices=KINDS,
        widget=forms.RadioSelect,
        error_messages={"required": _("Choose one of these."), "invalid_choice": _("Choose one of these.")},
    )
    asked_by = forms.ChoiceField(
        label=_("For whom do you ask?"),
        choices=[(kind.value, label) for kind, label in ASKER_WORDS],
        widget=forms.RadioSelect,
        initial=Requester.SELF.value,
        error_messages={"required": _("Say for whom you ask."), "invalid_choice": _("Say for whom you ask.")},
    )
    relation = forms.CharField(
        label=_("If it is for somebody else: their name, and what you are to them"),
        help_text=_("For example: Li Xiaobao, my son. Send no papers; the desk asks if it needs to know more."),
        max_length=200,
        required=False,
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
        error_messages={"required": _("Write your name.")},
    )
    contact = forms.CharField(
        label=_("Your phone or e-mail"),
        help_text=_("The one that the property has of you. We use it only to make sure that it is you."),
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

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        require_relation(self, data)
        require_correction(self, data)
        return data


def require_relation(form: forms.Form, data: dict[str, Any]) -> None:
    """Put an error beside `relation` when somebody asks for another and does not say for whom."""
    if data.get("asked_by", Requester.SELF) != Requester.SELF and not data.get("relation", "").strip():
        form.add_error(
            "relation", forms.ValidationError(_("Write for whom you ask, and what you are to them."), "required")
        )


def require_correction(form: forms.Form, data: dict[str, Any]) -> None:
    """Put an error beside `message` when a correction does not say what is wrong."""
    if data.get("kind") == RequestKind.CORRECT and not data.get("message", "").strip():
        form.add_error("message", forms.ValidationError(_("Write what is wrong and how it should be."), "required"))


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
