"""The form that takes a certificate to check it: pasted, or the file itself."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.rights.certificate_text import MOST_BYTES


class CertificateForm(forms.Form):
    text = forms.CharField(
        label=_("Text of the certificate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false", "autocomplete": "off"}),
        help_text=_("Open the JSON file and copy all of it. Line breaks before and after it do not matter."),
    )
    file = forms.FileField(
        label=_("Or the file itself"),
        required=False,
        widget=forms.ClearableFileInput(attrs={"accept": ".json,application/json"}),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        file = data.get("file")
        if file is None and not data.get("text"):
            raise ValidationError(_("Paste the certificate, or choose its file."), code="required")
        if file is not None and file.size > MOST_BYTES:
            raise ValidationError({"file": ValidationError(_("The file is too large."), code="too_large")})
        data["content"] = file.read() if file is not None else data["text"].encode()
        return data
