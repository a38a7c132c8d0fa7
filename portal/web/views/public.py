"""The property's public face: who uses faces here, the notice, and a request without an account."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.generic import FormView

from portal.limits import REQUESTS_BY_ADDRESS, REQUESTS_BY_PROPERTY, address_of
from portal.web.forms.public import RequestForm
from portal.web.qr import qr_svg
from portal.web.reads.notices import permanent_address
from portal.web.reads.versions import changes, overtaken
from portal.web.reads.ways import doors_of
from portal.web.resident import ResidentMixin, ResidentPage
from portal.web.views.manager import add_errors
from tenants.rights.kinds import RequestKind
from tenants.rights.services.requests import receive
from tenants.transparency.models import Notice


class PublicHome(ResidentPage):
    template_name = "public/home.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        notice = Notice.objects.filter(tenant=self.tenant).current()
        has_notice = Notice.objects.filter(tenant=self.tenant).published().exists()
        return super().get_context_data(notice=notice, has_notice=has_notice, doors=doors_of(self.tenant), **kwargs)


class NoticePage(ResidentPage):
    """One published version, by its number and, for the exact text, the beginning of its fingerprint.

    Without a number the one in force. Drafts are nobody's business yet; published versions stay for good (PIPL 17).
    """

    template_name = "public/notice.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notice.objects.filter(tenant=self.tenant).select_related("tenant")
        current = rows.current()
        if "version" in self.kwargs:
            notice = rows.exact(self.kwargs["version"], self.kwargs.get("fingerprint", ""))
            if notice is None:
                raise Http404
        else:
            notice = current
        overtaken_by = overtaken(self.tenant)
        others = list(rows.published().exclude(pk=notice.pk if notice else None).order_by("-version"))
        for other in others:
            other.is_overtaken = other.version in overtaken_by
        if notice is None:
            return super().get_context_data(notice=None, others=others, **kwargs)
        address = permanent_address(self.request, notice)
        return super().get_context_data(
            notice=notice,
            current=current,
            is_waiting=notice.effective_on > timezone.localdate(),
            overtaken_by=overtaken_by.get(notice.version),
            # What comes is told before it comes (PIPL 17).
            coming=None if current is None else rows.waiting().order_by("version").first(),
            previous=next((row for row in others if row.version < notice.version), None),
            others=others,
            address=address,
            qr=qr_svg(address, label=_("QR code of this page")),
            **kwargs,
        )


class NoticeChanges(ResidentPage):
    """What changed between two published versions, in the reader's language (PIPL 17)."""

    template_name = "public/notice_changes.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = Notice.objects.filter(tenant=self.tenant)
        notice, before = rows.exact(self.kwargs["version"]), rows.exact(self.kwargs["earlier"])
        if notice is None or before is None:
            raise Http404
        return super().get_context_data(notice=notice, before=before, **changes(before, notice), **kwargs)


class RequestPage(ResidentMixin, FormView):
    """Ask for any of the eight things. Says nothing about who is known here, whoever asks."""

    is_confidential = True
    template_name = "public/request_form.html"
    form_class = RequestForm

    def get_initial(self) -> dict[str, Any]:
        """A link can choose for somebody: `?kind=explain`. Nonsense chooses nothing."""
        wanted = self.request.GET.get("kind", "")
        return {"kind": wanted} if wanted in RequestKind.values else {}

    def post(self, request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        self.callers = ((REQUESTS_BY_ADDRESS, address_of(request)), (REQUESTS_BY_PROPERTY, str(self.tenant.pk)))
        return self.refuse_too_many(*self.callers) or super().post(request, *args, **kwargs)

    def form_valid(self, form: RequestForm) -> HttpResponse:
        for limit, who in self.callers:
            limit.count_one(who)
        try:
            with transaction.atomic():
                _request, code = receive(tenant=self.tenant, language=get_language(), **form.cleaned_data)
        except ValidationError as broken:
            add_errors(form, broken)
            return self.form_invalid(form)
        # To an address of its own, so that reloading or changing the language neither asks twice nor loses the code.
        return HttpResponseRedirect(reverse("request_sent", args=[self.tenant.slug, code]))
