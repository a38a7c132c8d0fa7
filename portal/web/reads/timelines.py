"""What happened, from the audit log: states and dates, never a name."""

from collections.abc import Iterable, Mapping
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState, GivenBy, PassKind, WithdrawnBy
from tenants.people.models import Consent, Pass, Person, PersonalLink
from tenants.rights.kinds import ErasureReason, RequestState
from tenants.rights.models import Complaint, Erasure, RightsRequest

LENGTH = 40
THE_PERSON = gettext_lazy("the person")


def timeline(*, tenant: Property, rows: Iterable[Model]) -> list[dict[str, Any]]:
    """Return what happened to these rows, newest first, as items of `components/timeline.html`."""
    known = {str(row.pk): row for row in rows}
    keys: dict[type[Model], list[str]] = {}
    for key, row in known.items():
        keys.setdefault(type(row), []).append(key)
    wanted = Q()
    for model, pks in keys.items():
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_pk__in=pks)
    entries = LogEntry.objects.filter(wanted, additional_data__tenant=str(tenant.pk)).select_related("actor")
    items = []
    for entry in entries.order_by("-timestamp", "-id")[:LENGTH]:
        row = known[entry.object_pk]
        changes = {name: values[-1] for name, values in (entry.changes or {}).items() if isinstance(values, list)}
        text = _SENTENCES[type(row)](row, changes, entry.action == LogEntry.Action.CREATE)
        if text:
            is_new = entry.action == LogEntry.Action.CREATE
            actor = _who_answered(row, is_new=is_new) if isinstance(row, Consent) else entry.actor
            items.append({"at": entry.timestamp, "text": text, "actor": actor})
    return items


def _who_answered(row: Consent, *, is_new: bool) -> Any:
    """Whoever writes a signed sheet down, it is the person's answer, or a guardian's; so is taking it back."""
    taken_back = row.withdrawn_by in {WithdrawnBy.GUARDIAN, WithdrawnBy.GUARDIAN_SHEET}
    is_guardian = row.given_by == GivenBy.GUARDIAN if is_new else taken_back
    return GivenBy.GUARDIAN.label if is_guardian else THE_PERSON


def _label(choices: Any, value: str) -> Any:
    return dict(choices.choices).get(value, value)


def _person(_row: Person, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Record added")
    if changes.get("erased_at", "None") != "None":
        return _("Name and contact erased")
    if "face_state" in changes:
        return _("Face: %(state)s") % {"state": _label(FaceState, changes["face_state"])}
    return _("Record changed")


def _link(_row: PersonalLink, _changes: Mapping[str, str], is_new: bool) -> str:
    return _("Personal link made") if is_new else _("Personal link stopped")


def _pass(row: Pass, changes: Mapping[str, str], is_new: bool) -> str:
    kind = PassKind(row.kind).label
    if is_new:
        return _("Pass issued: %(kind)s") % {"kind": kind}
    return (
        _("Pass stopped: %(kind)s") % {"kind": kind} if "stopped_at" in changes else _("Codes of the QR pass renewed")
    )


def _consent(row: Consent, changes: Mapping[str, str], is_new: bool) -> str:
    purpose = ConsentPurpose(row.purpose).label
    if is_new:
        answer = ConsentDecision(row.decision).label
        return _("%(answer)s: %(purpose)s") % {"answer": answer, "purpose": purpose}
    return _("Withdrawn: %(purpose)s") % {"purpose": purpose} if "withdrawn_at" in changes else ""


def _enrollment(_row: Enrollment, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Photo handed in for enrolment")
    state = changes.get("state")
    return _("Enrolment: %(state)s") % {"state": _label(EnrollmentState, state)} if state else ""


def _erasure(row: Erasure, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Erasure ordered: %(reason)s") % {"reason": ErasureReason(row.reason).label}
    return _("Erasure complete") if "completed_at" in changes else ""


def _request(row: RightsRequest, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Request %(number)s received") % {"number": row.number}
    state = changes.get("state")
    if not state:
        return ""
    return _("Request %(number)s: %(state)s") % {"number": row.number, "state": _label(RequestState, state)}


def _complaint(row: Complaint, changes: Mapping[str, str], is_new: bool) -> str:
    number = {"number": row.number}
    if is_new:
        return _("Complaint %(number)s received") % number
    if "state" in changes:
        return _("Complaint %(number)s answered") % number
    if "escalated_at" in changes:
        return _("Five working days without an answer")
    if "assigned_to" in changes:
        return _("Assigned anew")
    return _("Linked to a person") if "person" in changes else ""


_SENTENCES = {
    Person: _person,
    PersonalLink: _link,
    Pass: _pass,
    Consent: _consent,
    Enrollment: _enrollment,
    Erasure: _erasure,
    RightsRequest: _request,
    Complaint: _complaint,
}
