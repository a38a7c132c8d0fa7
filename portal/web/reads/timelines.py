"""What happened to a thing, from the audit log: states and dates in words, never a name of who it is about."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db.models import Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.log_words.fields import actor_in_words, changed, model_name
from portal.log_words.said import Said
from recognition.edge.models import DeviceKey, DeviceLoss
from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, ConsentPurpose, FaceState, GivenBy, PassKind, WithdrawnBy
from tenants.people.models import Consent, Pass, Person, PersonalLink
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device, DeviceSign
from tenants.rights import stores
from tenants.rights.kinds import ErasureReason, RequestState
from tenants.rights.models import Certificate, Complaint, Erasure, ErasureReceipt, LegalHold, RightsRequest

# A page shows so many; the rest is behind the link.
SHOWN = 10
THE_PERSON = gettext_lazy("the person")


@dataclass(frozen=True)
class Timeline:
    """Parameters of `components/timeline.html`. `all_url` is empty when everything is shown."""

    items: list[dict[str, Any]]
    all_url: str = ""


def timeline(*, tenant: Property, rows: Iterable[Model], all_url: str = "", most: int = SHOWN) -> Timeline:
    """Return what happened to these rows, newest first: the first `most`, and `all_url` when there is more."""
    known = {str(row.pk): row for row in rows}
    found = list(entries(tenant=tenant, rows=known.values())[: most + 1])
    items = [item for entry in found[:most] for item in said(entry, known)]
    return Timeline(items, all_url if len(found) > most else "")


def entries(*, tenant: Property, rows: Iterable[Model]) -> QuerySet[LogEntry]:
    """Return what the log says of these rows, newest first."""
    keys: dict[type[Model], list[str]] = {}
    for row in rows:
        keys.setdefault(type(row), []).append(str(row.pk))
    wanted = Q(pk__in=[])
    for model, pks in keys.items():
        wanted |= Q(content_type=ContentType.objects.get_for_model(model), object_pk__in=pks)
    found = LogEntry.objects.filter(wanted, additional_data__tenant=str(tenant.pk)).select_related("actor")
    return found.order_by("-timestamp", "-id")


def said(entry: LogEntry, known: Mapping[str, Model]) -> Iterator[dict[str, Any]]:
    """Put one entry into words, as items of `components/timeline.html`. One that says nothing to a reader has none."""
    row = known[entry.object_pk]
    changes = {name: values[-1] for name, values in (entry.changes or {}).items() if isinstance(values, list)}
    is_new = entry.action == LogEntry.Action.CREATE
    sentence = _SENTENCES.get(type(row))
    text = sentence(row, changes, is_new) if sentence else _any(row, entry, is_new)
    if text:
        actor = _who_answered(row, is_new=is_new) if isinstance(row, Consent) else actor_in_words(entry)
        yield {"at": entry.timestamp, "text": text, "actor": actor}


def _any(row: Model, entry: LogEntry, is_new: bool) -> str:
    """A row without sentences of its own: that it was added, or what of it is different now."""
    what = model_name(type(row))
    if is_new:
        return _("Added: %(what)s") % {"what": what}
    return _join(changed(type(row), entry.changes or {})) or _("Changed: %(what)s") % {"what": what}


def _join(said: Iterable[Said]) -> str:
    return _("; ").join(one.text for one in said)


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
    return _join(changed(Person, {name: [value] for name, value in changes.items()})) or _("Record changed")


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
        return _join(changed(RightsRequest, {name: [value] for name, value in changes.items()}))
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


def _device(_row: Device, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Registered; pairing code issued")
    found = [*_device_state(changes)]
    if changes.get("pairing_used_at", "None") not in {"None", ""}:
        found.append(_("Terminal paired"))
    elif "pairing_issued_at" in changes:
        found.append(_("Pairing code issued"))
    if "sign_photo_on" in changes:
        found.append(_("Photo of the sign recorded"))
    return _("; ").join(found) or _join(changed(Device, {name: [value] for name, value in changes.items()}))


def _device_state(changes: Mapping[str, str]) -> Iterator[str]:
    state, reason = changes.get("state"), changes.get("suspended_for", "")
    if state == DeviceState.SUSPENDED:
        label = SuspensionReason(reason).label if reason in SuspensionReason.values else ""
        yield _("Suspended: %(reason)s") % {"reason": label} if label else _("Suspended")
    elif state == DeviceState.ACTIVE:
        yield _("Activated")
    elif state == DeviceState.RETIRED:
        yield _("Retired")


def _sign(_row: DeviceSign, _changes: Mapping[str, str], _is_new: bool) -> str:
    return ""  # the device's own entry says it


def _key(_row: DeviceKey, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return ""  # so does the pairing
    return _("The terminal's key stopped") if "revoked_at" in changes else ""


def _loss(_row: DeviceLoss, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Declared lost; a second member confirms it")
    if "confirmed_at" in changes:
        return _("Confirmed as lost")
    return _("Not lost after all") if "taken_back_at" in changes else _("Came back and was paired again")


def _hold(_row: LegalHold, changes: Mapping[str, str], is_new: bool) -> str:
    if is_new:
        return _("Asked for; a second member approves it")
    if "approved_by" in changes:
        return _("Approved: it keeps from now on")
    return _("Lifted") if "lifted_at" in changes else _("Its last day has passed") if "ended_at" in changes else ""


def _store(name: str) -> Any:
    return next((store.label for store in stores.stores() if store.name == name), name)


def _receipt(row: ErasureReceipt, _changes: Mapping[str, str], is_new: bool) -> str:
    return _("Receipt of the store “%(store)s”") % {"store": _store(row.store)} if is_new else ""


def _certificate(row: Certificate, _changes: Mapping[str, str], is_new: bool) -> str:
    return _("Certificate %(number)s issued") % {"number": row.number} if is_new else ""


_SENTENCES: dict[type[Model], Callable[[Any, Mapping[str, str], bool], str]] = {
    Person: _person,
    PersonalLink: _link,
    Pass: _pass,
    Consent: _consent,
    Enrollment: _enrollment,
    Erasure: _erasure,
    RightsRequest: _request,
    Complaint: _complaint,
    Device: _device,
    DeviceSign: _sign,
    DeviceKey: _key,
    DeviceLoss: _loss,
    LegalHold: _hold,
    ErasureReceipt: _receipt,
    Certificate: _certificate,
}
