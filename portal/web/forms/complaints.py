"""Complaining, and answering a complaint."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains


class ComplaintForm(forms.Form):
    """A name is not asked for: whoever wants to say who they are, can."""

    text = forms.CharField(
        label=_("What is wrong?"),
        help_text=_("Where, when and what happened, as far as you remember."),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        error_messages={"required": _("Write what is wrong.")},
    )
    name = forms.CharField(
        label=_("Your name"),
        max_length=80,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact = forms.CharField(
        label=_("Your phone or e-mail"),
        help_text=_("Only if you want to be asked something. The answer stands behind the code you get next."),
        max_length=120,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "tel"}),
    )


@explains(
    text=Duty("NDSMR 20"),
)
class AnswerForm(forms.Form):
    text = forms.CharField(
        label=_("What you answer"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Whoever complained reads this with the tracking code, beside the address of the authority."),
        error_messages={"required": _("A complaint is closed with an answer.")},
    )
