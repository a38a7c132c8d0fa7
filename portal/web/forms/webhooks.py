"""The form of a webhook: where a program listens, and for what."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.security.webhooks.events import Event


class WebhookForm(forms.Form):
    """Nothing is ticked: a program is told what it needs."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        required=False,
        help_text=_("The program that listens there, so that you know later which one this is."),
    )
    url = forms.CharField(
        label=_("Address"),
        max_length=500,
        widget=forms.TextInput(attrs={"inputmode": "url", "autocomplete": "off", "spellcheck": "false"}),
        help_text=_("Begins with https://. Only addresses on the open internet are called."),
    )
    events = forms.MultipleChoiceField(
        label=_("Events"),
        choices=Event.choices,
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Each message says ids, numbers, codes and days, and no name."),
    )
