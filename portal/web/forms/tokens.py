"""The form of an API token: what for, what it may do, and until when."""

from collections.abc import Collection
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from portal.security import tokens
from tenants.organizations.roles import Permission


class TokenForm(forms.Form):
    """Nothing is ticked: a token gets what its program needs, and no more."""

    name = forms.CharField(
        label=_("What it is for"),
        max_length=80,
        help_text=_("The program and where it runs, so that you know later which one this is."),
    )
    scopes = forms.MultipleChoiceField(
        label=_("What it may do"),
        widget=forms.CheckboxSelectMultiple(),
        help_text=_("Only what the program needs. When you lose a right here, the token loses it too."),
    )
    days = forms.TypedChoiceField(
        label=_("Ends after"), coerce=int, initial=tokens.USUAL_DAYS, help_text=_("Then make a new one.")
    )

    def __init__(self, *args: Any, granted: Collection[Permission], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        allowed = tokens.may_give(granted)
        self.fields["scopes"].choices = [(permission.value, permission.label) for permission in allowed]  # type: ignore[attr-defined]
        self.fields["days"].choices = [  # type: ignore[attr-defined]
            (days, ngettext("%(days)s day", "%(days)s days", days) % {"days": days}) for days in tokens.DAYS
        ]
