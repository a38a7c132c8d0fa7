"""The builder of a notice: begin a draft, go on with it, and keep every typed word whatever a colleague does."""

from http import HTTPStatus
from typing import Any

from django.core.exceptions import NON_FIELD_ERRORS
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.notices import NoticeForm
from portal.web.reads import notices as reads
from portal.web.views.manager import ManagerForm, ManagerMixin
from portal.web.views.notices import DraftOnly
from tenants.organizations.roles import Permission
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.differences import difference
from tenants.transparency.rules.notices import FIELDS, ITEMS
from tenants.transparency.services import notices as services


class NoticeDraft(TenantPage, View):
    """Begin the next version, or go on with the one that is open."""

    permission = Permission.MANAGE_NOTICES
    http_method_names = ["post"]

    def post(self, request: HttpRequest, **kwargs: Any) -> HttpResponse:
        """Words that outlived their draft come along: into a new one, or to compare with the one that is open."""
        form, brings_words = NoticeForm(request.POST), FIELDS[0] in request.POST
        typed = form.texts() if brings_words and form.is_valid() else {}
        draft = services.start_draft(tenant=self.tenant, actor=request.user, **typed)
        if brings_words and draft.texts != typed:
            return NoticeEdit.as_view()(request, slug=self.tenant.slug, pk=draft.pk)
        return redirect("notice_edit", self.tenant.slug, draft.pk)


class NoticeEdit(DraftOnly, ManagerForm):
    """The builder. A draft that somebody saved meanwhile is not overwritten: the typed words stay, and where they
    differ from the saved ones is shown. Words for a draft that is gone are shown again, for a new one.
    """

    permission = Permission.MANAGE_NOTICES
    template_name = "web/notices/edit.html"
    form_class = NoticeForm
    done = gettext_lazy("The draft was saved.")

    def get_initial(self) -> dict[str, Any]:
        return self.notice.texts | {"seen": self.notice.updated_at.isoformat()}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        try:
            is_open = self.notice.state == NoticeState.DRAFT
        except Http404:
            if not any(request.POST.get(field) for field in FIELDS):
                raise
            return self.too_late(NoticeForm(request.POST))
        if is_open:
            return super().post(request, *args, **kwargs)
        return self.too_late(NoticeForm(request.POST), is_published=True)

    def too_late(self, form: NoticeForm, *, is_published: bool = False) -> HttpResponse:
        """Somebody discarded or published the draft meanwhile: the words go into the next one."""
        form.data = form.data.copy()
        # Whatever draft is open by now was not seen.
        form.data["seen"] = "gone"
        groups = reads.editor(form, {}, tenant=self.tenant)
        context = ManagerMixin.get_context_data(self, form=form, groups=groups, is_published=is_published)
        status = HTTPStatus.OK if is_published else HTTPStatus.NOT_FOUND
        return TemplateResponse(self.request, "web/notices/gone.html", context, status=status)

    def perform(self, data: dict[str, Any]) -> Notice:
        seen = data.pop("seen") or None
        return services.edit(tenant=self.tenant, notice=self.notice, actor=self.request.user, seen=seen, **data)

    def form_invalid(self, form: NoticeForm) -> HttpResponse:
        theirs: dict[str, Any] = {}
        for code in ("published", "gone"):
            if form.has_error(NON_FIELD_ERRORS, code):
                return self.too_late(form, is_published=code == "published")
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
