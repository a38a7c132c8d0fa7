"""Today: what holds, what does not, and the button that mends it."""

from typing import Any

from django.utils.translation import gettext as _

from portal.web.reads.due import request_clock
from portal.web.reads.needs import needs
from portal.web.reads.onboarding import checklist
from portal.web.reads.readiness import groups, score
from portal.web.reads.switching import remember
from portal.web.reads.today import Facts, gather
from portal.web.reads.todo import lede
from portal.web.views.manager import ManagerPage
from tenants.organizations.roles import Permission

URGENT = 5


class Today(ManagerPage):
    permission = Permission.VIEW_HOME
    section = "today"
    template_name = "web/today/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        remember(self.request.session, self.tenant)
        facts = gather(self.tenant)
        todo, ready = needs(facts, self.request.user), groups(self.tenant, judged=facts.devices)
        counts = score(ready)
        return super().get_context_data(
            lede=lede(todo),
            facts=facts,
            todo=todo,
            groups=ready,
            score=_("%(met)s of %(total)s met") % {"met": counts["met"], "total": sum(counts.values())},
            score_tone="stop" if counts["blocking"] else "due" if counts["due"] else "ok",
            urgent=[
                {"request": request, "clock": request_clock(request, facts.today)} for request in facts.urgent[:URGENT]
            ],
            is_new=is_new(facts),
            first_steps=checklist(facts, self.request.user),
            **kwargs,
        )


def is_new(facts: Facts) -> bool:
    """A property without a door: the page explains the first steps instead of counting nothing."""
    return facts.door_count == 0
