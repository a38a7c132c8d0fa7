"""A list of people who move out: pasted, from a file, or picked."""

import re
from typing import Any
from unicodedata import normalize

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.web import sheets
from tenants.people.models import Person
from tenants.rights.services.move_outs import MOST_AT_ONCE

_BETWEEN = re.compile("[\n\r\t,;\u3001\uff0c\uff1b]+")


class MoveOutListForm(forms.Form):
    """What was pasted and what a file holds, as plain words; each is a home, a phone, a name or a person's code."""

    listed = forms.CharField(
        label=_("Homes, phones, names or codes"),
        help_text=_("One in a line, or with commas between. Everybody who lives in a home is found by it."),
        required=False,
        max_length=20000,
        widget=forms.Textarea(attrs={"rows": 6}),
    )
    file = forms.FileField(
        label=_("Or a table (CSV)"),
        help_text=_("The first column counts."),
        required=False,
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.txt,text/csv,text/plain"}),
    )
    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(), required=False, widget=forms.MultipleHiddenInput
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people

    def clean_file(self) -> list[str]:
        file = self.cleaned_data.get("file")
        if not file:
            return []
        return [line[1] for line in sheets.parse(file.read(), max_rows=MOST_AT_ONCE) if len(line) > 1]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        pasted = _BETWEEN.split(data.get("listed", ""))
        words = [normalize("NFKC", word).strip()[:80] for word in [*pasted, *data.get("file", [])]]
        data["words"] = list(dict.fromkeys(word for word in words if word))
        if len(data["words"]) > MOST_AT_ONCE:
            raise forms.ValidationError(_("At most 200 people at once. Make two lists."), code="too_many")
        if not self.errors and not data["words"] and not data.get("people"):
            self.add_error("listed", forms.ValidationError(_("Write who moves out, or pick people below."), "required"))
        return data


class MoveOutForm(forms.Form):
    """The people that were ticked on the preview."""

    people = forms.ModelMultipleChoiceField(
        queryset=Person.objects.none(),
        error_messages={
            "required": _("Choose at least one person."),
            "invalid_choice": _("Somebody on the list was erased meanwhile. Look at the list again."),
        },
    )

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["people"].queryset = people
