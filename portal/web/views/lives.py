"""What ends or pauses the use of a face without the person's own link: a pause they asked for, and a death."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.web.forms.people import DeathForm
from portal.web.views.confirmation import ConfirmPage
from portal.web.views.people import OnePerson
from tenants.organizations.roles import Permission
from tenants.people.services import persons


class _Life(OnePerson, ConfirmPage):
    permission = Permission.MANAGE_PEOPLE

    def get_success_url(self) -> str:
        return reverse("person", args=[self.tenant.slug, self.person.pk])


class PersonRestriction(_Life):
    """Pause the use of the face, or end the pause, because the person asked at the desk (PIPL 44)."""

    done = gettext_lazy("It is written down and holds from this moment.")

    @property
    def label(self) -> Any:
        return _("End the pause") if self.person.restricted_at else _("Pause the use")

    def get_question(self) -> Any:
        return (
            _("Did the person ask to end the pause?") if self.person.restricted_at else _("Did the person ask for it?")
        )

    def get_effects(self) -> list[Any]:
        if self.person.restricted_at:
            return [_("The face may be used again, if every rule of the gate says yes.")]
        return [
            _("No connected door opens to the face until the pause ends."),
            _("A terminal that is cut off stops using it within 24 hours."),
            _("It is kept, and nothing else is done with it."),
            _("Every other way to pass stays open."),
        ]

    def perform(self, data: dict[str, Any]) -> None:
        change = persons.lift_restriction if self.person.restricted_at else persons.restrict
        change(tenant=self.tenant, person=self.person)


class PersonDeath(_Life):
    """Record a confirmed death, or take back one that was recorded by mistake (PIPL 49)."""

    danger = True
    done = gettext_lazy("It is written down.")

    def get_form_class(self) -> Any:
        return super().get_form_class() if self.person.died_on else DeathForm

    @property
    def label(self) -> Any:
        return _("Take the death record back") if self.person.died_on else _("Record the death")

    def get_question(self) -> Any:
        return _("Was the death recorded by mistake?") if self.person.died_on else _("Is the death confirmed?")

    def get_effects(self) -> list[Any]:
        if self.person.died_on:
            return [_("The record counts as that of a living person again."), _("What was erased stays erased.")]
        return [
            _("No connected door opens to the face from this moment, and it is erased."),
            _("A terminal that is cut off stops using it within 24 hours."),
            _("The personal link stops, and so does what the person answered as a guardian."),
            _("Close relatives may still ask for what is held (PIPL Art 49)."),
        ]

    def perform(self, data: dict[str, Any]) -> None:
        if self.person.died_on:
            persons.correct_death(tenant=self.tenant, person=self.person)
        else:
            persons.record_death(tenant=self.tenant, person=self.person, died_on=data["died_on"])
