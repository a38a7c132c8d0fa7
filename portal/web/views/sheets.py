"""What hangs at the door and lies at the desk, to look at and as PDF (Measures Art 13)."""

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from portal.web import notice_papers
from portal.web.forms.notices import SheetDoorForm
from portal.web.forms.papers import PapersForm
from portal.web.pdf import Drawer, answer, draw
from portal.web.reads import sheets
from portal.web.reads.notices import is_local
from portal.web.reads.ways import doors_of, joined, ways_at
from portal.web.views.manager import ManagerForm, ManagerPage
from portal.web.views.notices import OneNotice
from portal.work.models import Job
from tenants.organizations.roles import Permission
from tenants.premises.models import AccessPoint
from tenants.transparency.models import NoticeState


class PublishedSheet(OneNotice):
    """A draft hangs nowhere: it has neither a fingerprint nor an address."""

    permission = Permission.VIEW_NOTICES
    sheet: sheets.Sheet

    @cached_property
    def choice(self) -> SheetDoorForm:
        return SheetDoorForm(self.request.GET, doors=sheets.face_doors(self.tenant))

    @property
    def door(self) -> AccessPoint | None:
        """The door that the sheet is for; None for the one that may hang at every door."""
        return self.choice.cleaned_data.get("door") if self.choice.is_valid() else None

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.notice.state == NoticeState.DRAFT:
            messages.error(request, _("Only a published notice has a poster."))
            return redirect(self.address("notice"))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class SheetPage(PublishedSheet, ManagerPage):
    template_name = "web/notices/sheet.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = sheets.address_on(self.request, self.notice)
        contents = sheets.contents(
            sheet=self.sheet, tenant=self.tenant, notice=self.notice, address=address, door=self.door
        )
        return super().get_context_data(
            sheet=self.sheet,
            pdf=f"notice_{self.sheet.name}_pdf",
            choice=self.choice,
            doors=doors_of(self.tenant),
            is_local=is_local(address),
            **contents,
            **kwargs,
        )


class NoticePoster(SheetPage):
    sheet = sheets.POSTER


class NoticeSign(SheetPage):
    sheet = sheets.SIGN


class NoticeFlyer(SheetPage):
    sheet = sheets.FLYER


class NoticeDesk(SheetPage):
    sheet = sheets.DESK


class NoticePapers(PublishedSheet, ManagerForm):
    """All sheets of a notice as one file: which papers, in which languages. A worker draws them."""

    template_name = "web/notices/papers.html"
    form_class = PapersForm

    @cached_property
    def doors(self) -> list[AccessPoint]:
        return list(sheets.face_doors(self.tenant).prefetch_related("methods"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = sheets.address_on(self.request, self.notice)
        return super().get_context_data(
            doors=len(self.doors),
            faces_only=joined([door.name for door in self.doors if not ways_at(door)]),
            address=address,
            is_local=is_local(address),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> Job:
        return notice_papers.order(
            tenant=self.tenant,
            actor=self.request.user,
            notice=self.notice,
            address=sheets.address_on(self.request, self.notice),
            **data,
        )

    def get_success_url(self) -> str:
        return reverse("job", args=[self.tenant.slug, self.result.pk])


class SheetFile(PublishedSheet, ManagerPage):
    """The sheet as a PDF, in the language asked for or the reader's own."""

    drawer: Drawer = staticmethod(draw)

    def get_context_data(self, **_kwargs: Any) -> dict[str, Any]:
        wanted = self.request.GET.get("language", "")
        return {"language": wanted if wanted in dict(settings.LANGUAGES) else get_language()}

    def render_to_response(self, context: dict[str, Any], **_kwargs: Any) -> HttpResponse:
        language = context["language"]
        write = partial(
            sheets.pdf,
            sheet=self.sheet,
            tenant=self.tenant,
            notice=self.notice,
            address=sheets.address_on(self.request, self.notice),
            language=language,
            door=self.door,
            drawer=self.drawer,
        )
        return answer(
            self.request, write, name=f"{self.tenant.slug}-{self.sheet.name}-v{self.notice.version}-{language}"
        )


class PosterFile(SheetFile):
    sheet = sheets.POSTER


class SignFile(SheetFile):
    sheet = sheets.SIGN


class FlyerFile(SheetFile):
    sheet = sheets.FLYER


class DeskFile(SheetFile):
    sheet = sheets.DESK
