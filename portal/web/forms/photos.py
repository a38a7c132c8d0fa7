"""One photo. What is in the file is judged by the service, not by its name or declared type."""

from django import forms
from django.utils.translation import gettext_lazy as _


class PhotoForm(forms.Form):
    # An empty file comes through, so that it gets its own sentence.
    photo = forms.FileField(
        label=_("Photo"), allow_empty_file=True, error_messages={"required": _("Take or choose a photo first.")}
    )

    def clean_photo(self) -> bytes:
        return self.cleaned_data["photo"].read()
