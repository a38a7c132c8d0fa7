"""Today: what holds, what does not, and the button that mends it."""

from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from portal.web.reads.due import request_clock
from portal.web.reads.needs import needs
from portal.web.reads.readiness import groups, score
from portal.web.reads.today import Facts, gather
from portal.web.views.entry import LAST
from portal.web.views.manager import ManagerPage
from tenants.organizations.roles import Permission

URGENT = 5


class Today(ManagerPage):
    permission = Permission.VIEW_HOME
    section = "today"
    template_name = "web/today/today.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        if self.request.session.get(LAST) != self.tenant.slug:
            self.request.session[LAST] = self.tenant.slug
        facts = gather(self.tenant)
        todo, ready = needs(facts), groups(self.tenant, judged=facts.devices)
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
            **kwargs,
        )


def lede(todo: list[dict[str, Any]]) -> str:
    """Say the day in one sentence."""
    stop = sum(item["tone"] == "stop" for item in todo)
    rest = len(todo) - stop
    if not todo:
        return _("Everything is in order. Nothing waits for you.")
    parts = []
    if stop:
        parts.append(ngettext("%(stop)s thing stops faces at doors.", "%(stop)s things stop faces at doors.", stop))
    if rest:
        parts.append(ngettext("%(rest)s thing waits for you.", "%(rest)s things wait for you.", rest))
    return " ".join([*parts, _("Everything else is in order.")]) % {"stop": stop, "rest": rest}


def is_new(facts: Facts) -> bool:
    """A property without a door: the page explains the first steps instead of counting nothing."""
    return facts.door_count == 0
