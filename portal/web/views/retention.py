"""Retention: a clock for each kind, and what a shorter one erases before it is saved (Measures Art 8); the calendar."""

from typing import Any

from django.core.paginator import Paginator
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.retention import RetentionForm
from portal.web.reads import calendar
from portal.web.reads.retention import faces, would_go
from portal.web.views.confirmation import ConfirmsEffects
from portal.web.views.manager import ManagerPage
from tenants.organizations.models import Property
from tenants.organizations.roles import Permission
from tenants.rights.retention_rules import BOUNDS, Kind
from tenants.rights.services import holds
from tenants.rights.services.retention import clocks_of, set_clocks

_GOES: dict[Kind, str | Promise] = {
    Kind.FACE: gettext_lazy("Faces past the period, erased with the next sweep: %(count)s"),
    Kind.EVENT: gettext_lazy("Door events past the period, erased with the next sweep: %(count)s"),
    Kind.REQUEST: gettext_lazy(
        "Closed requests whose texts are past the period, erased with the next sweep: %(count)s"
    ),
    Kind.ALARM: gettext_lazy("Alarms of terminals past the period, erased with the next sweep: %(count)s"),
}


class Retention(ConfirmsEffects):
    permission = Permission.VIEW_RETENTION
    permission_write = Permission.MANAGE_RETENTION
    section = "retention"
    template_name = "web/retention/form.html"
    form_class = RetentionForm
    done = gettext_lazy("The periods were saved.")
    question = gettext_lazy("Erase what is past its time now?")
    label = gettext_lazy("Save, and erase what is past its time")
    warning = gettext_lazy("What is erased cannot be brought back. People may enrol again, if they want to.")

    def get_initial(self) -> dict[str, Any]:
        return {kind.value: days for kind, days in clocks_of(self.tenant).items()}

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"preview_url": self.request.path}

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        """Say what goes that would stay otherwise: what is past its time today anyway needs no question."""
        now = clocks_of(self.tenant)
        clocks = now | {kind: data[kind.value] for kind in Kind if data.get(kind.value)}
        shortened = [kind for kind in Kind if clocks[kind] < now[kind]]
        found = would_go(self.tenant, clocks) if shortened else {}
        effects = [str(_GOES[kind]) % {"count": found[kind]} for kind in shortened if found[kind]]
        if effects and Kind.FACE in shortened and found[Kind.FACE]:
            effects.append(_("Their cards, PINs and passes stay as they are."))
        return effects

    def perform(self, data: dict[str, Any]) -> Property:
        return set_clocks(tenant=self.tenant, **{kind.value: data.get(kind.value) for kind in Kind})

    def get_success_url(self) -> str:
        return reverse("retention", args=[self.tenant.slug])

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        clocks = self._typed()
        going = would_go(self.tenant, clocks)
        return super().get_context_data(
            faces=faces(self.tenant, face_days=clocks[Kind.FACE]),
            going=[str(_GOES[kind]) % {"count": f"{count:,}"} for kind, count in going.items() if count],
            holds=holds.in_force(tenant=self.tenant).count(),
            **kwargs,
        )

    def _typed(self) -> dict[Kind, int]:
        """The periods to preview: what is being typed, else those in force."""
        data, clocks = self.request.POST or self.request.GET, clocks_of(self.tenant)
        for kind, (least, most) in BOUNDS.items():
            typed = data.get(kind.value, "")
            if typed.isascii() and typed.isdigit() and least <= int(typed[:4]) <= most:
                clocks[kind] = int(typed[:4])
        return clocks


class Calendar(ManagerPage):
    """What will go in the next ninety days, by week and kind; the faces of one week by their codes."""

    permission = Permission.VIEW_RETENTION
    section = "retention"
    template_name = "web/retention/calendar.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        weeks = calendar.weeks(self.tenant)
        asked = self.request.GET.get("week", "")
        number = int(asked) if asked.isascii() and asked.isdigit() and len(asked) < 3 else None
        week = next((week for week in weeks if week.number == number), None)
        page = None
        if week is not None:
            rows = calendar.faces_of(self.tenant, week=week.number)
            page = Paginator(rows, 25).get_page(self.request.GET.get("page"))
            for person in page:
                person.why = calendar.REASONS.get(person.goes_for, "")
        totals = [(label, sum(week.counts[kind] for week in weeks)) for kind, label in calendar.KINDS.items()]
        return super().get_context_data(
            weeks=weeks, week=week, page_obj=page, kinds=list(calendar.KINDS.values()), totals=totals, **kwargs
        )
