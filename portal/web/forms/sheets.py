"""A file with a table, read into rows; what is in it is judged by its content."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from portal.web import sheets
from tenants.organizations.sheets import Sheet

FileRows = list[tuple[int, dict[str, str]]]


class SheetForm(forms.Form):
    # An empty file comes through, so that it gets its own sentence.
    file = forms.FileField(
        label=_("Table (CSV)"),
        allow_empty_file=True,
        widget=forms.FileInput(attrs={"accept": ".csv,text/csv"}),
    )

    def __init__(self, *args: Any, sheet: Sheet, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.sheet = sheet
        self.fields["file"].help_text = _(
            "UTF-8 or GBK, at most %(count)s rows. The first line names the columns, in Chinese or English."
        ) % {"count": f"{sheet.max_rows:,}"}

    def clean_file(self) -> FileRows:
        """Return the rows: (number of the line, fact → cell)."""
        header, *lines = sheets.parse(self.cleaned_data["file"].read(), max_rows=self.sheet.max_rows)
        columns = self._columns(header[1:])
        if not lines:
            raise ValidationError(_("There is no row below the names of the columns."), code="empty")
        if any(len(line) > len(header) for line in lines):
            numbers = ", ".join(line[0] for line in lines if len(line) > len(header))[:60]
            raise ValidationError(
                _("These lines have more cells than there are columns: %(lines)s"),
                code="columns",
                params={"lines": numbers},
            )
        return [
            (int(line[0]), {fact: line[place + 1] for fact, place in columns.items() if place + 1 < len(line)})
            for line in lines
        ]

    def _columns(self, header: list[str]) -> dict[str, int]:
        columns, strange = self.sheet.columns_of(header)
        if refused := [name for name in strange if self.sheet.is_refused(name)]:
            raise ValidationError(
                _("No photo, face or consent comes in by a table: each person answers alone. Remove: %(names)s"),
                code="refused_columns",
                params={"names": _listed(refused)},
            )
        if strange:
            raise ValidationError(
                _("These columns are not known, or come twice: %(names)s"),
                code="columns",
                params={"names": _listed(strange)},
            )
        missing = [" / ".join(self.sheet.columns[fact][:2]) for fact in self.sheet.needed if fact not in columns]
        if missing:
            raise ValidationError(
                _("These columns are missing: %(names)s"), code="columns", params={"names": ", ".join(missing)}
            )
        return columns


def _listed(names: list[str]) -> str:
    return ", ".join(name[:40] for name in names[:10])
