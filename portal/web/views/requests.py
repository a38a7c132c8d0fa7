"""The inbox: what people ask for, who they are, and the answer, each on its own page."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.filters.people import matching
from portal.web.filters.requests import TABS, RequestFilter
from portal.web.forms.requests import AnswerForm, ConfirmForm, RefuseForm
from portal.web.reads import requests as reads
from portal.web.reads.passes import live_names
from portal.web.reads.timelines import timeline
from portal.web.views.manager import ManagerForm, ManagerList, ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.people.models import Person
from tenants.rights.kinds import ErasureScope, RequestKind
from tenants.rights.models import RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.rights.services import erasures, requests

CANDIDATES = 20


class RequestList(ManagerList):
    permission = Permission.VIEW_REQUESTS
    section = "requests"
    template_name = "web/requests/list.html"
    filterset_class = RequestFilter

    def get_rows(self) -> QuerySet[RightsRequest]:
        rows = RightsRequest.objects.filter(tenant=self.tenant).select_related("person__identity")
        return rows.order_by("due_on", "received_at", "pk")

    def get_queryset(self) -> QuerySet[RightsRequest]:
        rows = super().get_queryset()
        return rows.order_by("-closed_at", "pk") if self.filterset.current == "closed" else rows

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        counts = reads.counts(self.tenant, today)
        context = super().get_context_data(
            tabs=[
                {"name": name, "label": label, "count": counts[name], "is_current": name == self.filterset.current}
                for name, label in TABS
            ],
            counts=counts,
            **kwargs,
        )
        for row in context["object_list"]:
            row.clock = reads.clock(row, today)
        return context


class OneRequest(ManagerMixin):
    """A page about the request that the address names."""

    section = "requests"

    @cached_property
    def rights_request(self) -> RightsRequest:
        rows = RightsRequest.objects.filter(tenant=self.tenant).select_related("person__identity", "person__tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rights_request = self.rights_request
        return super().get_context_data(
            rights_request=rights_request,
            request_url=self.get_success_url(),
            clock=reads.clock(rights_request, timezone.localdate()),
            is_open=rights_request.state in OPEN_STATES,
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("request", args=[self.tenant.slug, self.rights_request.pk])


class RequestPage(OneRequest, ManagerPage):
    permission = Permission.VIEW_REQUESTS
    template_name = "web/requests/request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        orders = list(self.rights_request.erasures.all())
        return super().get_context_data(
            erasures=orders,
            has_package=self.rights_request.package_until is not None,
            package_is_open=(self.rights_request.package_until or timezone.now()) > timezone.now(),
            timeline=timeline(tenant=self.tenant, rows=[self.rights_request, *orders]),
            **kwargs,
        )


class RequestConfirm(OneRequest, ManagerForm):
    """Say who asks: from the record that is already held, never by a face, never by more papers."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/confirm.html"
    form_class = ConfirmForm
    done = gettext_lazy("The identity is confirmed. Now the request can be answered.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": reads.candidates(self.tenant, self.request.user)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:80]
        if words:
            found = list(matching(reads.candidates(self.tenant, self.request.user), words)[:CANDIDATES])
        else:
            found = list(reads.suggestions(self.tenant, self.rights_request, self.request.user)[:CANDIDATES])
        for person in found:
            person.same = reads.agreements(person, self.rights_request)
        found.sort(key=lambda person: -len(person.same))
        return super().get_context_data(words=words, found=found, **kwargs)

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return requests.confirm(tenant=self.tenant, request=self.rights_request, person=data["person"])


class RequestAnswer(OneRequest, ManagerForm):
    """Shows what an answer sets off before it does: the stores that a deletion empties, or the package it opens."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/answer.html"
    form_class = AnswerForm
    done = gettext_lazy("The request is answered.")

    def get_initial(self) -> dict[str, Any]:
        if self.rights_request.kind == RequestKind.DELETE:
            return {"text": self._deletion_text()}
        return {"text": _("With your tracking code you can download what we hold about you, for 14 days.")}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.rights_request.person
        is_deletion = self.rights_request.kind == RequestKind.DELETE
        return super().get_context_data(
            person=person,
            whom=reads.whom(person) if person else "",
            is_deletion=is_deletion,
            preview=_preview(person) if is_deletion and person else [],
            passes=self._passes() if is_deletion else "",
            **kwargs,
        )

    def _deletion_text(self) -> str:
        """The whole record goes, the passes with it: the person is told before a door tells them."""
        text = _("Your face, your name and your contact are being deleted. This page shows how far it is.")
        if not (passes := self._passes()):
            return text
        told = _("Deleted too, and of no use at any door from now on: %(passes)s. The desk can issue new ones.")
        return f"{text} {told % {'passes': passes}}"

    def _passes(self) -> str:
        person = self.rights_request.person
        return _(", ").join(live_names(person)) if person else ""

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return requests.answer(tenant=self.tenant, request=self.rights_request, text=data["text"])


def _preview(person: Person) -> list[dict[str, Any]]:
    return [
        {"label": store.label, "count": count, "is_kept": store.name == "evidence"}
        for store, count in erasures.preview(person=person, scope=ErasureScope.PERSON)
    ]


class RequestRefuse(OneRequest, ManagerForm):
    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/refuse.html"
    form_class = RefuseForm
    done = gettext_lazy("The request is refused, with its reason and the way to complain.")

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        text = f"{data['text'].strip()}\n\n{data['complaint'].strip()}"
        return requests.refuse(tenant=self.tenant, request=self.rights_request, text=text)
