"""A person's own data for somebody else's system, in a documented form (PIPL 45(3)): docs/transfer-format.md.

What the person gave, and what was done by their consent. Not what the property thinks or wrote, and no template: a
face is given to another handler by the person alone, with a new photo and a new consent.
"""

from collections.abc import Mapping
from typing import Any

from tenants.organizations.kinds import StorageMode

FORMAT = "consentry-transfer"
VERSION = "1.0"
_IDENTITY = ("name", "phone", "email", "room")
_CONSENT = (
    "purpose", "decision", "decided_at", "ends_on", "withdrawn_at", "given_by", "language", "notice_version",
    "notice_sha256",
)  # fmt: skip
_PASS = ("kind", "label", "last4", "valid_from", "valid_until", "doors")


def transfer(contents: Mapping[str, Any]) -> dict[str, Any]:
    """Return the transfer form of a package's contents, JSON-ready."""
    person, held = contents["person"], contents["stores"]
    identity: Mapping[str, Any] = next(iter(held.get("identity", [])), {})
    return {
        "format": FORMAT,
        "version": VERSION,
        "made_at": contents["made_at"],
        "request": contents["request"]["number"],
        "from": {
            "handler": contents["handler"]["name"],
            "credit_code": contents["handler"]["credit_code"],
            "property": contents["property"],
        },
        "person": {
            "id": person["id"],
            "kind": person["kind"],
            "age_band": person["age_band"],
            "on_record_since": person["on_record_since"],
            "stay_ends_on": person["stay_ends_on"],
            **{key: identity.get(key, "") for key in _IDENTITY},
        },
        "consents": [{key: row[key] for key in _CONSENT} for row in contents["consents"]],
        "notices": [
            {key: row[key] for key in ("version", "sha256", "language", "effective_on")} for row in contents["notices"]
        ],
        "passes": [{key: row.get(key) for key in _PASS} for row in held.get("passes", [])],
        "templates": _templates(contents),
    }


def _templates(contents: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Return where a face template is, each with the word that it is not in here."""
    held = contents["stores"]
    made = [row for row in held.get("captures", []) if row.get("state") == "done"]
    rows = []
    person = contents["person"]
    if made and person["face_state"] in {"enrolled", "suspended"} and person["face_stored"] == StorageMode.PORTAL:
        last = max(made, key=lambda row: row["finished_at"] or row["created_at"])
        rows.append({"place": "portal", "model_version": last["model_version"], "made_at": last["finished_at"]})
    rows += [
        {
            "place": f"terminal: {row.get('device__name', '')}",
            "model_version": row.get("model_version", ""),
            "made_at": row.get("since"),
        }
        for row in held.get("devices", [])
        if row.get("state") in {"held", "suspended"}
    ]
    return [row | {"is_contained": False} for row in rows]
