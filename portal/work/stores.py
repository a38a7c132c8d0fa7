"""Files of members as personal data: each is one more copy of what it names, and goes with the first record erased."""

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from portal.work import services
from portal.work.models import Job
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.stores import RunsAs, rows_of

# For the sweep: whether any is to be looked at (rights/due.py). The index work_to_look_at answers it.
DUE = "EXISTS (SELECT 1 FROM work_job j WHERE j.tenant_id = p.id AND j.next_at <= %(now)s)"


class FileStore:
    """Files that name a person. The whole file goes, whoever else is in it: it can be made again in a minute."""

    name = "work_files"
    label = _("Files made by staff")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("work.Job",)

    def _naming(self, person: Person) -> QuerySet[Job]:
        return Job.objects.filter(tenant=person.tenant_id, people__contains=[person.pk])

    def count(self, person: Person) -> int:
        return self._naming(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        return rows_of(self._naming(person).order_by("made_at").values("kind", "what", "made_at"))

    def erase(self, person: Person) -> int:
        rows = list(self._naming(person).order_by("pk").select_for_update(of=("self",)))
        for row in rows:
            services.empty(row)
        return len(rows)


_STORE = FileStore()


def register() -> None:
    stores.register(_STORE)
    stores.register_expirer(services.keep_house, due=DUE)
