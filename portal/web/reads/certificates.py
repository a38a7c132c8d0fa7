"""A certificate in words: what its codes say, in the reader's language, for page and paper."""

from datetime import date, datetime
from typing import Any

from django.utils import translation
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.web.pdf import Drawer, draw
from tenants.organizations.models import Property
from tenants.rights import stores
from tenants.rights.certificate_text import Checked, Verdict
from tenants.rights.kinds import ErasureReason, ErasureScope
from tenants.rights.models import Certificate

SENTENCES: dict[Verdict, tuple[str, Promise, Promise]] = {
    Verdict.VALID: (
        "ok",
        _("This certificate is genuine and unchanged."),
        _("It says the following, word for word as it was signed."),
    ),
    Verdict.CHANGED: (
        "stop",
        _("This certificate was changed."),
        _("Something in it is not as it was signed, be it one letter or one space. Use the file as it was downloaded."),
    ),
    Verdict.UNKNOWN_KEY: (
        "due",
        _("The key of this certificate is not known here."),
        _("It was issued by another installation, or its key was changed. Check it where it was issued."),
    ),
    Verdict.UNREADABLE: (
        "due",
        _("This is no certificate of an erasure."),
        _("Paste the whole text of the file, or choose the file itself (JSON). A PDF cannot be checked."),
    ),
}


def verdict(checked: Checked) -> dict[str, Any]:
    """Return a check in plain words: tone, title, text, and the facts of a valid certificate."""
    tone, title, text = SENTENCES[checked.verdict]
    facts = in_words(checked.says) if checked.says else None
    return {"name": checked.verdict.value, "tone": tone, "title": title, "text": text, "facts": facts}


def in_words(says: dict[str, Any]) -> dict[str, Any]:
    """Return what a certificate says for a template: labels for its codes, times for its texts."""
    labels = {store.name: store.label for store in stores.stores()}
    return says | {
        "reason_label": _label(ErasureReason, says.get("reason")),
        "scope_label": _label(ErasureScope, says.get("scope")),
        "issued": _moment(says.get("issued_at")),
        "ordered": _moment(says.get("ordered_at")),
        "completed": _moment(says.get("completed_at")),
        "kept_until": date.fromisoformat(says["evidence_kept_until"]),
        "store_rows": [
            row | {"label": labels.get(row["store"], row["store"]), "moment": _moment(row["at"])}
            for row in says["stores"]
        ],
        "device_rows": [row | {"moment": _moment(row["at"])} for row in says["devices"]],
        "lost_rows": [row | {"day": date.fromisoformat(row["lost_on"])} for row in says["lost_devices"]],
        "held_rows": [
            row
            | {
                "label": labels.get(row["store"], row["store"]),
                "day": date.fromisoformat(row["until"]) if row["until"] else None,
            }
            for row in says["held"]
        ],
    }


def pdf(
    *, tenant: Property, certificate: Certificate, says: dict[str, Any], address: str, drawer: Drawer = draw
) -> bytes:
    """Return the certificate as a PDF in the reader's language. `address` is where the file can be checked."""
    context = {
        "tenant": tenant,
        "certificate": certificate,
        "facts": in_words(says),
        "address": address,
        "language": translation.get_language(),
    }
    written: bytes = drawer("print/certificate.html", context, styles=["receipt.css", "certificate.css"]).write_pdf()
    return written


def _label(kinds: Any, code: object) -> str | Promise:
    return kinds(code).label if code in kinds.values else str(code)


def _moment(text: Any) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
