"""What members say about an alert, and how they want to be told of one."""

from django import forms
from django.utils.translation import gettext_lazy as _


class HandleForm(forms.Form):
    text = forms.CharField(
        label=_("What did you do?"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("For example: asked the member, it was a search for a lost parcel. Without names of residents."),
    )
    is_false = forms.BooleanField(label=_("It was a false alarm"), required=False)


class OptionsForm(forms.Form):
    phone = forms.CharField(
        label=_("Phone on duty"),
        max_length=40,
        required=False,
        help_text=_("Gets a text message for alerts of high severity, if the portal has a gateway for them."),
    )
    locks_accounts = forms.BooleanField(
        label=_("Lock the account when a member reads, searches or takes out far too much"),
        required=False,
        help_text=_("Its sessions end, and it cannot open this property until an owner takes it back."),
    )
    suspends_devices = forms.BooleanField(
        label=_("Suspend the device when its terminal is not what or where it should be"),
        required=False,
        help_text=_("It opens for no face until a member activates it again. Cards, PINs and the desk go on."),
    )
