"""Which properties the switcher offers: those used last, and by a search the others. One query, however many."""

from typing import Any

from django.contrib.sessions.backends.base import SessionBase
from django.db.models import Case, IntegerField, Q, QuerySet, Value, When
from django.urls import reverse

from tenants.organizations.access import tenants_of
from tenants.organizations.models import Property, User

SHOWN = 6
_RECENT = "recent_properties"


def remember(session: SessionBase, tenant: Property) -> None:
    """Put this property before the others that were used in this session."""
    before = recent(session)
    if before[:1] != [tenant.slug]:
        session[_RECENT] = [tenant.slug, *(slug for slug in before if slug != tenant.slug)][:SHOWN]


def recent(session: SessionBase) -> list[str]:
    """Return the names in addresses of the properties used in this session, the last one first."""
    return list(session.get(_RECENT, []))


def last_used_first(user: User, slugs: list[str]) -> QuerySet[Property]:
    """Return the properties that the user may open, these first in their order, then the others by name."""
    places = [When(slug=slug, then=Value(place)) for place, slug in enumerate(slugs)]
    place = Case(*places, default=Value(len(slugs)), output_field=IntegerField())
    return tenants_of(user=user).annotate(place=place).order_by("place", "created_at", "pk")


def switcher(user: User, session: SessionBase, *, current: Property | None = None) -> dict[str, Any]:
    """Return `rows` for the menu, and `has_more` when a search is needed to reach the others."""
    slugs = [*([current.slug] if current else []), *recent(session)]
    rows = list(last_used_first(user, list(dict.fromkeys(slugs)))[: SHOWN + 1])
    return {"rows": [_row(row, current) for row in rows[:SHOWN]], "has_more": len(rows) > SHOWN}


def found(user: User, session: SessionBase, words: str) -> dict[str, Any]:
    """Return what the search in the menu shows; without a word the properties used last."""
    rows = list(
        last_used_first(user, recent(session)).filter(named(words)).order_by("place", "name", "pk")[: SHOWN + 1]
    )
    return {"rows": [_row(row, None) for row in rows[:SHOWN]], "has_more": len(rows) > SHOWN}


def named(words: str) -> Q:
    """Return the condition for properties that are called so, in either language, in their address or their owner."""
    words = words.strip().replace("\x00", "")
    wanted = Q()
    for field in ("name", "name_en", "slug", "handler__name"):
        wanted |= Q(**{f"{field}__icontains": words})
    return wanted


def _row(row: Property, current: Property | None) -> dict[str, Any]:
    return {
        "name": row.display_name,
        "handler": row.handler.name,
        "kind": row.get_kind_display(),
        "url": reverse("today", args=[row.slug]),
        "is_current": current is not None and row.pk == current.pk,
    }
