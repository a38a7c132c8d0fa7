"""What a change does to devices: asked before it is done, said when it is."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.http import HttpRequest
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.conflicts import is_conflict
from portal.web.reads import effects as reads
from portal.web.reads.stops import all_stops
from portal.web.views.confirmation import ConfirmsEffects
from tenants.organizations.models import Property
from tenants.premises.services.effects import Effects, watching
from tenants.transparency.services import assessments


def say_effects(request: HttpRequest, tenant: Property, effects: Effects) -> None:
    """Tell which devices a change has stopped, and by which rules, and which work again."""
    for text in reads.sentences(
        reads.reasons(tenant, effects.suspended),
        _("“%(device)s” was suspended: %(reason)s."),
        _("%(count)s devices were suspended: %(devices)s. The reason: %(reason)s."),
    ):
        messages.warning(request, text)
    for text in reads.sentences(
        {"": effects.resumed} if effects.resumed else {},
        _("“%(device)s” uses faces again: every rule holds."),
        _("%(count)s devices use faces again, because every rule holds: %(devices)s."),
    ):
        messages.success(request, text)


def rehearse(tenant: Property, change: Callable[[], Any]) -> list[str]:
    """Do a change, read what it stops, and take it back: then the question says what will really happen.

    A change that is refused stops nothing; its refusal comes when it is made.
    """
    everything, was_stale = all_stops(tenant), _is_stale(tenant)
    try:
        with transaction.atomic():
            with watching(tenant=tenant) as effects:
                change()
            said = reads.sentences(
                reads.reasons(tenant, effects.suspended),
                _("“%(device)s” stops using faces at once: %(reason)s."),
                _("%(count)s devices stop using faces at once: %(devices)s. The reason: %(reason)s."),
            )
            if _is_stale(tenant) and not was_stale:
                said += everything
            transaction.set_rollback(True)
    except ValidationError:
        return []
    except DatabaseError as error:
        if not is_conflict(error):
            raise
        return []
    return said


def _is_stale(tenant: Property) -> bool:
    assessment = assessments.current(tenant)
    return assessment is not None and assessment.stale_since is not None


class ConfirmsStops(ConfirmsEffects):
    """A form that asks once more when its values would stop a device, and says afterwards what they did.

    Subclasses implement `change(data)`: the service, and nothing that a rehearsal may not do.
    """

    question = gettext_lazy("Change this although faces stop?")
    warning = gettext_lazy("They start again when every rule holds again. In a private place no role can start them.")

    def change(self, data: dict[str, Any]) -> Any:
        raise NotImplementedError

    def get_effects(self, data: dict[str, Any]) -> list[str]:
        return rehearse(self.tenant, lambda: self.change(data))

    def perform(self, data: dict[str, Any]) -> Effects:
        with watching(tenant=self.tenant) as effects:
            self.change(data)
        say_effects(self.request, self.tenant, effects)
        return effects
