"""What a draft still lacks, what publishing it would do, and where the public finds it."""

from typing import Any

from django.db.models import Count, Q
from django.http import HttpRequest
from django.urls import reverse
from django.utils.translation import gettext as _

from portal.web.forms.notices import GUIDE, LANGUAGE_LABELS
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, FaceState
from tenants.people.models import Consent, Person
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import ITEMS, LANGUAGES, endless_retention, is_material_change, missing_items


def readiness(notice: Notice, *, edit_url: str) -> list[dict[str, Any]]:
    """Return the five items as rows of `components/blockers.html`: complete, or what is missing."""
    missing = set(missing_items(notice.texts))
    rows = []
    for item in ITEMS:
        title, _help, article = GUIDE[item]
        lacking = [str(LANGUAGE_LABELS[language]) for language in LANGUAGES if f"{item}_{language}" in missing]
        texts = [notice.texts[f"{item}_{language}"] for language in LANGUAGES]
        endless = next((word for word in map(endless_retention, texts) if word), None) if item == "retention" else None
        if lacking:
            detail = _("Not written yet: %(languages)s.") % {"languages": " · ".join(lacking)}
        elif endless:
            detail = _("“%(word)s” is not a period. Say until when, or how the end is decided.") % {"word": endless}
        else:
            detail = _("Written in both languages.")
        is_ok = not lacking and not endless
        rows.append(
            {
                "ok": is_ok,
                "title": title,
                "detail": detail,
                "article": article,
                "url": "" if is_ok else f"{edit_url}#{item}",
                "label": _("Write it"),
            }
        )
    return rows


def is_material(*, tenant: Property, draft: Notice, current: Notice | None) -> bool:
    """Say whether publishing asks everybody again (PIPL 14)."""
    return current is not None and is_material_change(
        current.texts, draft.texts, storage_before=current.storage_mode, storage_after=tenant.storage_mode
    )


def affected(tenant: Property) -> dict[str, int]:
    """Return how many people agreed and how many faces are kept now."""
    agreed = Consent.objects.filter(
        tenant=tenant, decision=ConsentDecision.AGREE, withdrawn_at__isnull=True, person__erased_at__isnull=True
    ).aggregate(people=Count("person", distinct=True))
    faces = Person.objects.filter(tenant=tenant).aggregate(
        faces=Count("pk", filter=Q(face_state__in=[FaceState.ENROLLED, FaceState.SUSPENDED]))
    )
    return agreed | faces


def public_address(request: HttpRequest, tenant: Property) -> str:
    return request.build_absolute_uri(reverse("public_notice", args=[tenant.slug]))


# In widths of a Chinese character; Latin letters are half as wide.
POSTER_ROOM = 300


def is_long(notice: Notice) -> bool:
    """Say whether the poster needs smaller type to stay on one sheet."""
    text = "".join(text for item, text in notice.items if item != "necessity_effect")
    return sum(0.5 if letter.isascii() else 1.0 for letter in text) > POSTER_ROOM
