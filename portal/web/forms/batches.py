"""Several photos, or one zip of them."""

from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _


class SeveralFiles(forms.FileInput):
    allow_multiple_selected = True


class FilesField(forms.FileField):
    """Gives the list of files."""

    widget = SeveralFiles

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data if isinstance(data, list) and data else [None]
        return [super(FilesField, self).clean(file, initial) for file in files]


class PhotosForm(forms.Form):
    files = FilesField(
        label=_("Photos or a zip"),
        # An empty file comes through and is refused in its own row.
        allow_empty_file=True,
        widget=SeveralFiles(attrs={"accept": "image/jpeg,image/png,image/webp,.zip", "data-batch-files": ""}),
        help_text=_("Each file's name begins with the person's code, like 3F2A9C01.jpg. A zip of at most 64 MB."),
        error_messages={"required": _("Choose photos or a zip first.")},
    )
