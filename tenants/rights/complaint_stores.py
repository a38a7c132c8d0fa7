"""Complaints as personal data: who complained and what was written goes with the record; that it was answered stays."""

from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Complaint
from tenants.rights.models.complaints import EMPTIED
from tenants.rights.services import texts
from tenants.rights.stores import RunsAs, rows_of

# For the sweep of a property: whether the texts of any answered complaint are past their clock (rights/due.py).
_DUE = """EXISTS (SELECT 1 FROM rights_complaint c WHERE c.tenant_id = p.id AND c.text <> ''
    AND c.answered_at < %(now)s - make_interval(days => p.request_days))"""


class ComplaintStore:
    """The complaints that belong to a person. One that belongs to nobody no erasure takes.

    All of them go some time after the answer (Property.request_days), whoever they belong to.
    """

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
    stores.register_expirer(texts.expire_complaints, due=_DUE)
