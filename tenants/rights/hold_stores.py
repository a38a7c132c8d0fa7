"""Legal holds as personal data: that there was one stays; what somebody wrote as its reason goes with the record."""

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import LegalHold
from tenants.rights.stores import RunsAs, rows_of


class HoldStore:
    """The holds about one person that keep nothing: over, or never approved.

    Of one that stands the reason goes when it is over (`holds.end_over`).
    """

    name = "holds"
    label = _("Reasons of legal holds")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("rights.LegalHold",)

    def _written(self, person: Person) -> QuerySet[LegalHold]:
        is_over = Q(lifted_at__isnull=False) | Q(ends_on__lt=timezone.localdate())
        keeps_nothing = is_over | Q(approved_at__isnull=True)
        return LegalHold.objects.filter(keeps_nothing, person=person).exclude(reason="")

    def count(self, person: Person) -> int:
        return self._written(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        """Without the reason: a court or the police may have asked for silence (PIPL 18)."""
        rows = LegalHold.objects.filter(person=person, approved_at__isnull=False).order_by("asked_at")
        return rows_of(rows.values("kind", "article", "approved_at", "ends_on", "lifted_at"))

    def erase(self, person: Person) -> int:
        rows = list(self._written(person))
        for row in rows:
            row.reason = ""
            row.save(update_fields=["reason"])
        return len(rows)


def register() -> None:
    stores.register(HoldStore())
