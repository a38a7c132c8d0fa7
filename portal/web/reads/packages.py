"""The access package as a person reads it: every store with a title, every value with a name.

What has no words here is shown with its technical name rather than left out: the package must be complete.
"""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.conf.locale import LANG_INFO
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import get_language_info, gettext_lazy
from django.utils.translation import gettext as _

from recognition.enrollment import reasons
from recognition.enrollment.models import EnrollmentState
from recognition.matching import answers
from tenants.people.kinds import (
    AgeBand,
    ConsentChannel,
    ConsentDecision,
    ConsentPurpose,
    FaceState,
    InvitationState,
    LinkReason,
    PassKind,
    PassState,
    PersonKind,
    PromptChannel,
    WithdrawnBy,
)
from tenants.premises.kinds import DeviceMode, MethodKind
from tenants.rights import stores
from tenants.rights.kinds import ErasureReason, ErasureScope, RequestKind, RequestState

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
}
# Codes that stand for words. One name can mean several lists; a code belongs to one of them.
WORDS: dict[str, tuple[Any, ...]] = {
    "kind": (PersonKind, RequestKind, PassKind),
    "age_band": (AgeBand,),
    "face_state": (FaceState,),
    "state": (RequestState, EnrollmentState, PassState, InvitationState),
    "channel": (ConsentChannel, PromptChannel),
    "purpose": (ConsentPurpose,),
    "decision": (ConsentDecision,),
    "reason": (ErasureReason, LinkReason),
    "withdrawn_by": (WithdrawnBy,),
    "scope": (ErasureScope,),
    "mode": (DeviceMode,),
    "method": (MethodKind,),
}
Row = list[tuple[str, str]]


def sections(contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return [{title, rows}] for the page: the person first, then every store, empty ones too."""
    titles = {store.name: store.label for store in stores.stores()}
    parts = [{"title": _("You, in our records"), "rows": [_row(contents["person"])]}]
    for name, rows in contents["stores"].items():
        parts.append({"title": str(titles.get(name, name)), "rows": [_row(row) for row in rows]})
    return parts


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
