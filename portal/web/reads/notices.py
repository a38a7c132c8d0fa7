"""What a draft still lacks, and where the public finds a version."""

from collections.abc import Iterable, Mapping
from ipaddress import ip_address
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.web.forms.notices import EXAMPLES, GROUPS, GUIDE, LANGUAGE_LABELS, NoticeForm
from tenants.organizations.models import Property
from tenants.transparency.models import Notice
from tenants.transparency.rules.differences import Piece
from tenants.transparency.rules.notices import ITEMS, LANGUAGES
from tenants.transparency.rules.plain_language import Finding, Severity
from tenants.transparency.rules.publishing import all_findings

# Of the fingerprint, what an address carries: short enough for a QR code, long enough that no two versions share it.
FINGERPRINT_SHOWN = 16


def permanent_address(request: HttpRequest, notice: Notice) -> str:
    """Return the address that shows exactly this text, or nothing."""
    arguments = [notice.tenant.slug, notice.version, notice.content_hash[:FINGERPRINT_SHOWN]]
    return _outside(request, reverse("public_notice_exact", args=arguments))


def public_address(request: HttpRequest, tenant: Property) -> str:
    return _outside(request, reverse("public_notice", args=[tenant.slug]))


def _outside(request: HttpRequest, path: str) -> str:
    """Return a whole address that the public reaches; a manager may sit behind another name of the portal."""
    return settings.PUBLIC_URL.rstrip("/") + path if settings.PUBLIC_URL else request.build_absolute_uri(path)


def is_local(address: str) -> bool:
    """Say whether only this machine, or this network, finds an address: on paper it would lead nowhere."""
    host = urlsplit(address).hostname or ""
    try:
        number = ip_address(host)
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local"))
    return number.is_loopback or number.is_unspecified


def editor(form: NoticeForm, theirs: Mapping[str, tuple[Piece, ...]], *, tenant: Property) -> list[dict[str, Any]]:
    """Return the groups of the builder: each item with its fields, what was found in them, and how far it is.

    `theirs` shows, by field, where the member's own words differ from those that somebody saved meanwhile.
    """
    found = all_findings(
        form.texts(),
        face_days=tenant.face_days,
        storage_mode=tenant.storage_mode,
        allows_under_14=tenant.allows_under_14,
    )
    groups = []
    for title, items in GROUPS:
        rows = [_editor_item(form, item, found, theirs) for item in items]
        groups.append({"title": title, "items": rows})
    return groups


def _editor_item(
    form: NoticeForm, item: str, found: Mapping[str, tuple[Finding, ...]], theirs: Mapping[str, tuple[Piece, ...]]
) -> dict[str, Any]:
    title, text, article = GUIDE[item]
    names = [f"{item}_{language}" for language in LANGUAGES]
    findings = [finding for name in names for finding in found[name]]
    return {
        "name": item,
        "title": title,
        "help": text,
        "article": article,
        "state": _state(findings),
        "fields": [
            {
                "field": form[f"{item}_{language}"],
                # An empty field says so by itself.
                "findings": [f for f in found[f"{item}_{language}"] if f.code != "missing"],
                "theirs": theirs.get(f"{item}_{language}"),
                "example": EXAMPLES.get(item, {}).get(language),
                "language": language,
            }
            for language in LANGUAGES
        ],
    }


def _state(findings: Iterable[Finding]) -> dict[str, str]:
    """Return the badge of an item: empty, blocked or complete; hints do not count."""
    blocking = {finding.code for finding in findings if finding.severity == Severity.BLOCK}
    if "missing" in blocking:
        return {"tone": "due", "text": _("Not written yet")}
    if blocking:
        return {"tone": "stop", "text": _("Cannot be published")}
    return {"tone": "ok", "text": _("Complete")}


def readiness(notice: Notice, *, tenant: Property, edit_url: str) -> list[dict[str, Any]]:
    """Return the items as rows of `components/blockers.html`: complete, or what keeps them from being published."""
    found = all_findings(notice.texts, storage_mode=tenant.storage_mode, allows_under_14=tenant.allows_under_14)
    rows = []
    for item in ITEMS:
        title, _help, article = GUIDE[item]
        by_language = {
            language: [f for f in found[f"{item}_{language}"] if f.severity == Severity.BLOCK] for language in LANGUAGES
        }
        lacking = [
            str(LANGUAGE_LABELS[language])
            for language, findings in by_language.items()
            if any(finding.code == "missing" for finding in findings)
        ]
        # The same sentence about both languages is said once.
        other = dict.fromkeys(
            finding.sentence for findings in by_language.values() for finding in findings if finding.code != "missing"
        )
        details = [_("Not written yet: %(languages)s.") % {"languages": " · ".join(lacking)}] if lacking else []
        is_ok = not lacking and not other
        rows.append(
            {
                "ok": is_ok,
                "title": title,
                "detail": _("Written in both languages.") if is_ok else " ".join([*details, *other]),
                "article": article,
                "url": "" if is_ok else f"{edit_url}#{item}",
                "label": _("Write it"),
            }
        )
    return rows


def hints(notice: Notice, *, tenant: Property) -> int:
    """Return how many things in a draft could be plainer or are doubtful, without keeping it from being published."""
    found = all_findings(notice.texts, face_days=tenant.face_days)
    return sum(finding.severity == Severity.WARN for findings in found.values() for finding in findings)
