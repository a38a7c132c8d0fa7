"""Notices: write a draft, see it as a resident does, publish it for good, hang it at the door."""

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.generic import View

from portal.tenancy import TenantPage
from portal.web.forms.notices import GUIDE, NoticeForm
from portal.web.qr import qr_svg
from portal.web.reads import notices as reads
from portal.web.reads.residents import doors_of
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS, ITEMS
from tenants.transparency.services import notices as services


class NoticeList(ManagerList):
    permission = Permission.VIEW_NOTICES
    section = "notices"
    template_name = "web/notices/list.html"

    def get_rows(self) -> Any:
        return Notice.objects.filter(tenant=self.tenant).select_related("published_by")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        # A draft is always the latest version, so the two latest hold it and the one in force.
        latest = {notice.state: notice for notice in reversed(Notice.objects.filter(tenant=self.tenant)[:2])}
        current = latest.get(NoticeState.PUBLISHED)
        return super().get_context_data(
            current=current,
            draft=latest.get(NoticeState.DRAFT),
            names_other_storage=current is not None and current.storage_mode != self.tenant.storage_mode,
            **kwargs,
        )


class NoticeDraft(TenantPage, View):
    """Begin the next version, or go on with the one that is open."""

    permission = Permission.MANAGE_NOTICES
    http_method_names = ["post"]

    def post(self, _request: HttpRequest, **_kwargs: Any) -> HttpResponse:
        draft = services.start_draft(tenant=self.tenant)
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
        return super().get_context_data(notice=self.notice, current=self.current, **kwargs)


class DraftOnly(OneNotice):
    """A published notice never changes: its pages of change lead to the notice itself."""

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.notice.state != NoticeState.DRAFT:
            return redirect(self.address("notice"))
        return super().get(request, *args, **kwargs)  # type: ignore[misc] - mixed into a View


class NoticeEdit(DraftOnly, ManagerForm):
    permission = Permission.MANAGE_NOTICES
    template_name = "web/notices/edit.html"
    form_class = NoticeForm
    done = gettext_lazy("The draft was saved.")

    def get_initial(self) -> dict[str, Any]:
        return {field: getattr(self.notice, field) for field in FIELDS}

    def perform(self, data: dict[str, Any]) -> Notice:
        return services.edit(tenant=self.tenant, notice=self.notice, **data)

    def get_success_url(self) -> str:
        steps = {"preview": "notice_preview", "publish": "notice_publish"}
        return self.address(steps.get(self.request.POST.get("next", ""), "notice_edit"))


class NoticePage(OneNotice, ManagerPage):
    """A version as it is: its texts, and for the one in force its address and code."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = self.notice
        address = reads.public_address(self.request, self.tenant)
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
            is_current=self.current is not None and self.current.pk == notice.pk,
            public_url=address,
            code=qr_svg(address, label=_("QR code of the notice's public address")),
            **kwargs,
        )


class NoticePreview(OneNotice, ManagerPage):
    """The notice as a resident sees it, in both languages, from the public page's own template."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/preview.html"


class NoticePoster(OneNotice, ManagerPage):
    """An A4 sheet for the wall beside the device (Measures Art 13)."""

    permission = Permission.VIEW_NOTICES
    template_name = "web/notices/poster.html"

    def get(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if self.notice.state == NoticeState.DRAFT:
            messages.error(request, _("Only a published notice has a poster."))
            return redirect(self.address("notice"))
        return super().get(request, *args, **kwargs)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        address = reads.public_address(self.request, self.tenant)
        return super().get_context_data(
            public_url=address,
            code=qr_svg(address, label=_("QR code of the notice's public address")),
            is_long=reads.is_long(self.notice),
            # Only what works today: a sign must be true (Measures Art 5).
            ways=doors_of(self.tenant).methods,
            **kwargs,
        )


class NoticePublish(DraftOnly, ConfirmPage):
    permission = Permission.MANAGE_NOTICES
    template_name = "web/notices/publish.html"
    label = gettext_lazy("Publish this version")
    done = gettext_lazy("The notice is published and in force.")

    def get_question(self) -> str:
        return _("Publish version %(version)s?") % {"version": self.notice.version}

    def get_effects(self) -> list[str]:
        effects = [_("It is in force at once and can never be changed; a correction is the next version.")]
        if self.current is None:
            effects.append(_("People can be asked for their consent from now on."))
        elif reads.is_material(tenant=self.tenant, draft=self.notice, current=self.current):
            counts = reads.affected(self.tenant)
            effects.append(
                _("Purpose, method, period or place of storage changed: everybody is asked again (PIPL Art 14).")
            )
            effects.append(
                _("%(people)s people agreed before. Their %(faces)s faces open nothing until they answer.") % counts
            )
        else:
            effects.append(_("Purpose, method, period and place of storage are the same: consents stay valid."))
        return effects

    def get_cancel_url(self) -> str:
        return self.address("notice_edit")

    def perform(self, data: dict[str, Any]) -> Notice:
        return services.publish(tenant=self.tenant, notice=self.notice, actor=self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = reads.readiness(self.notice, edit_url=self.address("notice_edit"))
        missing = sum(not row["ok"] for row in rows)
        return super().get_context_data(
            rows=rows, missing=missing, score=f"{len(rows) - missing} / {len(rows)}", **kwargs
        )


class NoticeDiscard(DraftOnly, ConfirmPage):
    permission = Permission.MANAGE_NOTICES
    label = gettext_lazy("Discard the draft")
    danger = True
    done = gettext_lazy("The draft was discarded.")

    def get_question(self) -> str:
        return _("Discard the draft of version %(version)s?") % {"version": self.notice.version}

    def get_effects(self) -> list[str]:
        return [_("What was written in it is gone."), _("Published versions stay as they are.")]

    def get_cancel_url(self) -> str:
        return self.address("notice_edit")

    def get_success_url(self) -> str:
        return reverse("notices", args=[self.tenant.slug])

    def perform(self, data: dict[str, Any]) -> None:
        services.discard_draft(tenant=self.tenant, notice=self.notice)
