"""A file with a table, read into lines; what is in it is judged by its content."""

from collections.abc import Sequence
from typing import Any, NamedTuple

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.web import sheets
from portal.web.imports import LEFT_OUT, missing
from tenants.organizations.sheets import Sheet

SAMPLES = 3


class Table(NamedTuple):
    """A table as it came: the names of its columns, and its lines, the first cell of each its number in the file."""

    header: list[str]
    lines: list[list[str]]

    def samples(self, place: int) -> list[str]:
        """Return the first cells of a column that hold something."""
        cells = (line[place + 1] for line in self.lines if len(line) > place + 1)
        return [cell[:40] for cell, _number in zip(filter(None, cells), range(SAMPLES), strict=False)]


class SheetForm(forms.Form):
    # An empty file comes through, so that it gets its own sentence.
    file = forms.FileField(
        label=_("Table (CSV or XLSX)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,.xlsx,text/csv"}),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["file"].help_text = _(
            "At most %(count)s rows, as CSV (UTF-8 or GBK) or as a workbook. The first line names the columns; "
            "you say what each is if we do not know its name."
        ) % {"count": f"{sheet.max_rows:,}"}

    def clean_file(self) -> Table:
        header, *lines = sheets.parse(self.cleaned_data["file"].read(), max_rows=self.sheet.max_rows)
        if refused := [name for name in header[1:] if self.sheet.is_refused(name)]:
            raise ValidationError(
                _("No photo, face or consent comes in by a table: each person answers alone. Remove: %(names)s"),
                code="refused_columns",
                params={"names": ", ".join(name[:40] for name in refused[:10])},
            )
        if not lines:
            raise ValidationError(_("There is no row below the names of the columns."), code="empty")
        if any(len(line) > len(header) for line in lines):
            numbers = ", ".join(line[0] for line in lines if len(line) > len(header))[:60]
            raise ValidationError(
                _("These lines have more cells than there are columns: %(lines)s"),
                code="columns",
                params={"lines": numbers},
            )
        return Table(header[1:], lines)


class MappingForm(forms.Form):
    """One choice for each column: which fact it is, or none."""

    def __init__(self, *args: Any, sheet: Sheet, table: Table, names: dict[str, str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet, self.names, self.table = sheet, names, table
        choices = [(LEFT_OUT, _("Leave out")), *names.items()]
        for place, name in enumerate(table.header):
            label = name or _("Column %(number)s") % {"number": place + 1}
            field = forms.ChoiceField(label=label, choices=choices)
            if samples := table.samples(place):
                field.help_text = _("In it: %(cells)s") % {"cells": " · ".join(samples)}
            self.fields[f"column-{place}"] = field

    @property
    def mapping(self) -> list[str]:
        return [self.cleaned_data[name] for name in self.fields]

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        chosen = [data.get(name, LEFT_OUT) for name in self.fields]
        for fact in sorted({fact for fact in chosen if fact != LEFT_OUT and chosen.count(fact) > 1}):
            raise ValidationError(
                _("Two columns are “%(name)s”. Choose one of them."), code="twice", params={"name": self.names[fact]}
            )
        if lacking := missing(self.sheet, chosen):
            names = ", ".join(self.names[fact] for fact in lacking)
            raise ValidationError(_("Say which column is: %(names)s."), code="columns", params={"names": names})
        return data


def initial_of(mapping: Sequence[str]) -> dict[str, str]:
    return {f"column-{place}": fact for place, fact in enumerate(mapping)}
