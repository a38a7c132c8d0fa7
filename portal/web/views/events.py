"""Door events: what a door was told, by which rule. A code instead of a name."""

from typing import Any

from django.db.models import QuerySet

from portal.web.filters.events import EventFilter
from portal.web.views.manager import ManagerList
from recognition.matching import answers
from recognition.matching.models import DoorEvent
from tenants.organizations.roles import Permission


class EventList(ManagerList):
    permission = Permission.VIEW_EVENTS
    section = "events"
    template_name = "web/events/list.html"

    def get_rows(self) -> QuerySet[DoorEvent]:
        rows = DoorEvent.objects.filter(tenant=self.tenant).select_related("device__access_point", "person")
        return rows.order_by("-at", "pk")

    def get_queryset(self) -> QuerySet[DoorEvent]:
        self.filterset = EventFilter(self.request.GET, queryset=self.get_rows(), tenant=self.tenant)
        return self.filterset.qs

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        context = super().get_context_data(**kwargs)
        for event in context["object_list"]:
            event.sentence = _sentence(event.rule)
        return context


def _sentence(rule: str) -> Any:
    """Explain a rule; one that this version does not know is shown as it is."""
    try:
        return answers.sentence(rule)
    except ValueError:
        return rule
