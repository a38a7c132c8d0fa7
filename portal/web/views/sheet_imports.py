"""A table that comes in: it is read, shown with what is wrong in it, and only then registered."""

from typing import Any, ClassVar

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.utils.functional import Promise
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.web.forms.sheets import FileRows, SheetForm
from portal.web.views.manager import ManagerForm
from tenants.organizations.sheets import CheckedRow, Rows, Sheet

HOUR = 3600
MAX_SHEET = 1_500_000  # what a form may carry, with room for its other fields
SHOWN = 200  # rows in the preview; those with errors come first


def header(sheet: Sheet, *, exports: bool = False) -> dict[str, str]:
    """Return the names of the columns by fact, in the language of the reader."""
    columns = {**sheet.columns, **sheet.only_exported} if exports else sheet.columns
    place = 0 if (get_language() or "").startswith("zh") else 1
    return {fact: names[place] for fact, names in columns.items()}


class SheetImport(ManagerForm):
    """The table travels with the preview, signed, so that nothing is kept of one that nobody confirms.

    Subclasses name the `sheet` and its services, and the facts of the first two columns of the preview.
    """

    sheet: ClassVar[Sheet]
    shown: ClassVar[tuple[str, str]]
    preview_template: ClassVar[str]
    registered: ClassVar[str | Promise]  # with %(count)s
    form_class = SheetForm

    def check(self, rows: Rows) -> list[CheckedRow]:
        raise NotImplementedError

    def register(self, rows: Rows) -> int:
        """Register rows that are good, and return how many. Raises ValidationError."""
        raise NotImplementedError

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sheet": self.sheet}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "sheet" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            table = signing.loads(request.POST["sheet"], salt=self._salt(), max_age=HOUR)
        except signing.BadSignature:
            return self._again(_("The preview is too old. Choose the file again."))
        return self._register([(number, cells) for number, cells in table["rows"]], good=table["good"])

    def form_valid(self, form: Form) -> HttpResponse:
        return self._preview(form.cleaned_data["file"])

    def _register(self, rows: FileRows, *, good: int) -> HttpResponse:
        """Register the rows that are good. When others are good than the preview said, it is shown anew instead."""
        wanted = [(row.number, row.cells) for row in self.check(rows) if row.is_good]
        if len(wanted) != good:
            messages.warning(
                self.request, _("Something changed since. Nothing was registered; look at the rows again.")
            )
            return self._preview(rows)
        try:
            made = self.register(wanted)
        except ValidationError as broken:
            return self._again(" ".join(broken.messages))
        messages.success(self.request, self.registered % {"count": f"{made:,}"})
        return HttpResponseRedirect(self.get_success_url())

    def _preview(self, rows: FileRows) -> HttpResponse:
        checked = self.check(rows)
        names = header(self.sheet)
        good = sum(row.is_good for row in checked)
        sheet = signing.dumps({"rows": rows, "good": good}, salt=self._salt(), compress=True)
        if len(sheet) > MAX_SHEET:
            return self._again(_("The file is too large (4 MB)."))
        context = self.get_context_data(
            rows=[self._shown(row, names) for row in sorted(checked, key=lambda row: row.is_good)[:SHOWN]],
            columns=[names[fact] for fact in self.shown],
            total=len(checked),
            good=good,
            bad=len(checked) - good,
            sheet=sheet,
        )
        # The whole table stands in this page: names, phones, documents. No browser keeps a copy of it.
        headers = {"Cache-Control": "private, no-store"}
        return TemplateResponse(self.request, self.preview_template, context, headers=headers)

    def _shown(self, row: CheckedRow, names: dict[str, str]) -> dict[str, Any]:
        return {
            "number": row.number,
            "cells": [row.cells.get(fact, "") for fact in self.shown],
            "says": [{"column": names[fact], "text": text} for fact, text in row.errors],
        }

    def _again(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return HttpResponseRedirect(self.request.path)

    def _salt(self) -> str:
        return f"{self.section}:{self.tenant.pk}:{self.request.user.pk}"
