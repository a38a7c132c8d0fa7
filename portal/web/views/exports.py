"""Before a list becomes a file: how many rows, which columns. A worker makes it; the page of the job has it."""

from typing import Any, ClassVar

from django.http import HttpRequest
from django.urls import reverse
from django.utils.functional import cached_property

from portal.web import exports
from portal.web.forms.exports import ExportForm
from portal.web.listings.devices import DEVICES
from portal.web.listings.listing import Listing
from portal.web.listings.people import PEOPLE
from portal.web.listings.requests import COMPLAINTS, REQUESTS
from portal.web.listings.traces import ERASURES, EVENTS
from portal.web.views.manager import ManagerForm
from portal.work import choices, services
from portal.work.kinds import JobKind
from portal.work.models import Job
from tenants.organizations.roles import Permission


class ListExport(ManagerForm):
    """The filters stand in the address, as on the list itself. Subclasses name the list and its permission."""

    sensitive = True
    listing: ClassVar[Listing]
    template_name = "web/work/export.html"
    form_class = ExportForm
    request: HttpRequest

    @cached_property
    def query(self) -> str:
        asked = self.request.GET.copy()
        asked.pop("page", None)
        return asked.urlencode()

    @cached_property
    def count(self) -> int:
        return int(self.listing.found(self.tenant, self.request.user, self.request.GET).count())

    def get_form_kwargs(self) -> dict[str, Any]:
        chosen = choices.choice_of(tenant=self.tenant, user=self.request.user, listing=self.listing.name).columns
        return super().get_form_kwargs() | {"listing": self.listing, "chosen": chosen}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        return super().get_context_data(
            listing=self.listing,
            count=self.count,
            most=exports.MOST_ROWS,
            is_cut=self.count > exports.MOST_ROWS,
            list_url=f"{reverse(self.listing.name, args=[self.tenant.slug])}?{self.query}".rstrip("?"),
            **kwargs,
        )

    def perform(self, data: dict[str, Any]) -> Job:
        return services.start(
            tenant=self.tenant,
            actor=self.request.user,
            kind=JobKind.EXPORT,
            what=self.listing.name,
            asked={"listing": self.listing.name, "query": self.query, **data},
            total=min(self.count, exports.MOST_ROWS),
        )

    def get_success_url(self) -> str:
        return reverse("job", args=[self.tenant.slug, self.result.pk])


class PeopleExport(ListExport):
    listing, section, permission = PEOPLE, "people", Permission.VIEW_PEOPLE


class DeviceExport(ListExport):
    listing, section, permission = DEVICES, "devices", Permission.VIEW_PREMISES


class RequestExport(ListExport):
    listing, section, permission = REQUESTS, "requests", Permission.VIEW_REQUESTS


class ComplaintExport(ListExport):
    listing, section, permission = COMPLAINTS, "complaints", Permission.VIEW_REQUESTS


class ErasureExport(ListExport):
    listing, section, permission = ERASURES, "erasures", Permission.VIEW_RETENTION


class EventExport(ListExport):
    listing, section, permission = EVENTS, "events", Permission.VIEW_EVENTS
