"""The access package as a person reads it: every store with a title, every value with a name.

What has no words here is shown with its technical name rather than left out: the package must be complete.
"""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from recognition.edge.kinds import CopyState
from recognition.enrollment import reasons
from recognition.enrollment.models import EnrollmentState
from recognition.matching import answers
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import (
    AgeBand,
    ConsentChannel,
    ConsentDecision,
    ConsentPurpose,
    FaceState,
    GivenBy,
    InvitationState,
    KinshipEvidence,
    LinkReason,
    PassKind,
    PassState,
    PersonKind,
    PromptChannel,
    Relationship,
    WithdrawnBy,
)
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.rights.kinds import (
    AttachmentKind,
    ComplaintState,
    Delivery,
    ErasureReason,
    ErasureScope,
    IdentityProof,
    MessageKind,
    PackageKind,
    RefusalCode,
    RequestChannel,
    Requester,
    RequestKind,
    RequestState,
)

NAMES: dict[str, Promise] = {
    "id": gettext_lazy("Number in our records"),
    "kind": gettext_lazy("Kind"),
    "age_band": gettext_lazy("Age"),
    "face_state": gettext_lazy("Your face"),
    "face_enrolled_on": gettext_lazy("Enrolled on"),
    "stay_ends_on": gettext_lazy("Lease or stay ends"),
    "name": gettext_lazy("Name"),
    "phone": gettext_lazy("Phone"),
    "email": gettext_lazy("E-mail"),
    "room": gettext_lazy("Home or room"),
    "contact": gettext_lazy("Phone or e-mail"),
    "message": gettext_lazy("Message"),
    "number": gettext_lazy("Number"),
    "state": gettext_lazy("State"),
    "answer": gettext_lazy("Answer"),
    "received_at": gettext_lazy("Received on"),
    "closed_at": gettext_lazy("Closed"),
    "created_at": gettext_lazy("Made"),
    "finished_at": gettext_lazy("Finished"),
    "expires_at": gettext_lazy("Valid until"),
    "revoked_at": gettext_lazy("Revoked"),
    "made_at": gettext_lazy("Code made at the desk"),
    "used_at": gettext_lazy("You registered yourself"),
    "purpose": gettext_lazy("Purpose"),
    "decision": gettext_lazy("Your answer"),
    "notice__version": gettext_lazy("Version of the notice"),
    "notice_hash": gettext_lazy("Fingerprint of the notice"),
    "language": gettext_lazy("Language shown"),
    "decided_at": gettext_lazy("Answered on"),
    "channel": gettext_lazy("How"),
    "prompted_at": gettext_lazy("You were asked"),
    "asked_at": gettext_lazy("Asked"),
    "sent_at": gettext_lazy("Message sent"),
    "withdrawn_at": gettext_lazy("Taken back on"),
    "withdrawn_by": gettext_lazy("Taken back by"),
    "reason": gettext_lazy("Reason"),
    "scope": gettext_lazy("What is erased"),
    "ordered_at": gettext_lazy("Ordered"),
    "completed_at": gettext_lazy("Completed"),
    "model_version": gettext_lazy("Model"),
    "at": gettext_lazy("At"),
    "mode": gettext_lazy("How it was checked"),
    "is_allowed": gettext_lazy("Door opened"),
    "rule": gettext_lazy("Why"),
    "device__access_point__name": gettext_lazy("Door"),
    "method": gettext_lazy("Method"),
    "label": gettext_lazy("Label"),
    "last4": gettext_lazy("Last four"),
    "pass_number": gettext_lazy("Personal number"),
    "valid_from": gettext_lazy("Valid from"),
    "valid_until": gettext_lazy("Valid until"),
    "is_for_all_doors": gettext_lazy("Opens every door"),
    "doors": gettext_lazy("Doors"),
    "stopped_at": gettext_lazy("Stopped"),
    "on_record_since": gettext_lazy("On record since"),
    "face_stored": gettext_lazy("Where the face is kept"),
    "face_last_used_on": gettext_lazy("Last opened a door on"),
    "restricted_at": gettext_lazy("Use restricted since"),
    "given_by": gettext_lazy("Answer given by"),
    "signed_on": gettext_lazy("Signed on"),
    "sheet_sha256": gettext_lazy("Fingerprint of the sheet"),
    "scan_sha256": gettext_lazy("Fingerprint of the sheet"),
    "ends_on": gettext_lazy("Holds until"),
    "stands": gettext_lazy("Holds now"),
    "notice_version": gettext_lazy("Version of the notice"),
    "notice_sha256": gettext_lazy("Fingerprint of the notice"),
    "document_fingerprint_is_kept": gettext_lazy("Fingerprint of a document is kept"),
    "asked_by": gettext_lazy("Asked by"),
    "relation": gettext_lazy("On what ground"),
    "identity_by": gettext_lazy("Identity proved by"),
    "identity_checked_at": gettext_lazy("Identity proved on"),
    "due_on": gettext_lazy("Due"),
    "extension_reason": gettext_lazy("Reason of the extension"),
    "refusal_code": gettext_lazy("Reason of the refusal"),
    "refusal_article": gettext_lazy("Article"),
    "text": gettext_lazy("Text"),
    "delivery": gettext_lazy("Delivery"),
    "size": gettext_lazy("Size in bytes"),
    "sha256": gettext_lazy("Fingerprint"),
    "answered_at": gettext_lazy("Answered on"),
    "built_at": gettext_lazy("Built"),
    "downloads": gettext_lazy("Downloads"),
    "erased_at": gettext_lazy("Erased"),
    "request__number": gettext_lazy("Request"),
    "relationship": gettext_lazy("Relationship"),
    "evidence": gettext_lazy("What showed it"),
    "note": gettext_lazy("Note"),
    "you_are": gettext_lazy("You are"),
    "recorded_at": gettext_lazy("Recorded"),
    "ended_at": gettext_lazy("Ended"),
    "was_read_aloud": gettext_lazy("Read aloud"),
    "views__viewed_at": gettext_lazy("Opened"),
    "device__name": gettext_lazy("Terminal"),
    "since": gettext_lazy("Since"),
}
# Codes that stand for words. One name can mean several lists; a code belongs to one of them.
WORDS: dict[str, tuple[Any, ...]] = {
    "kind": (PersonKind, RequestKind, PassKind, MessageKind, PackageKind, AttachmentKind),
    "age_band": (AgeBand,),
    "face_state": (FaceState,),
    "face_stored": (StorageMode,),
    "state": (RequestState, EnrollmentState, PassState, InvitationState, CopyState, ComplaintState),
    "channel": (ConsentChannel, PromptChannel, RequestChannel),
    "asked_by": (Requester,),
    "given_by": (GivenBy,),
    "identity_by": (IdentityProof,),
    "refusal_code": (RefusalCode,),
    "delivery": (Delivery,),
    "relationship": (Relationship,),
    "evidence": (KinshipEvidence,),
    "purpose": (ConsentPurpose,),
    "decision": (ConsentDecision,),
    "reason": (ErasureReason, LinkReason),
    "withdrawn_by": (WithdrawnBy,),
    "scope": (ErasureScope,),
    "mode": (DeviceMode,),
    "method": (MethodKind,),
}
Row = list[tuple[str, str]]


