"""Complaints as personal data: who complained and what was written goes with the record; that it was answered stays."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Complaint
from tenants.rights.stores import RunsAs, rows_of

# An answered complaint keeps an answer, or the database refuses it; of an emptied one it is this sign.
EMPTIED = "—"


class ComplaintStore:
    """The complaints that belong to a person. One without a name belongs to nobody, and nobody's erasure takes it."""

    name = "complaints"
    label = _("Texts of complaints")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("rights.Complaint",)

    def _full(self, person: Person) -> QuerySet[Complaint]:
        written = ~Q(name="") | ~Q(contact="") | ~Q(text="") | ~Q(answer__in=["", EMPTIED])
        return Complaint.objects.filter(written, person=person)

    def count(self, person: Person) -> int:
        return self._full(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("number", "state", "name", "contact", "text", "received_at", "due_on", "answer", "answered_at")
        return rows_of(Complaint.objects.filter(person=person).order_by("received_at").values(*fields))

    def erase(self, person: Person) -> int:
        rows = list(self._full(person))
        for row in rows:
            row.name = row.contact = row.text = ""
            # The answer may call the person by name.
            row.answer = EMPTIED if row.answer else ""
            row.save(update_fields=["name", "contact", "text", "answer"])
        return len(rows)


_STORE = ComplaintStore()


def register() -> None:
    stores.register(_STORE)
