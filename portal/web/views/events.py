"""Door events: what a door was told, by which rule. A code instead of a name."""

from typing import Any

from django.db.models import QuerySet

from portal.web.filters.events import EventFilter
from portal.web.listings.traces import EVENTS, sentence
from portal.web.views.lists import CappedPaginator, ListedPage
from recognition.matching.models import DoorEvent
from tenants.organizations.roles import Permission


class EventList(ListedPage):
    listing = EVENTS
    permission = Permission.VIEW_EVENTS
    section = "events"
    paginator_class = CappedPaginator  # hundreds of thousands in a busy property
    template_name = "web/events/list.html"

    def get_queryset(self) -> QuerySet[DoorEvent]:
        self.filterset = EventFilter(self.request.GET, queryset=self.get_rows(), tenant=self.tenant)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for event in context["object_list"]:
            event.sentence = sentence(event.rule)
        return context
