"""Which papers of a notice are printed, and in which languages."""

from typing import Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from portal.web.reads.sheets import SHEETS


class PapersForm(forms.Form):
    """Everything is chosen at first."""

    papers = forms.MultipleChoiceField(
        label=_("Papers"),
        choices=[(sheet.name, sheet.title) for sheet in SHEETS.values()],
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"}),
        help_text=_(
            "Poster and door sign: one for each door that offers a face, with the other ways to pass there. "
            "Flyer and desk script: one for all doors."
        ),
    )
    languages = forms.MultipleChoiceField(
        label=_("Languages"),
        choices=settings.LANGUAGES,
        widget=forms.CheckboxSelectMultiple(attrs={"class": "choices-row"}),
        help_text=_("The desk script has both languages on one sheet."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            field.initial = [value for value, _label in field.choices]
