"""Notices: the versions, the builder of a draft, a version as a resident sees it, and how two differ."""

from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.notices import GUIDE, NoticeForm
from portal.web.qr import qr_svg
from portal.web.reads import notices as reads
from portal.web.reads import sheets
from portal.web.reads.versions import compared
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.differences import difference
from tenants.transparency.rules.notices import FIELDS, ITEMS
from tenants.transparency.services import notices as services


class NoticeList(ManagerList):
    permission = Permission.VIEW_NOTICES
    section = "notices"
    template_name = "web/notices/list.html"

    def get_rows(self) -> Any:
        return Notice.objects.filter(tenant=self.tenant).select_related("published_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notice.objects.filter(tenant=self.tenant)
        current = rows.current()
        return super().get_context_data(
            current=current,
            today=timezone.localdate(),
            draft=rows.filter(state=NoticeState.DRAFT).first(),
            names_other_storage=current is not None and current.storage_mode != self.tenant.storage_mode,
            **kwargs,
        )


class NoticeDraft(TenantPage, View):
    """Begin the next version, or go on with the one that is open."""

    permission = Permission.MANAGE_NOTICES
    http_method_names = ["post"]

    def post(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        draft = services.start_draft(tenant=self.tenant, actor=self.request.user)
        return redirect("notice_edit", self.tenant.slug, draft.pk)


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

    def address(self, name: str) -> str:
        return reverse(name, args=[self.tenant.slug, self.notice.pk])

    def get_success_url(self) -> str:
        return self.address("notice")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        own = {
            "notice": self.notice,
            "current": self.current,
            "is_current": self.current is not None and self.current.pk == self.notice.pk,
            "is_waiting": self.notice.published_at is not None and self.notice.effective_on > timezone.localdate(),
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


class NoticeEdit(DraftOnly, ManagerForm):
    """The builder. A draft that somebody saved meanwhile is not overwritten: the typed words stay, and where they
    differ from the saved ones is shown.
    """

    permission = Permission.MANAGE_NOTICES
    template_name = "web/notices/edit.html"
    form_class = NoticeForm
    done = gettext_lazy("The draft was saved.")

    def get_initial(self) -> dict[str, Any]:
        return self.notice.texts | {"seen": self.notice.updated_at.isoformat()}

    def perform(self, data: dict[str, Any]) -> Notice:
        seen = data.pop("seen") or None
        return services.edit(tenant=self.tenant, notice=self.notice, actor=self.request.user, seen=seen, **data)

    def form_invalid(self, form: NoticeForm) -> HttpResponse:
        theirs: dict[str, Any] = {}
        if form.has_error(NON_FIELD_ERRORS, "edited_meanwhile"):
            self.see_again(form)
            saved, typed = self.notice.texts, form.texts()
            theirs = {field: difference(saved[field], typed[field]) for field in FIELDS if saved[field] != typed[field]}
        return self.render_to_response(self.get_context_data(form=form, theirs=theirs))

    def get_success_url(self) -> str:
        steps = {"preview": "notice_preview", "publish": "notice_publish"}
        return self.address(steps.get(self.request.POST.get("next", ""), "notice_edit"))

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        groups = reads.editor(context["form"], kwargs.get("theirs", {}), tenant=self.tenant)
        complete = sum(item["state"]["tone"] == "ok" for group in groups for item in group["items"])
        return context | {"groups": groups, "complete": complete, "items_count": len(ITEMS)}


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
        contents = sheets.contents(self.request, tenant=self.tenant, notice=self.notice)
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
