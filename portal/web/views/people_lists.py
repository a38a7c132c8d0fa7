"""Many people at once, from a table: who they are, and nothing that only they can say."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web import sheets
from portal.web.imports import IMPORTS
from portal.web.views.sheet_imports import SheetImport, header
from tenants.organizations.roles import Permission
from tenants.people.rules.sheets import PEOPLE


class PeopleImport(SheetImport):
    section = "people"
    permission = Permission.MANAGE_PEOPLE
    template_name = "web/people/import.html"
    preview_template = "web/people/import_preview.html"
    imported = IMPORTS["people"]
    shown = ("name", "room")
    registered = _("People added: %(count)s. Nobody was asked anything, and nothing about a face has happened.")

    def get_success_url(self) -> str:
        return reverse("people", args=[self.tenant.slug])


class PeopleTable(TenantPage, View):
    """An empty table to fill in: the names of the columns."""

    permission = Permission.MANAGE_PEOPLE
    http_method_names = ["get"]

    def get(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        return sheets.answer("people", list(header(PEOPLE).values()), [])
