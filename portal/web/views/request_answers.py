"""The two ends of a request at the desk: an answer, with what it sets off, or a refusal, with what it must say."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from portal.web.forms.requests import AnswerForm, RefuseForm
from portal.web.reads import requests as reads
from portal.web.reads.passes import live_names
from portal.web.views.manager import ManagerForm
from portal.web.views.requests import OneRequest
from tenants.organizations.roles import Permission
from tenants.rights.authorities import authorities_of
from tenants.rights.kinds import ErasureScope, RequestKind
from tenants.rights.models import RightsRequest
from tenants.rights.ready_texts import ready_answer
from tenants.rights.services import answering, erasures

PACKAGE_KINDS = frozenset({RequestKind.ACCESS, RequestKind.COPY, RequestKind.TRANSFER, RequestKind.EXPLAIN})


class RequestAnswer(OneRequest, ManagerForm):
    """Shows what an answer sets off before it does: the stores that a deletion empties, or the package it opens."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/answer.html"
    form_class = AnswerForm
    done = gettext_lazy("The request is answered.")

    def get_initial(self) -> dict[str, Any]:
        if self.rights_request.kind == RequestKind.DELETE:
            return {"text": self._deletion_text()}
        return {"text": ready_answer(self.rights_request)}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        person = self.rights_request.person
        is_deletion = self.rights_request.kind == RequestKind.DELETE
        return super().get_context_data(
            person=person,
            whom=reads.whom(person) if person else "",
            is_deletion=is_deletion,
            is_package=self.rights_request.kind in PACKAGE_KINDS,
            preview=erasures.preview(person=person, scope=ErasureScope.PERSON) if is_deletion and person else None,
            passes=self._passes() if is_deletion else "",
            **kwargs,
        )

    def _deletion_text(self) -> str:
        """The whole record goes, the passes with it: the person is told before a door tells them."""
        text = ready_answer(self.rights_request)
        with override(self.rights_request.language):
            if not (passes := self._passes()):
                return text
            told = _("Deleted too, and of no use at any door from now on: %(passes)s. The desk can issue new ones.")
            return f"{text} {told % {'passes': passes}}"

    def _passes(self) -> str:
        person = self.rights_request.person
        return _(", ").join(str(name) for name in live_names(person)) if person else ""

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return answering.answer(
            tenant=self.tenant, request=self.rights_request, text=data["text"], actor=self.request.user
        )


class RequestRefuse(OneRequest, ManagerForm):
    """How to complain or sue is added by the service, so that no refusal can leave it out; the page shows it before."""

    permission = Permission.HANDLE_REQUESTS
    template_name = "web/requests/refuse.html"
    form_class = RefuseForm
    done = gettext_lazy("The request is refused, with its reason and the way to complain.")

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        with override(self.rights_request.language):
            places = [
                {"name": str(place.name), "phone": place.phone, "address": place.address, "url": place.url}
                for place in authorities_of(self.tenant)
            ]
        return super().get_context_data(places=places, **kwargs)

    def perform(self, data: dict[str, Any]) -> RightsRequest:
        return answering.refuse(tenant=self.tenant, request=self.rights_request, actor=self.request.user, **data)
