"""The inbox, and the page of one request."""

from datetime import date
from typing import Any

from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.functional import cached_property

from portal.web.filters.requests import TABS, RequestFilter
from portal.web.forms.requests import AssignForm, NoteForm
from portal.web.listings.requests import REQUESTS
from portal.web.reads import request_pages
from portal.web.reads import requests as reads
from portal.web.reads.due import request_clock
from portal.web.views.lists import ClockList
from portal.web.views.manager import ManagerMixin, ManagerPage
from tenants.organizations.roles import Permission
from tenants.rights.models import Package, RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.rights.services.merging import similar


class RequestList(ClockList):
    listing = REQUESTS
    permission = Permission.VIEW_REQUESTS
    section = "requests"
    template_name = "web/requests/list.html"
    filterset_class = RequestFilter
    tabs = TABS

    def get_counts(self, today: date) -> dict[str, int]:
        return reads.counts(self.tenant, today, self.request.user)

    def get_clock(self, row: RightsRequest, today: date) -> dict[str, Any]:
        return request_clock(row, today)


class OneRequest(ManagerMixin):
    """A page about the request that the address names."""

    section = "requests"

    @cached_property
    def rights_request(self) -> RightsRequest:
        rows = RightsRequest.objects.filter(tenant=self.tenant).select_related(
            "person__identity", "person__tenant", "tenant__handler", "assigned_to", "entered_by", "identity_checked_by"
        )
        return get_object_or_404(rows.select_related("merged_into"), pk=self.kwargs["pk"])

    @cached_property
    def is_record_open(self) -> bool:
        """Of a minor's request nothing written is shown until a second member has opened the record."""
        return reads.open_record(self.rights_request, self.request.user)

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rights_request = self.rights_request
        return super().get_context_data(
            rights_request=rights_request if self.is_record_open else reads.without_texts(rights_request),
            request_url=self.get_success_url(),
            clock=request_clock(rights_request, timezone.localdate()),
            is_open=rights_request.state in OPEN_STATES,
            **kwargs,
        )

    def get_success_url(self) -> str:
        return reverse("request", args=[self.tenant.slug, self.rights_request.pk])


class RequestPage(OneRequest, ManagerPage):
    permission = Permission.VIEW_REQUESTS
    template_name = "web/requests/request.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        found = self.rights_request
        orders = list(found.erasures.all())
        same = similar(found) if found.state in OPEN_STATES else []
        return super().get_context_data(
            erasures=orders,
            talk=request_pages.talk(found, for_person=False) if self.is_record_open else [],
            same=same if self.is_record_open else [reads.without_texts(row) for row in same],
            merged=list(found.merged.order_by("number")),
            assign_form=AssignForm(
                initial={"to": found.assigned_to_id}, members=request_pages.members_who_answer(self.tenant)
            ),
            note_form=NoteForm(),
            package=Package.objects.filter(request=found).defer("sealed").first(),
            **kwargs,
        )
