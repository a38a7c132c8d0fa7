"""The two clocks of a property."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class RetentionForm(forms.Form):
    face_days = forms.IntegerField(
        label=_("Days a face is kept"),
        min_value=1,
        max_value=365,
        help_text=_(
            "Counted from the enrolment, at most 365. The end of a lease or stay comes first when it is earlier."
        ),
    )
    event_days = forms.IntegerField(
        label=_("Days a door event is kept"),
        min_value=30,
        max_value=180,
        help_text=_("From 30 to 180. An event holds no image and no face; a failed match names nobody."),
    )

    def __init__(self, *args: Any, preview_url: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # The count below follows the typing; without a script it is asked when saving.
        self.fields["face_days"].widget.attrs |= {
            "hx-get": preview_url,
            "hx-trigger": "input changed delay:300ms",
            "hx-target": "#preview",
            "hx-select": "#preview",
            "hx-swap": "outerHTML",
        }
