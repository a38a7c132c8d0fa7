"""What hangs at the door: the A4 poster and the door sign, to look at and as PDF (Measures Art 13)."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.web.reads import sheets
from portal.web.views.manager import ManagerPage
from portal.web.views.notices import OneNotice
from tenants.organizations.roles import Permission
from tenants.transparency.models import NoticeState


class PublishedSheet(OneNotice):
    """A draft hangs nowhere: it has neither a fingerprint nor an address."""

    permission = Permission.VIEW_NOTICES
    sheet: sheets.Sheet

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.notice.state == NoticeState.DRAFT:
            messages.error(request, _("Only a published notice has a poster."))
            return redirect(self.address("notice"))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class SheetPage(PublishedSheet, ManagerPage):
    template_name = "web/notices/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        contents = sheets.contents(self.request, tenant=self.tenant, notice=self.notice)
        return super().get_context_data(sheet=self.sheet, pdf=f"notice_{self.sheet.name}_pdf", **contents, **kwargs)


class NoticePoster(SheetPage):
    sheet = sheets.POSTER


class NoticeSign(SheetPage):
    sheet = sheets.SIGN


class SheetFile(PublishedSheet, ManagerPage):
    """The sheet as a PDF, in the language asked for or the reader's own."""

    def get_context_data(self, **_kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("language", "")
        return {"language": wanted if wanted in dict(settings.LANGUAGES) else get_language()}

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        language = context["language"]
        body = sheets.pdf(self.request, sheet=self.sheet, tenant=self.tenant, notice=self.notice, language=language)
        name = f"{self.tenant.slug}-{self.sheet.name}-v{self.notice.version}-{language}.pdf"
        return HttpResponse(
            body, content_type="application/pdf", headers={"Content-Disposition": f'inline; filename="{name}"'}
        )


class PosterFile(SheetFile):
    sheet = sheets.POSTER


class SignFile(SheetFile):
    sheet = sheets.SIGN
