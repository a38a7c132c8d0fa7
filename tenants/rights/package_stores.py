"""Packages as personal data: each holds everything once more, so it goes with the record, ready or not."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Package
from tenants.rights.services.packages import erase
from tenants.rights.stores import RunsAs, rows_of


class PackageStore:
    """Packages about a person, whoever asked for them. That there was one stays, without anything in it."""

    name = "packages"
    label = _("Packages for download")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("rights.Package",)

    def _living(self, person: Person) -> QuerySet[Package]:
        return Package.objects.filter(request__person=person, erased_at__isnull=True)

    def count(self, person: Person) -> int:
        return self._living(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("request__number", "kind", "asked_at", "built_at", "expires_at", "downloads", "erased_at")
        return rows_of(Package.objects.filter(request__person=person).order_by("asked_at").values(*fields))

    def erase(self, person: Person) -> int:
        """A build under way is stopped by it: its worker waits for the row, and then finds it gone."""
        rows = list(self._living(person).select_for_update(of=("self",)).defer("sealed"))
        for row in rows:
            erase(row)
        return len(rows)


_STORE = PackageStore()


def register() -> None:
    stores.register(_STORE)
