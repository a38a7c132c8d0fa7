"""The stores of the rooms below this one: identity, links, passes; consents and erasures as evidence."""

from django.db.models import Case, Q, QuerySet, Value, When
from django.utils.translation import gettext_lazy as _

from tenants.people.models import (
    Consent,
    Guardian,
    Invitation,
    MinorAccess,
    PaperForm,
    Pass,
    PassDoor,
    Person,
    PersonalLink,
    PersonIdentity,
    PromptRecord,
    Registration,
)
from tenants.people.services.guardians import end_guardian
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.models import Erasure
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
        # The fingerprint itself tells nobody anything; that one is kept does.
        kept = Case(When(document_hash="", then=Value(False)), default=Value(True))
        rows = PersonIdentity.objects.filter(person=person).annotate(document_fingerprint_is_kept=kept)
        return rows_of(rows.values("name", "phone", "email", "room", "document_fingerprint_is_kept"))

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
        return rows_of(
            PersonalLink.objects.filter(person=person).values("reason", "created_at", "expires_at", "revoked_at")
        )

    def erase(self, person: Person) -> int:
        rows = list(PersonalLink.objects.filter(person=person))
        for row in rows:
            row.delete()
        return len(rows)


class PassStore:
    """A pass goes with the whole record only. Erasing a face leaves it: the person still lives here (Art 10)."""

    name = "passes"
    label = _("Cards, PINs and QR passes")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.Pass", "people.PassDoor")

    def count(self, person: Person) -> int:
        return Pass.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("kind", "label", "last4", "pass_number", "state", "valid_from", "valid_until", "is_for_all_doors")
        passes = rows_of(Pass.objects.filter(person=person).values("id", *fields, "created_at", "stopped_at"))
        doors = list(PassDoor.objects.filter(credential__person=person).values_list("credential", "access_point__name"))
        for row in passes:
            key = row.pop("id")
            row["doors"] = ", ".join(sorted(name for credential, name in doors if credential == key))
        return passes

    def erase(self, person: Person) -> int:
        rows = list(Pass.objects.filter(person=person))
        for row in rows:
            row.delete()
        return len(rows)


class GuardianStore:
    """Whoever answered for a child stays as evidence, by ids only; what the desk wrote about it goes.

    With a guardian's record their part ends: nobody is left who could take a yes back.
    """

    name = "guardians"
    label = _("Notes on guardians")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.Guardian",)

    def _rows(self, person: Person) -> QuerySet[Guardian]:
        return Guardian.objects.filter(Q(child=person) | Q(guardian=person))

    def _to_change(self, person: Person) -> QuerySet[Guardian]:
        return self._rows(person).exclude(Q(note="") & (Q(ended_at__isnull=False) | Q(child=person)))

    def count(self, person: Person) -> int:
        return self._to_change(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("child", "guardian", "relationship", "evidence", "note", "recorded_at", "ended_at")
        return rows_of(self._rows(person).values(*fields))

    def erase(self, person: Person) -> int:
        rows = list(self._to_change(person))
        for found in rows:
            is_theirs = found.guardian_id == person.pk
            row = end_guardian(tenant=found.tenant, guardian=found) if is_theirs else found
            row.note = ""
            row.save()
        return len(rows)


class PaperStore:
    """The scan of a signed sheet shows a name. Its fingerprint stays: it proves the paper in the folder."""

    name = "papers"
    label = _("Scans of signed sheets")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.PaperForm",)

    def _rows(self, person: Person) -> QuerySet[PaperForm]:
        return PaperForm.objects.filter(Q(person=person) | Q(guardian__guardian=person)).exclude(scan=b"")

    def count(self, person: Person) -> int:
        return self._rows(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        fields = ("purpose", "decision", "signed_on", "was_read_aloud", "scan_sha256", "recorded_at")
        return rows_of(PaperForm.objects.filter(person=person).values(*fields))

    def erase(self, person: Person) -> int:
        rows = list(self._rows(person).defer("scan"))
        for row in rows:
            row.scan = b""
            row.save(update_fields=["scan"])
        return len(rows)


class MinorAccessStore:
    """Who looked at a minor's record stays as evidence; the reason that was written goes."""

    name = "minor_accesses"
    label = _("Reasons for opening the record")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("people.MinorAccess", "people.MinorAccessView")

    def count(self, person: Person) -> int:
        return MinorAccess.objects.filter(person=person).exclude(reason="").count()

    def export(self, person: Person) -> list[dict[str, object]]:
        rows = MinorAccess.objects.filter(person=person)
        return rows_of(rows.values("reason", "asked_at", "decided_at", "ends_at", "views__viewed_at"))

    def erase(self, person: Person) -> int:
        rows = list(MinorAccess.objects.filter(person=person).exclude(reason=""))
        for row in rows:
            row.reason = ""
            row.save()
        return len(rows)


class EvidenceStore:
    """Consents and erasures: no face, no name; kept at least three years (Measures Art 9), so nothing is erased."""

    name = "evidence"
    label = _("Consents and erasures (kept as evidence)")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = (
        "people.Person",
        "people.Consent",
        "people.PromptRecord",
        "people.Invitation",
        "people.Registration",
        "clearance.Clearance",
        "rights.Erasure",
        "rights.ErasureReceipt",
        "rights.Certificate",
    )

    def count(self, person: Person) -> int:
        return 0

    def export(self, person: Person) -> list[dict[str, object]]:
        consents = Consent.objects.filter(person=person).values(
            "purpose",
            "decision",
            "notice__version",
            "notice_hash",
            "language",
            "decided_at",
            "withdrawn_at",
            "withdrawn_by",
            "ends_on",
            "given_by",
            "channel",
        )
        prompts = PromptRecord.objects.filter(person=person).values("purpose", "channel", "prompted_at")
        messages = Invitation.objects.filter(person=person).values("channel", "state", "asked_at", "sent_at")
        erasures = Erasure.objects.filter(person=person).values("reason", "scope", "ordered_at", "completed_at")
        rows: list[dict[str, object]] = [{"consent": dict(row)} for row in consents]
        rows += [{"prompt": dict(row)} for row in prompts]
        rows += [{"invitation": dict(row)} for row in messages]
        registrations = Registration.objects.filter(person=person).values("made_at", "used_at")
        rows += [{"registration": dict(row)} for row in registrations]
        return rows + [{"erasure": dict(row)} for row in erasures]

    def erase(self, person: Person) -> int:
        return 0


_STORES: tuple[stores.PersonalDataStore, ...] = (
    IdentityStore(),
    LinkStore(),
    PassStore(),
    GuardianStore(),
    PaperStore(),
    MinorAccessStore(),
    EvidenceStore(),
)


def register() -> None:
    for store in _STORES:
        stores.register(store)
