"""Why a terminal is declared lost."""

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.forms.duties import Duty, explains


@explains(
    reason=Duty("PIPL 57"),
)
class LossForm(forms.Form):
    reason = forms.CharField(
        label=_("What happened to it"),
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Such as: stolen on 3 March, reported to the police; or broken and scrapped by the installer."),
    )
