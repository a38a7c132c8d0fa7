"""What somebody sends from the page of their request."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from tenants.rights.rules.papers import MOST_BYTES, MOST_PAPERS


class ProofForm(forms.Form):
    code = forms.CharField(
        label=_("The code from the message"),
        max_length=20,
        widget=forms.TextInput(attrs={"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": _("Type the code from the message.")},
    )


class Papers(forms.FileInput):
    allow_multiple_selected = True


class PapersField(forms.FileField):
    """Several files as (name, content). How many and how large is checked before anything is read."""

    widget = Papers

    def clean(self, data: Any, initial: Any = None) -> list[tuple[str, bytes]]:
        files: list[UploadedFile] = [file for file in (data if isinstance(data, list) else [data]) if file]
        if len(files) > MOST_PAPERS:
            raise forms.ValidationError(_("Up to 3 files at once are taken."), code="too_many")
        if any((file.size or 0) > MOST_BYTES for file in files):
            raise forms.ValidationError(_("This file is too large. Up to 2 MB are taken."), code="too_large")
        return [(file.name or "", file.read()) for file in files]


class WriteForm(forms.Form):
    """A message from the person, with papers."""

    text = forms.CharField(
        label=_("Your message"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        error_messages={"required": _("Write something.")},
    )
    papers = PapersField(
        label=_("Papers"),
        help_text=_("PDF or plain text, up to 3 files of 2 MB. No photo of you or of an identity card."),
        required=False,
        widget=Papers(attrs={"accept": ".pdf,.txt,application/pdf,text/plain", "multiple": True}),
    )
