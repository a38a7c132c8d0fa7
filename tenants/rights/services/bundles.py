"""The evidence about one person, from the notice shown to the erasure, without a name and without a face (PIPL 69).

Nothing is made up: each part says since when something is known of it, and by what. Works for somebody who was erased.
"""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from tenants.clearance.models import Clearance
from tenants.people.kinds import ConsentDecision
from tenants.people.models import Consent, Person, PromptRecord
from tenants.rights import bundle_sources
from tenants.rights.models import Erasure
from tenants.rights.services import certificates
from tenants.rights.services.bundle_ways import ways
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import ITEMS, hashed_content

FORMAT = "consentry-evidence-bundle-1"
LANGUAGES = {"zh": "中文", "en": "English"}


def contents(*, person: Person, at: datetime | None = None) -> dict[str, Any]:
    """Return what `evidence.json` says, JSON-ready; times are Beijing's. A constant number of queries."""
    now = at or timezone.now()
    consents = list(
        Consent.objects.filter(person=person)
        .select_related("notice", "paper")
        .defer("paper__scan")
        .order_by("decided_at")
    )
    gate = list(Clearance.objects.filter(person=person).order_by("answered_at"))
    erasures = list(
        Erasure.objects.filter(person=person)
        .select_related("request", "certificate")
        .prefetch_related("receipts")
        .order_by("ordered_at")
    )
    since, until = _period(consents, erasures, now)
    doors = ways(person.tenant, since=since, until=until) if since else []
    return {
        "format": FORMAT,
        "made_at": time(now),
        "handler": {"name": person.tenant.handler.name, "credit_code": person.tenant.handler.credit_code},
        "property": {"id": str(person.tenant_id), "name": person.tenant.name},
        "person": {
            "id": str(person.pk),
            "face": person.face_state,
            "record_added": time(person.created_at),
            "identity_erased": time(person.erased_at),
        },
        "period": {"since": time(since), "until": time(until) if since else None},
        "notices": [_notice(notice) for notice in _notices(consents)],
        "asked": [
            {"purpose": row.purpose, "by": row.channel, "at": time(row.prompted_at)}
            for row in PromptRecord.objects.filter(person=person).order_by("prompted_at")
        ],
        "consents": [_consent(row) for row in consents],
        "gate": [_answer(row) for row in gate],
        "doors": doors,
        "matches": _matches(person, consents=consents, gate=gate, doors=doors),
        "matches_kept_days": person.tenant.event_days,
        "erasures": [_erasure(row) for row in erasures],
    }


def files(*, person: Person, says: Mapping[str, Any]) -> dict[str, bytes]:
    """Return the files of a bundle by name, but for its page and its signature. `says` comes from `contents`."""
    found = {"evidence.json": _json(says)}
    notices = Notice.objects.filter(tenant=person.tenant, version__in=[row["version"] for row in says["notices"]])
    for notice in notices.published():
        # The bytes of which the fingerprint was made: `sha256sum` of this file is the fingerprint in the consent.
        found[f"notices/{_stem(notice)}.json"] = hashed_content(
            notice.texts, storage_mode=notice.storage_mode, allows_under_14=notice.allows_under_14
        )
        found[f"notices/{_stem(notice)}.txt"] = _readable(notice).encode()
    rows = Erasure.objects.filter(person=person).select_related("certificate").prefetch_related("receipts")
    for erasure in rows.order_by("ordered_at"):
        for receipt in erasure.receipts.all():
            found[f"receipts/{erasure.pk}-{receipt.store}.json"] = _json(
                {"erasure": str(erasure.pk), "store": receipt.store, "erased": receipt.erased}
                | {"remaining": receipt.remaining, "at": time(receipt.at)}
            )
        if hasattr(erasure, "certificate"):
            found[f"certificates/{erasure.certificate.number}.json"] = certificates.file(erasure.certificate)
    return found | {name: _json(body) for name, body in bundle_sources.receipts_of(person).items()}


def time(moment: datetime | None) -> str | None:
    """Write a moment as Beijing reads it."""
    return timezone.localtime(moment).isoformat() if moment else None


