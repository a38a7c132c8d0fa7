"""What was true on a past day: the gate's kept answers about one device or one person."""

from typing import Any

from django.utils import timezone

from portal.web.reads.past import answers, day_of
from portal.web.views.devices import OneDevice
from portal.web.views.manager import ManagerPage
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission


class DevicePast(OneDevice, ManagerPage):
    permission = Permission.VIEW_PREMISES
    template_name = "web/readiness/past.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = day_of(self.request.GET.get("day", ""), today=timezone.localdate())
        return super().get_context_data(
            day=day, answers=answers(self.device, day), name=self.device.name, back=self.get_success_url(), **kwargs
        )


class PersonPast(OnePerson, ManagerPage):
    """By the person's code: the day's answers name nobody."""

    permission = Permission.VIEW_PEOPLE
    template_name = "web/readiness/past.html"

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        day = day_of(self.request.GET.get("day", ""), today=timezone.localdate())
        context = super().get_context_data(day=day, answers=answers(self.person, day), name=self.person.code, **kwargs)
        return context | {"back": context["person_url"]}
