"""The stores of the rooms below this one: identity, links, requests; consents and erasures as evidence."""

from django.utils.translation import gettext_lazy as _

from tenants.people.models import Consent, Person, PersonalLink, PersonIdentity
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure, RightsRequest
from tenants.rights.stores import RunsAs, rows_of


class IdentityStore:
    name = "identity"
    label = _("Name and contact")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.PersonIdentity",)

    def count(self, person: Person) -> int:
        return PersonIdentity.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        return rows_of(PersonIdentity.objects.filter(person=person).values("name", "phone", "email", "room"))

    def erase(self, person: Person) -> int:
        rows = list(PersonIdentity.objects.filter(person=person))
        for row in rows:
            row.delete()
        return len(rows)


class LinkStore:
    name = "links"
    label = _("Personal links")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.PersonalLink",)

    def count(self, person: Person) -> int:
        return PersonalLink.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        return rows_of(PersonalLink.objects.filter(person=person).values("created_at", "expires_at", "revoked_at"))

    def erase(self, person: Person) -> int:
        rows = list(PersonalLink.objects.filter(person=person))
        for row in rows:
            row.delete()
        return len(rows)


class RequestStore:
    """What somebody wrote is blanked; that a request was made and answered stays as evidence."""

    name = "requests"
    label = _("Texts of requests")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("rights.RightsRequest",)

    def _texts(self, person: Person) -> list[RightsRequest]:
        rows = RightsRequest.objects.filter(person=person)
        return [row for row in rows if row.name or row.contact or row.room or row.message]

    def count(self, person: Person) -> int:
        return len(self._texts(person))

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("number", "kind", "state", "name", "contact", "room", "message", "received_at", "answer", "closed_at")
        return rows_of(RightsRequest.objects.filter(person=person).values(*fields))

    def erase(self, person: Person) -> int:
        rows = self._texts(person)
        for row in rows:
            row.name = row.contact = row.room = row.message = ""
            row.save()
        return len(rows)


class EvidenceStore:
    """Consents and erasures: no face, no name; kept at least three years (Measures Art 9), so nothing is erased."""

    name = "evidence"
    label = _("Consents and erasures (kept as evidence)")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.Person", "people.Consent", "rights.Erasure", "rights.ErasureReceipt")

    def count(self, person: Person) -> int:
        return 0

    def export(self, person: Person) -> list[dict[str, object]]:
        consents = Consent.objects.filter(person=person).values(
            "purpose", "decision", "notice__version", "notice_hash", "language", "decided_at", "withdrawn_at"
        )
        erasures = Erasure.objects.filter(person=person).values("reason", "scope", "ordered_at", "completed_at")
        rows: list[dict[str, object]] = [{"consent": dict(row)} for row in consents]
        return rows + [{"erasure": dict(row)} for row in erasures]

    def erase(self, person: Person) -> int:
        return 0


_STORES: tuple[stores.PersonalDataStore, ...] = (IdentityStore(), LinkStore(), RequestStore(), EvidenceStore())


def register() -> None:
    for store in _STORES:
        stores.register(store)
