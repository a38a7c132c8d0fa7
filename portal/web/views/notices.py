"""Notices: the versions, one of them as a resident sees it, and how two differ."""

from typing import Any

from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from portal.web.forms.notices import GUIDE
from portal.web.qr import qr_svg
from portal.web.reads import notices as reads
from portal.web.reads import sheets
from portal.web.reads.versions import compared, overtaken
from portal.web.views.manager import ManagerList, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import ITEMS


class NoticeList(ManagerList):
    permission = Permission.VIEW_NOTICES
    section = "notices"
    template_name = "web/notices/list.html"

    def get_rows(self) -> Any:
        return Notice.objects.filter(tenant=self.tenant).select_related("published_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notice.objects.filter(tenant=self.tenant)
        current, overtaken_by = rows.current(), overtaken(self.tenant)
        context = super().get_context_data(
            current=current,
            today=timezone.localdate(),
            draft=rows.filter(state=NoticeState.DRAFT).first(),
            names_other_storage=current is not None and current.storage_mode != self.tenant.storage_mode,
            **kwargs,
        )
        for row in context["object_list"]:
            row.overtaken_by = None if row.state == NoticeState.DRAFT else overtaken_by.get(row.version)
        return context


class OneNotice(ManagerMixin):
    """A page about the notice that the address names."""

    section = "notices"

    @cached_property
    def notice(self) -> Notice:
        rows = Notice.objects.filter(tenant=self.tenant).select_related("published_by")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def current(self) -> Notice | None:
        return Notice.objects.filter(tenant=self.tenant).current()

    @cached_property
    def overtaken_by(self) -> int | None:
        return None if self.notice.published_at is None else overtaken(self.tenant).get(self.notice.version)

    @property
    def is_waiting(self) -> bool:
        is_to_come = self.notice.published_at is not None and self.notice.effective_on > timezone.localdate()
        return is_to_come and self.overtaken_by is None

    def address(self, name: str) -> str:
        return reverse(name, args=[self.tenant.slug, self.notice.pk])

    def get_success_url(self) -> str:
        return self.address("notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "notice": self.notice,
            "current": self.current,
            "is_current": self.current is not None and self.current.pk == self.notice.pk,
            "is_waiting": self.is_waiting,
            "overtaken_by": self.overtaken_by,
        }
        return super().get_context_data(**own | kwargs)


class DraftOnly(OneNotice):
    """A published notice never changes: its pages of change lead to the notice itself."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.notice.state != NoticeState.DRAFT:
            return redirect(self.address("notice"))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View

    def see_again(self, form: Form) -> None:
        """Take the draft as it is now for what the member has seen: the next press is meant."""
        del self.notice
        form.data = form.data.copy()
        form.data["seen"] = self.notice.updated_at.isoformat()


class NoticePage(OneNotice, ManagerPage):
    """A version as it is: its texts, and for a published one its address and code."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.notice
        address = reads.permanent_address(self.request, notice) if notice.content_hash else ""
        return super().get_context_data(
            items=[
                {
                    "title": GUIDE[item][0],
                    "article": GUIDE[item][2],
                    "zh": getattr(notice, f"{item}_zh"),
                    "en": getattr(notice, f"{item}_en"),
                }
                for item in ITEMS
            ],
            public_url=reads.public_address(self.request, self.tenant),
            permanent_url=address,
            code=qr_svg(address, label=_("QR code of the notice's public address")) if address else "",
            others=Notice.objects.filter(tenant=self.tenant).published().exclude(pk=notice.pk).order_by("-version"),
            **kwargs,
        )


class NoticePreview(OneNotice, ManagerPage):
    """The notice as a resident sees it, on the phone and at the door, from the public templates themselves."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/preview.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = sheets.address_on(self.request, self.notice)
        contents = sheets.contents(sheet=sheets.POSTER, tenant=self.tenant, notice=self.notice, address=address)
        return super().get_context_data(**contents, **kwargs)


class NoticeDifference(OneNotice, ManagerPage):
    """What changed since an earlier version, sentence by sentence (PIPL 17)."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/difference.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        published = Notice.objects.filter(tenant=self.tenant).published()
        before = get_object_or_404(published, version=self.kwargs["version"])
        return super().get_context_data(
            before=before,
            others=published.exclude(pk__in=[before.pk, self.notice.pk]).order_by("-version"),
            **compared(before, self.notice),
            **kwargs,
        )
