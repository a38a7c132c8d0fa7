"""Pure rules about the impact assessment, 影响评估 (Measures Art 9; PIPL 55, 56; Order No. 25)."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime

# The four items of Art 9. The first is asked in three texts, so that nobody forgets the other way that was
# considered and the choice that touches people least (Art 4).
ITEMS: dict[str, tuple[str, ...]] = {
    "lawfulness": ("lawfulness", "alternative_considered", "least_impact"),
    "rights": ("rights_impact",),
    "harm": ("harm",),
    "safeguards": ("safeguards",),
}
TEXTS = tuple(field for fields in ITEMS.values() for field in fields)
# A place in a starting text that only the property can fill.
BLANK = "____"

# From this number of people, of any kind, a handler is no longer small (Order No. 25).
SMALL_BELOW = 100_000
# Records are kept at least this long after the processing they cover (Measures Art 9).
KEPT_YEARS = 3
# Bands of likelihood × impact, 1 to 25. The law asks for measures that fit the risk; the figures are ours.
MEDIUM_FROM, HIGH_FROM = 6, 12


# Why an assessment must be made again (Art 9), in the order in which it is said.
STALE_CODES = ("purpose", "mode", "vendor", "algorithm", "place", "storage", "incident")


@dataclass(frozen=True)
class Coverage:
    """What a signed assessment covers. `stale_since` is when it stopped being enough."""

    purposes: frozenset[str]
    modes: frozenset[str]
    vendors: frozenset[str]
    algorithms: frozenset[str]
    place_kinds: frozenset[str]
    storage_mode: str
    stale_since: datetime | None


def stale_reasons(
    coverage: Coverage,
    *,
    purposes: Iterable[str],
    modes: Iterable[str],
    vendors: Iterable[str],
    algorithms: Iterable[str],
    place_kinds: Iterable[str],
    storage_mode: str,
    had_major_incident: bool = False,
) -> tuple[str, ...]:
    """Return why the assessment must be made again (Art 9): codes in a fixed order.

    Something new makes it stale; something taken away does not.
    """
    holds = {
        "purpose": set(purposes) <= coverage.purposes,
        "mode": set(modes) <= coverage.modes,
        "vendor": set(vendors) <= coverage.vendors,
        "algorithm": set(algorithms) <= coverage.algorithms,
        "place": set(place_kinds) <= coverage.place_kinds,
        "storage": storage_mode == coverage.storage_mode,
        "incident": not had_major_incident,
    }
    return tuple(code for code in STALE_CODES if not holds[code])


def covers(
    coverage: Coverage, *, purpose: str, mode: str, vendor: str, algorithm: str, place_kind: str, storage_mode: str
) -> tuple[str, ...]:
    """Return what of one device the assessment does not cover: codes as in `stale_reasons`, empty when all is."""
    return stale_reasons(
        coverage,
        purposes={purpose},
        modes={mode},
        vendors={vendor},
        algorithms={algorithm},
        place_kinds={place_kind},
        storage_mode=storage_mode,
    )


def unfinished(texts: Mapping[str, str]) -> dict[str, str]:
    """Return the texts that cannot be signed, by field: `missing`, or `blank` where a place is still open."""
    found = {}
    for field in TEXTS:
        text = texts.get(field, "")
        if not text.strip():
            found[field] = "missing"
        elif BLANK in text:
            found[field] = "blank"
    return found


def band(likelihood: int, impact: int) -> str:
    """Return low, medium or high."""
    score = likelihood * impact
    return "high" if score >= HIGH_FROM else "medium" if score >= MEDIUM_FROM else "low"


def is_small(people_count: int) -> bool:
    """Say whether the handler may use the form for small handlers: fewer than 100,000 people of any kind."""
    return people_count < SMALL_BELOW


def keep_until(covers_until: date | None) -> date | None:
    """Return the first day on which it need no longer be kept; None while the processing goes on."""
    if covers_until is None:
        return None
    year = covers_until.year + KEPT_YEARS
    try:
        return covers_until.replace(year=year)
    except ValueError:  # 29 February
        return date(year, 3, 1)


def content_hash(content: Mapping[str, object]) -> str:
    """Return the SHA-256 (hex) of everything that was judged: canonical JSON, so that order does not matter."""
    canonical = json.dumps(content, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()
