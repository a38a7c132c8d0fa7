"""What a package says: what we hold, why, since when and until when, who received it, what was told and answered.

JSON-ready, in the language that is active. It holds no face, no template, and nothing about anybody else. The number
of queries does not grow with what is held.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import get_language, gettext_lazy
from django.utils.translation import gettext as _

from tenants.clearance.checks import article_name
from tenants.clearance.models import Clearance
from tenants.clearance.rules import ALL
from tenants.organizations.kinds import StorageMode
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person
from tenants.rights import package_reasons, stores
from tenants.rights.kinds import PackageKind, Requester
from tenants.rights.models import RightsRequest
from tenants.transparency.rules.notices import ITEMS

FORMAT = "consentry-access-package/2"
_WITH_TEMPLATE = frozenset({FaceState.ENROLLED, FaceState.SUSPENDED})
_TOLD_ONLY = frozenset({"templates", "gallery"})
# What a store erases is not always what it shows.
_LABELS = {"captures": gettext_lazy("Enrolments; the photo of each is deleted at once")}
_RULES = {rule.code: rule for rule in ALL}
# Of a row, the times at which something of it began to be held.
_BEGAN = frozenset(
    {"created_at", "made_at", "at", "asked_at", "received_at", "decided_at", "prompted_at", "recorded_at", "sent_at",
     "ordered_at", "since", "valid_from", "signed_on"}
)  # fmt: skip
# Somebody who asked for this person is another person: who they are is theirs.
_OF_THE_ASKER = ("name", "contact")


def contents(*, request: RightsRequest, kind: PackageKind, made_at: datetime) -> dict[str, Any]:
    """Return everything about the person of a request. `request` comes with person, its tenant and its handler."""
    person = request.person
    if person is None:
        raise ValueError("A package is about somebody.")
    tenant = person.tenant
    consents = _consents(person)
    exported = {store.name: _own(store.name, store.export(person), person) for store in stores.stores()}
    return {
        "format": FORMAT,
        "kind": str(kind),
        "made_at": timezone.localtime(made_at),
        "language": get_language(),
        "request": {
            "number": request.number,
            "kind": request.kind,
            "asked_by": request.asked_by,
            "received_at": request.received_at,
            "is_about_somebody_else": request.asked_by != Requester.SELF,
        },
        "handler": {
            "name": tenant.handler.name,
            "credit_code": tenant.handler.credit_code,
            "contact": tenant.handler.contact_name,
            "phone": tenant.handler.contact_phone,
            "email": tenant.handler.contact_email,
            "address": tenant.handler.address,
        },
        "property": tenant.display_name,
        "person": _person(person),
        "held": _held(person, exported, consents),
        "recipients": list(_recipients(person, exported)),
        "consents": [_consent(row) for row in consents],
        "notices": _notices(consents),
        "decisions": [_decision(row) for row in Clearance.objects.filter(person=person).order_by("answered_at")],
        "events": exported.get("events", []),
        "stores": {name: rows for name, rows in exported.items() if name != "events"},
    }


def _person(person: Person) -> dict[str, Any]:
    return {
        "id": str(person.pk),
        "kind": person.kind,
        "age_band": person.band,
        "on_record_since": person.created_at,
        "stay_ends_on": person.stay_ends_on,
        "face_state": person.face_state,
        "face_stored": person.face_stored,
        "face_enrolled_on": person.face_enrolled_on,
        "face_last_used_on": person.face_last_used_on,
        "restricted_at": person.restricted_at,
    }


def _consents(person: Person) -> list[Consent]:
    rows = Consent.objects.filter(person=person).select_related("notice", "paper").defer("paper__scan")
    found = list(rows.order_by("decided_at"))
    for row in found:
        row.person = person
    return found


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "purpose": row.purpose,
        "decision": row.decision,
        "decided_at": row.decided_at,
        "given_by": row.given_by,
        "channel": row.channel,
        "signed_on": row.paper.signed_on if row.paper else None,
        "sheet_sha256": row.paper.scan_sha256 if row.paper else "",
        "ends_on": row.ends_on,
        "withdrawn_at": row.withdrawn_at,
        "withdrawn_by": row.withdrawn_by,
        "stands": row.stands,
        "notice_version": row.notice.version,
        "notice_sha256": row.notice_hash,
        "language": row.language,
    }


def _notices(consents: list[Consent]) -> list[dict[str, Any]]:
    """Return each notice that was answered, in the words and the language in which it was shown, once."""
    shown: dict[tuple[int, str], dict[str, Any]] = {}
    for row in consents:
        notice, language = row.notice, "en" if row.language.startswith("en") else "zh"
        shown.setdefault(
            (notice.version, language),
            {
                "version": notice.version,
                "sha256": notice.content_hash,
                "language": row.language,
                "effective_on": notice.effective_on,
                "published_at": notice.published_at,
                "storage_mode": notice.storage_mode,
                "texts": {item: text for item in ITEMS if (text := getattr(notice, f"{item}_{language}"))},
            },
        )
    return [shown[key] for key in sorted(shown)]


def _decision(row: Clearance) -> dict[str, Any]:
    """One answer of the gate about this person, each reason in words. A rule that is gone is told by its code."""
    reasons = []
    for code in row.blockers:
        rule = _RULES.get(code)
        reasons.append(
            {
                "rule": code,
                "sentence": str(rule.broken) if rule else code,
                "detail": str(rule.detail) if rule else "",
                "article": article_name(rule.article) if rule else "",
            }
        )
    return {"at": row.answered_at, "is_allowed": row.is_allowed, "reasons": reasons}


def _held(
    person: Person, exported: Mapping[str, list[dict[str, Any]]], consents: list[Consent]
) -> list[dict[str, Any]]:
    """Return for each store what, how much, why, since and until when; those that hold nothing too."""
    has_template = person.face_state in _WITH_TEMPLATE and person.face_stored == StorageMode.PORTAL
    rows = []
    for store in stores.stores():
        reason, own = package_reasons.reason_of(store.name), exported[store.name]
        count, since = len(own), min((_day(when) for row in own for when in _times(row)), default=None)
        if store.name in _TOLD_ONLY and has_template:
            # Encrypted, and out of this process's reach: it is told of, not handed out.
            count, since = 1, person.face_enrolled_on
        rows.append(
            {
                "store": store.name,
                "label": str(_LABELS.get(store.name, store.label)),
                "count": count,
                "purpose": str(reason.purpose),
                "article": article_name(str(reason.article)),
                "since": since or (_day(person.created_at) if count else None),
                "until": package_reasons.until(store.name, tenant=person.tenant),
                "until_on": package_reasons.until_on(store.name, person=person, consents=consents) if count else None,
            }
        )
    return rows


def _recipients(person: Person, exported: Mapping[str, list[dict[str, Any]]]) -> Iterator[dict[str, Any]]:
    """Yield who received something: processors by contract, message services, terminals. Nobody else is known."""
    handler = person.tenant.handler
    yield {
        "kind": "processor",
        "name": _("The provider of this portal, which only does what it is told by contract"),
        "what": _("Everything in this package, encrypted where it is about the face"),
        "since": handler.contract_signed_on,
        "until": handler.contract_ends_on,
        "state": "",
    }
    sent = [row["invitation"] for row in exported.get("evidence", []) if "invitation" in row]
    for channel in sorted({row["channel"] for row in sent if row["sent_at"]}):
        times = [row["sent_at"] for row in sent if row["channel"] == channel and row["sent_at"]]
        yield {
            "kind": "messages",
            "name": _("The service that sends text messages") if channel == "sms" else _("The service that sends mail"),
            "what": _("Your phone number and the message") if channel == "sms" else _("Your address and the message"),
            "since": min(times),
            "until": max(times),
            "state": "",
        }
    for row in exported.get("devices", []):
        yield {
            "kind": "terminal",
            "name": f"{row.get('device__name', '')} · {row.get('device__access_point__name', '')}",
            "what": _("The face template, sealed for this terminal alone"),
            "since": row.get("since"),
            "until": None,
            "state": row.get("state", ""),
        }


def _own(store: str, rows: list[dict[str, Any]], person: Person) -> list[dict[str, Any]]:
    """Return a store's rows without what is somebody else's."""
    if store == "guardians":
        for row in rows:
            row["you_are"] = "guardian" if row.pop("guardian", None) == person.pk else "child"
            row.pop("child", None)
    if store == "requests":
        for row in rows:
            if row.get("asked_by", Requester.SELF) != Requester.SELF:
                row.update(dict.fromkeys(_OF_THE_ASKER, ""))
    return rows


def _times(row: Mapping[str, Any]) -> Iterator[date | datetime]:
    for key, value in row.items():
        if isinstance(value, Mapping):
            yield from _times(value)
        elif key in _BEGAN and isinstance(value, date | datetime):
            yield value


def _day(when: date | datetime) -> date:
    return timezone.localdate(when) if isinstance(when, datetime) else when
