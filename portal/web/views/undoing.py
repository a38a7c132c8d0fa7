"""The button beside a message: take back what was just done."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.generic import View

from portal.sign_in import again
from portal.tenancy import TenantPage
from portal.web import undo
from portal.web.views.manager import press
from tenants.organizations.roles import Permission


class Undo(TenantPage, View):
    """Each act has its own right (`portal/web/undo.py`); a sensitive one asks who it is, as the act itself did."""

    permission = Permission.VIEW_HOME
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        token = request.POST.get("token", "")
        try:
            note = undo.read(token, tenant=self.tenant, user=request.user)
        except ValidationError as over:
            messages.error(request, over.messages[0])
            return redirect("today", self.tenant.slug)
        asked = again.ask(request) if undo.UNDOS[note.act].is_sensitive else None
        if asked:
            return asked
        if press(request, lambda: undo.take_back(token, tenant=self.tenant, user=request.user)):
            messages.success(request, _("It is taken back: everything is as it was."))
        return redirect(undo.UNDOS[note.act].page(self.tenant, note))