def _period(
    consents: Sequence[Consent], erasures: Sequence[Erasure], now: datetime
) -> tuple[datetime | None, datetime]:
    """From the first yes until the last erasure was complete, or until now while there is a yes or an order."""
    agreed = [row.decided_at for row in consents if row.decision == ConsentDecision.AGREE]
    if not agreed:
        return None, now
    is_over = erasures and all(row.completed_at for row in erasures) and max(agreed) < erasures[-1].ordered_at
    ends = [row.completed_at for row in erasures if row.completed_at]
    return min(agreed), max(ends) if is_over else now


def _notices(consents: Sequence[Consent]) -> list[Notice]:
    return sorted({row.notice_id: row.notice for row in consents}.values(), key=lambda notice: notice.version)


def _stem(notice: Notice) -> str:
    return f"notice-v{notice.version}"


def _notice(notice: Notice) -> dict[str, Any]:
    return {
        "version": notice.version,
        "sha256": notice.content_hash,
        "published_at": time(notice.published_at),
        "in_force_from": notice.effective_on.isoformat() if notice.effective_on else None,
        "hashed_text": f"notices/{_stem(notice)}.json",
        "readable_text": f"notices/{_stem(notice)}.txt",
    }


def _readable(notice: Notice) -> str:
    parts = [f"{_stem(notice)}\nSHA-256 {notice.content_hash}\n{time(notice.published_at)}\n"]
    for language, name in LANGUAGES.items():
        parts.append(f"\n==== {name} ====\n")
        parts += [f"\n[{item}]\n{notice.texts.get(f'{item}_{language}', '')}\n" for item in ITEMS]
    return "".join(parts)


def _consent(row: Consent) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "purpose": row.purpose,
        "decision": row.decision,
        "at": time(row.decided_at),
        "notice_version": row.notice.version,
        "notice_sha256": row.notice_hash,
        "language": row.language,
        "given_by": row.given_by,
        "by": row.channel,
        "sheet_sha256": row.paper.scan_sha256 if row.paper else None,
        "holds_until": row.ends_on.isoformat() if row.ends_on else None,
        "withdrawn_at": time(row.withdrawn_at),
        "withdrawn_by": row.withdrawn_by or None,
    }


def _answer(row: Clearance) -> dict[str, Any]:
    return {"at": time(row.answered_at), "is_allowed": row.is_allowed, "blockers": row.blockers}


def _matches(
    person: Person, *, consents: Sequence[Consent], gate: Sequence[Clearance], doors: Sequence[Mapping[str, Any]]
) -> list[dict[str, Any]]:
    """Return every known answer to the face, each with the gate's answer and the consents that stood then."""
    devices = {device["id"]: device["gate"] for door in doors for device in door["devices"]}
    people = [_answer(row) for row in gate]
    return [
        {
            "at": time(match.at),
            "door": str(match.door),
            "door_name": match.door_name,
            "device": str(match.device),
            "mode": match.mode,
            "is_allowed": match.is_allowed,
            "rule": match.rule,
            "gate_of_person": _standing(people, match.at),
            "gate_of_device": _standing(devices.get(str(match.device), []), match.at),
            "consents": [
                str(row.pk)
                for row in consents
                if row.decision == ConsentDecision.AGREE
                and row.decided_at <= match.at
                and (row.withdrawn_at is None or row.withdrawn_at > match.at)
            ],
        }
        for match in bundle_sources.matches_of(person)
    ]


def _standing(answers: Sequence[Mapping[str, Any]], at: datetime) -> Mapping[str, Any] | None:
    """Return the last answer before a moment; None when none is recorded."""
    return next((row for row in reversed(answers) if datetime.fromisoformat(row["at"]) <= at), None)


def _erasure(row: Erasure) -> dict[str, Any]:
    certificate = getattr(row, "certificate", None)
    return {
        "id": str(row.pk),
        "reason": row.reason,
        "scope": row.scope,
        "request": row.request.number if row.request else None,
        "ordered_at": time(row.ordered_at),
        "keys_destroyed": row.keys_destroyed,
        "completed_at": time(row.completed_at),
        "receipts": [
            {"store": r.store, "erased": r.erased, "remaining": r.remaining, "at": time(r.at)}
            for r in sorted(row.receipts.all(), key=lambda receipt: receipt.store)
        ],
        "certificate": f"certificates/{certificate.number}.json" if certificate else None,
    }


def _json(body: Mapping[str, Any]) -> bytes:
    return (json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True) + "\n").encode()
