"""Guardians of children: who answers, and what was seen that shows it."""

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.filters.people import matching
from portal.web.forms.people import GuardianForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.manager import ManagerForm
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission
from tenants.people.kinds import AgeBand
from tenants.people.models import Guardian, Person
from tenants.people.services import guardians

CANDIDATES = 8


class PersonGuardian(OnePerson, ManagerForm):
    """Look for the guardian among the grown-ups on record; nobody under 18 is offered or taken."""

    permission = Permission.MANAGE_PEOPLE
    template_name = "web/people/guardian.html"
    form_class = GuardianForm
    done = gettext_lazy("The guardian is recorded. They answer for the child on their own page.")

    def get_form_kwargs(self) -> dict[str, Any]:
        return super().get_form_kwargs() | {"people": self._grown_ups()}

    def get_context_data(self, **kwargs: Any) -> dict[str, Any]:
        words = self.request.GET.get("q", "").strip()[:80]
        found = list(matching(self._grown_ups(), words)[:CANDIDATES]) if words else self._same_home()
        return super().get_context_data(words=words, found=found, **kwargs)

    def perform(self, data: dict[str, Any]) -> Guardian:
        return guardians.add_guardian(tenant=self.tenant, child=self.person, recorded_by=self.request.user, **data)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])

    def _grown_ups(self) -> QuerySet[Person]:
        rows = Person.objects.filter(tenant=self.tenant, erased_at__isnull=True, died_on__isnull=True)
        rows = rows.filter(identity__isnull=False, age_band=AgeBand.ADULT)
        return rows.exclude(pk=self.person.pk).select_related("identity").order_by("identity__name", "pk")

    def _same_home(self) -> list[Person]:
        room = getattr(getattr(self.person, "identity", None), "room", "")
        return list(self._grown_ups().filter(identity__room=room)[:CANDIDATES]) if room else []


class GuardianEnd(OnePerson, ConfirmPage):
    """End a guardianship. What this guardian agreed to for the child holds no longer.

    A page about the child, so whatever guards the child's page guards this one.
    """

    permission = Permission.MANAGE_PEOPLE
    question = gettext_lazy("End this guardianship?")
    label = gettext_lazy("End the guardianship")
    danger = True
    done = gettext_lazy("The guardianship has ended.")

    @cached_property
    def guardian(self) -> Guardian:
        rows = Guardian.objects.filter(tenant=self.tenant).select_related("child__identity", "child__tenant")
        return get_object_or_404(rows, pk=self.kwargs["pk"])

    @cached_property
    def person(self) -> Person:
        return self.guardian.child

    def get_effects(self) -> list[Any]:
        return [
            _("What this guardian agreed to for the child holds no longer, and the face stops."),
            _("The child's page closes for this guardian."),
            _("The record stays as evidence."),
        ]

    def perform(self, data: dict[str, Any]) -> Guardian:
        return guardians.end_guardian(tenant=self.tenant, guardian=self.guardian)

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.guardian.child_id])
