"""A table that comes in: it is read, its columns are named, what is wrong is shown, and only then it is registered."""

from typing import Any, ClassVar, NamedTuple

from django.contrib import messages
from django.core import signing
from django.core.exceptions import ValidationError
from django.forms import Form
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _

from portal.web import imports
from portal.web.forms.sheets import MappingForm, SheetForm, Table, initial_of
from portal.web.imports import TableImport
from portal.web.views.manager import ManagerForm
from portal.work import choices, services
from portal.work.kinds import JobKind
from tenants.organizations.sheets import CheckedRow, Rows, Sheet, called, plain

HOUR = 3600
MAX_SHEET = 1_500_000  # what a form may carry, with room for its other fields
SHOWN = 200  # rows in the preview; those with errors come first
AT_ONCE = 200  # rows that are registered while the member waits; more are a worker's


def header(sheet: Sheet, *, exports: bool = False) -> dict[str, str]:
    """Return the names of the columns by fact, in the language of the reader."""
    columns = {**sheet.columns, **sheet.only_exported} if exports else sheet.columns
    return {fact: called(names) for fact, names in columns.items()}


class Carried(NamedTuple):
    """What travels from page to page: the table as it came, what its columns are, how many rows were good."""

    table: Table
    mapping: list[str]
    good: int = 0


class SheetImport(ManagerForm):
    """The table travels with each page, signed, so that nothing is kept of one that nobody confirms.

    Subclasses name the import, the facts of the first two columns of the preview, and what is said afterwards.
    """

    imported: ClassVar[TableImport]
    shown: ClassVar[tuple[str, str]]
    preview_template: ClassVar[str]
    registered: ClassVar[str | Promise]  # with %(count)s
    form_class = SheetForm

    @property
    def sheet(self) -> Sheet:
        return self.imported.sheet

    def check(self, rows: Rows) -> list[CheckedRow]:
        return self.imported.check(self.tenant, rows)

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"sheet": self.sheet}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if "sheet" not in request.POST:
            return super().post(request, *args, **kwargs)
        try:
            found = signing.loads(request.POST["sheet"], salt=self._salt(), max_age=HOUR)
        except signing.BadSignature:
            return self._again(_("The preview is too old. Choose the file again."))
        carried = Carried(Table(*found["table"]), found["mapping"], found["good"])
        if "columns" in request.POST:
            return self._ask(carried)
        return self._named(carried) if "named" in request.POST else self._register(carried)

    def form_valid(self, form: Form) -> HttpResponse:
        table = form.cleaned_data["file"]
        known = choices.choice_of(tenant=self.tenant, user=self.request.user, listing=self._remembered_as).mapping
        mapping, is_sure = imports.guess(self.sheet, table.header, known)
        carried = Carried(table, mapping)
        return self._preview(carried) if is_sure else self._ask(carried)

    def _ask(self, carried: Carried, form: MappingForm | None = None) -> HttpResponse:
        """Show each column with its first cells, and what we take it for."""
        form = form or self._mapping_form(carried, initial=initial_of(carried.mapping))
        return self._page("web/sheets/columns.html", carried, form=form)

    def _named(self, carried: Carried) -> HttpResponse:
        form = self._mapping_form(carried, data=self.request.POST)
        if not form.is_valid():
            return self._ask(carried, form)
        choices.remember_mapping(
            tenant=self.tenant,
            user=self.request.user,
            listing=self._remembered_as,
            mapping={
                plain(name)[:80]: fact for name, fact in zip(carried.table.header, form.mapping, strict=True) if name
            },
        )
        return self._preview(carried._replace(mapping=form.mapping))

    def _mapping_form(self, carried: Carried, **kwargs: Any) -> MappingForm:
        return MappingForm(sheet=self.sheet, table=carried.table, names=header(self.sheet), **kwargs)

    def _register(self, carried: Carried) -> HttpResponse:
        """Register the rows that are good. When others are good than the preview said, it is shown anew instead."""
        checked = self.check(imports.rows_of(carried.table.lines, carried.mapping))
        wanted = [(row.number, row.cells) for row in checked if row.is_good]
        if len(wanted) != carried.good:
            messages.warning(
                self.request, _("Something changed since. Nothing was registered; look at the rows again.")
            )
            return self._preview(carried)
        try:
            if len(wanted) > AT_ONCE:
                return self._start(wanted)
            made = self.imported.register(self.tenant, self.request.user, wanted)
        except ValidationError as broken:
            return self._again(" ".join(broken.messages))
        messages.success(self.request, self.registered % {"count": f"{made:,}"})
        return HttpResponseRedirect(self.get_success_url())

    def _start(self, rows: Rows) -> HttpResponse:
        job = services.start(
            tenant=self.tenant,
            actor=self.request.user,
            kind=JobKind.IMPORT,
            what=self.imported.name,
            asked={"table": self.imported.name, "rows": rows},
            total=len(rows),
        )
        return HttpResponseRedirect(reverse("job", args=[self.tenant.slug, job.pk]))

    def _preview(self, carried: Carried) -> HttpResponse:
        checked = self.check(imports.rows_of(carried.table.lines, carried.mapping))
        names = header(self.sheet)
        good = sum(row.is_good for row in checked)
        return self._page(
            self.preview_template,
            carried._replace(good=good),
            rows=[self._shown(row, names) for row in sorted(checked, key=lambda row: row.is_good)[:SHOWN]],
            columns=[names[fact] for fact in self.shown],
            total=len(checked),
            good=good,
            bad=len(checked) - good,
        )

    def _page(self, template: str, carried: Carried, **context: Any) -> HttpResponse:
        sheet = signing.dumps(carried._asdict(), salt=self._salt(), compress=True)
        if len(sheet) > MAX_SHEET:
            return self._again(_("The file is too large (4 MB)."))
        # The whole table stands in this page: names, phones, documents. No browser keeps a copy of it.
        headers = {"Cache-Control": "private, no-store"}
        shown = self.get_context_data(sheet=sheet, **context)
        return TemplateResponse(self.request, template, shown, headers=headers)

    def _shown(self, row: CheckedRow, names: dict[str, str]) -> dict[str, Any]:
        return {
            "number": row.number,
            "cells": [row.cells.get(fact, "") for fact in self.shown],
            "says": [{"column": names[fact], "text": text} for fact, text in row.errors],
        }

    def _again(self, sentence: str) -> HttpResponse:
        messages.error(self.request, sentence)
        return HttpResponseRedirect(self.request.path)

    @property
    def _remembered_as(self) -> str:
        return f"{self.imported.name}.table"

    def _salt(self) -> str:
        return f"{self.section}:{self.tenant.pk}:{self.request.user.pk}"
