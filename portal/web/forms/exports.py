"""Which columns of a list go into a file, and of which kind the file is."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from portal.web.exports import FORMATS
from portal.web.listings.listing import Listing


class ExportForm(forms.Form):
    format = forms.ChoiceField(label=_("Kind of file"), choices=list(FORMATS.items()), widget=forms.RadioSelect)
    columns = forms.MultipleChoiceField(
        label=_("Columns"), widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"})
    )

    def __init__(self, *args: Any, listing: Listing, chosen: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["columns"]
        field.choices = [(column.key, column.label) for column in listing.columns]
        shown = listing.shown(chosen)
        field.initial = [column.key for column in listing.columns if column.key in shown or not column.on_page]
        self.fields["format"].initial = "xlsx"