def events(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Return door events with their rule in words, the newest first: no denial stays unexplained."""
    told = [
        {
            "at": row["at"],
            "door": row.get("device__access_point__name", ""),
            "method": row["method"],
            "mode": row["mode"],
            "is_allowed": row["is_allowed"],
            "rule": row["rule"],
            "sentence": _rule(str(row["rule"])),
        }
        for row in rows
    ]
    return sorted(told, key=lambda row: row["at"], reverse=True)


def readable(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Return what the page of a package shows beside the contents themselves, with every code in words."""
    return {
        "person_facts": _row(contents["person"]),
        "consents": [_row(row) for row in contents["consents"]],
        "recipients": [row | {"state": _copy_state(row["state"])} for row in contents["recipients"]],
        "methods": dict(MethodKind.choices),
        "sections": sections(contents),
    }


def sections(contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return [{title, rows}] of every store that holds something; the overview says which are empty."""
    titles = {row["store"]: row["label"] for row in contents["held"]}
    return [
        {"title": titles.get(name, name), "rows": [_row(row) for row in rows]}
        for name, rows in contents["stores"].items()
        if rows
    ]


def _copy_state(code: str) -> str:
    return str(CopyState(code).label) if code in CopyState.values else ""


def _row(values: Mapping[str, Any]) -> Row:
    if len(values) == 1 and isinstance(inner := next(iter(values.values())), Mapping):
        values = inner  # {"consent": {...}}: the key only says which list it came from
    return [(str(NAMES.get(key, key)), _text(key, value)) for key, value in values.items() if value not in (None, "")]


def _text(key: str, value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return date_format(timezone.localtime(value), "DATETIME_FORMAT")
    if isinstance(value, date):
        return date_format(value, "DATE_FORMAT")
    for kinds in WORDS.get(key, ()):
        if value in kinds.values:
            return str(kinds(value).label)
    if key == "you_are":
        return _("the guardian") if value == "guardian" else _("the child")
    if key == "language":
        return get_language_info(value)["name_local"] if value in LANG_INFO else str(value)
    if key == "reason":
        return _reason(str(value))
    if key == "rule":
        return _rule(str(value))
    return str(value)


def _rule(code: str) -> str:
    try:
        return str(answers.sentence(code))
    except ValueError:
        return code


def _reason(code: str) -> str:
    try:
        return str(reasons.sentence(code))
    except ValueError:
        return code
