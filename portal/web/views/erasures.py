"""Erasures: ordered, confirmed store by store, complete only when the last receipt is in."""

from typing import Any

from django.shortcuts import get_object_or_404
from django.utils.functional import cached_property

from portal.web.filters.erasures import ErasureFilter
from portal.web.listings.traces import ERASURES
from portal.web.reads.terminals import unconfirmed
from portal.web.views.lists import ListedPage
from portal.web.views.manager import ManagerPage
from recognition.edge.reads import lost, pending
from tenants.organizations.roles import Permission
from tenants.premises.models import Device
from tenants.rights import stores
from tenants.rights.models import Certificate, Erasure


def store_rows(erasure: Erasure) -> list[dict[str, Any]]:
    """Return every store that this erasure must reach, with its receipt or None while it is pending."""
    receipts = {receipt.store: receipt for receipt in erasure.receipts.all()}
    return [
        {"name": store.name, "label": store.label, "receipt": receipts.get(store.name)}
        for store in stores.stores_for(erasure.scope)
    ]


class ErasureList(ListedPage):
    listing = ERASURES
    permission = Permission.VIEW_RETENTION
    section = "erasures"
    template_name = "web/erasures/list.html"
    filterset_class = ErasureFilter

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        devices = pending(people=[row.person_id for row in context["object_list"] if row.completed_at is None])
        for erasure in context["object_list"]:
            erasure.waiting = [row["label"] for row in store_rows(erasure) if row["receipt"] is None]
            copies = devices.get(erasure.person_id, []) if erasure.completed_at is None else []
            erasure.waiting_devices = [(copy.device, unconfirmed(copy)) for copy in copies]
        return context


class ErasurePage(ManagerPage):
    permission = Permission.VIEW_RETENTION
    section = "erasures"
    template_name = "web/erasures/erasure.html"

    @cached_property
    def erasure(self) -> Erasure:
        rows = Erasure.objects.filter(tenant=self.tenant).select_related("person", "request", "approved_by")
        return get_object_or_404(rows.prefetch_related("receipts"), pk=self.kwargs["pk"])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        rows = store_rows(self.erasure)
        return super().get_context_data(
            erasure=self.erasure,
            rows=rows,
            pending=sum(row["receipt"] is None for row in rows),
            certificate=Certificate.objects.filter(tenant=self.tenant, erasure=self.erasure).defer("body").first(),
            lost_devices=lost(
                person=self.erasure.person_id, since=self.erasure.ordered_at, until=self.erasure.completed_at
            ),
            waiting_devices=[] if self.erasure.completed_at else self._waiting_devices(),
            **kwargs,
        )

    def _waiting_devices(self) -> list[tuple[Device, str]]:
        copies = pending(people=[self.erasure.person_id]).get(self.erasure.person_id, [])
        return [(copy.device, unconfirmed(copy)) for copy in copies]
