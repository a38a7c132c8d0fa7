"""The evidence bundle as a file: the contents of the domain, a page to read offline, and the signature around all."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import override

from recognition.matching import answers
from tenants.clearance.checks import article_name
from tenants.clearance.rules import ALL
from tenants.people.kinds import ConsentChannel, ConsentDecision, ConsentPurpose, FaceState, GivenBy, WithdrawnBy
from tenants.people.models import Person
from tenants.premises.kinds import MethodKind
from tenants.rights import stores
from tenants.rights.bundle_archive import pack
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.services import bundles

# Both in one file, the law's own language first: whoever reads it years later need not choose.
RULES = {rule.code: rule for rule in ALL}
LANGUAGES = (("zh-hans", "中文"), ("en", "English"))


def bundle(person: Person) -> bytes:
    """Return the signed zip about one person. Raises ImproperlyConfigured where no evidence key is."""
    says = bundles.contents(person=person)
    files = bundles.files(person=person, says=says)
    files["index.html"] = page(says, files=files).encode()
    files["README.txt"] = _readme().encode()
    return pack(files)


def name(person: Person) -> str:
    return f"evidence-{person.code}.zip"


def page(says: Mapping[str, Any], *, files: Mapping[str, bytes]) -> str:
    """Return the page: self-contained, without a script, in both languages one below the other."""
    parts = []
    for language, label in LANGUAGES:
        with override(language):
            html = render_to_string("bundle/part.html", _words(says, files) | {"language": language})
            parts.append({"language": language, "label": label, "html": html})
    return render_to_string(
        "bundle/index.html", {"parts": parts, "code": says["person"]["id"].replace("-", "")[:8].upper()}
    )


def _readme() -> str:
    return render_to_string("bundle/README.txt")


def _words(says: Mapping[str, Any], files: Mapping[str, bytes]) -> dict[str, Any]:
    """Return the facts in the words of the reader's language. Each is in `evidence.json` as a code as well."""
    return {
        "says": says,
        "made_at": _at(says["made_at"]),
        "since": _at(says["period"]["since"]),
        "until": _at(says["period"]["until"]),
        "face": _label(FaceState, says["person"]["face"]),
        "articles": {key: article_name(article) for key, article in _ARTICLES.items()},
        "notices": [
            row | {"published": _at(row["published_at"]), "text": files[row["readable_text"]].decode()}
            for row in says["notices"]
            if row["readable_text"] in files
        ],
        "asked": [{"at": _at(row["at"]), "purpose": _label(ConsentPurpose, row["purpose"])} for row in says["asked"]],
        "consents": [_consent(row) for row in says["consents"]],
        "gate": [_answer(row) for row in says["gate"]],
        "doors": [_door(row) for row in says["doors"]],
        "matches": [_match(row) for row in says["matches"]],
        "erasures": [_erasure(row) for row in says["erasures"]],
    }


_ARTICLES = {"notice": "Art 5", "consent": "Art 6", "ways": "Art 10", "erasure": "PIPL 47", "proof": "PIPL 69"}


def _at(text: str | None) -> str:
    return date_format(datetime.fromisoformat(text), "DATETIME_FORMAT") if text else ""


def _label(choices: Any, value: str | None) -> str:
    return str(dict(choices.choices).get(value, value or ""))


def _consent(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": _at(row["at"]),
        "purpose": _label(ConsentPurpose, row["purpose"]),
        "decision": _label(ConsentDecision, row["decision"]),
        "version": row["notice_version"],
        "sha256": row["notice_sha256"],
        "by": f"{_label(GivenBy, row['given_by'])}, {_label(ConsentChannel, row['by'])}",
        "sheet": row["sheet_sha256"],
        "holds_until": date_format(date.fromisoformat(row["holds_until"])) if row["holds_until"] else "",
        "withdrawn": _at(row["withdrawn_at"]),
        "withdrawn_by": _label(WithdrawnBy, row["withdrawn_by"]),
    }


def _answer(row: Mapping[str, Any] | None) -> dict[str, Any] | None:
    if row is None:
        return None
    # A rule that is gone since is told by its code.
    reasons = [str(RULES[code].broken) if code in RULES else code for code in row["blockers"]]
    return {"at": _at(row["at"]), "is_allowed": row["is_allowed"], "reasons": reasons}


def _door(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "name": row["name"] or row["id"],
        "known_since": _at(row["known_since"]),
        "ways": [
            {
                "kind": _label(MethodKind, way["kind"]),
                "spans": [
                    {"since": _at(s["since"]), "until": _at(s["until"]), "works": s["works"], "terms": s["terms"]}
                    for s in way["spans"]
                ],
            }
            for way in row["ways"]
        ],
        "gaps": [{"since": _at(gap["since"]), "until": _at(gap["until"])} for gap in row["gaps"]],
        "devices": [
            {"name": device["name"], "gate": [_answer(answer) for answer in device["gate"]]}
            for device in row["devices"]
        ],
    }


def _match(row: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "at": _at(row["at"]),
        "door": row["door_name"],
        "is_allowed": row["is_allowed"],
        "rule": str(answers.sentence(row["rule"])),
        "person": _answer(row["gate_of_person"]),
        "device": _answer(row["gate_of_device"]),
        "consents": len(row["consents"]),
    }


def _erasure(row: Mapping[str, Any]) -> dict[str, Any]:
    labels = {store.name: str(store.label) for store in stores.stores()}
    return row | {
        "reason": _label(ErasureReason, row["reason"]),
        "scope": _label(ErasureScope, row["scope"]),
        "ordered": _at(row["ordered_at"]),
        "completed": _at(row["completed_at"]) or _("not yet"),
        "receipts": [
            receipt | {"label": labels.get(receipt["store"], receipt["store"]), "on": _at(receipt["at"])}
            for receipt in row["receipts"]
        ],
    }
