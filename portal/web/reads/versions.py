"""What publishing would do to people, and how two versions differ."""

from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from portal.web.forms.notices import GUIDE, LANGUAGE_LABELS
from tenants.organizations.models import Property
from tenants.people.kinds import ConsentDecision, FaceState
from tenants.people.models import Consent, Person
from tenants.transparency.models import Notice
from tenants.transparency.rules.differences import Mark, difference, differences
from tenants.transparency.rules.publishing import REASONS, must_ask_again
from tenants.transparency.rules.versions import overtaken_by


def overtaken(tenant: Property) -> dict[int, int]:
    """Return by its number each version that never takes effect, with the version that overtook it. One query."""
    facts = Notice.objects.filter(tenant=tenant).facts()
    found = {version.number: overtaken_by(version, facts) for version in facts}
    return {number: later for number, later in found.items() if later is not None}


def affected(tenant: Property) -> dict[str, int]:
    """Return how many people's yes holds today and how many faces are kept now."""
    agreed = Consent.objects.filter(
        tenant=tenant,
        decision=ConsentDecision.AGREE,
        withdrawn_at__isnull=True,
        ends_on__gte=timezone.localdate(),
        person__erased_at__isnull=True,
    ).aggregate(people=Count("person", distinct=True))
    faces = Person.objects.filter(tenant=tenant).aggregate(
        faces=Count("pk", filter=Q(face_state__in=[FaceState.ENROLLED, FaceState.SUSPENDED]))
    )
    return agreed | faces


def compared(before: Notice, after: Notice) -> dict[str, Any]:
    """Return the readable difference of two versions: the changed items, how many stayed, and who is asked again."""
    by_item: dict[str, list[Any]] = {}
    for row in differences(before.texts, after.texts):
        by_item.setdefault(row.item, []).append(row)
    changed = [
        {
            "title": GUIDE[item][0],
            "article": GUIDE[item][2],
            "asks_again": item in REASONS,
            "texts": [
                {"language": row.language, "label": LANGUAGE_LABELS[row.language], "pieces": row.pieces}
                for row in rows
                if row.is_changed
            ],
        }
        for item, rows in by_item.items()
        if any(row.is_changed for row in rows)
    ]
    return {
        "changed": changed,
        "kept": len(by_item) - len(changed),
        "reasons": _reasons(before, after),
        "storage_changed": before.storage_mode != after.storage_mode,
    }


def changes(before: Notice, after: Notice) -> dict[str, Any]:
    """Return what a resident reads about two versions: the changed items in their language, and who is asked again."""
    told = dict(before.items)
    pieces = [(item, difference(told[item], text)) for item, text in after.items]
    return {
        "changed": [row for row in pieces if any(piece.mark != Mark.KEPT for piece in row[1])],
        "storage_changed": before.storage_mode != after.storage_mode,
        "reasons": _reasons(before, after),
    }


def _reasons(before: Notice, after: Notice) -> list[Any]:
    """Say why whoever agreed to the earlier version is asked again; empty when nobody is."""
    codes = must_ask_again(
        before.texts,
        after.texts,
        storage_before=before.storage_mode,
        storage_after=after.storage_mode,
        children_before=before.allows_under_14,
        children_after=after.allows_under_14,
    )
    return [REASONS[code] for code in codes]
