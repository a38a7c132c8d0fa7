"""Lists in parts, whose rows have a clock: requests and complaints."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from django.utils import timezone

from portal.web.views.manager import ManagerList

# The colour of a part's count, when anything is in it.
_TONES = {"overdue": "stop", "soon": "due", "escalated": "due"}


class ClockList(ManagerList):
    """`tabs` names the parts; the filter says which one is `current`. One query counts them all."""

    tabs: Sequence[tuple[str, Any]] = ()

    def get_counts(self, today: date) -> dict[str, int]:
        raise NotImplementedError

    def get_clock(self, row: Any, today: date) -> dict[str, Any]:
        raise NotImplementedError

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        today = timezone.localdate()
        counts = self.get_counts(today)
        tabs = [
            {
                "name": name,
                "label": label,
                "count": counts[name],
                "tone": _TONES.get(name, "") if counts[name] else "",
                "is_current": name == self.filterset.current,  # type: ignore[union-attr] - every such list has a filter
            }
            for name, label in self.tabs
        ]
        context = super().get_context_data(tabs=tabs, counts=counts, **kwargs)
        for row in context["object_list"]:
            row.clock = self.get_clock(row, today)
        return context
