"""Passes as the desk and the person see them, and the codes that a phone shows without a network."""

from dataclasses import dataclass
from datetime import date, datetime

import segno
from django.db.models import Prefetch, QuerySet
from django.utils.functional import Promise
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.people import codes
from tenants.people.kinds import PassKind, PassState
from tenants.people.models import Pass, Person
from tenants.people.rules import passes as rules
from tenants.premises.models import AccessPoint

# As many as a page loads at once: an hour in a lift or a garage without a network.
AHEAD = 120
SHOWN = 30  # stopped passes are history; the audit log has them all
_STATES: dict[str, tuple[Promise, str]] = {
    "": (_("Valid"), "ok"),
    rules.STOPPED: (_("Stopped"), "neutral"),
    rules.NOT_YET: (_("Not valid yet"), "info"),
    rules.OVER: (_("No longer valid"), "due"),
}


def pass_rows(person: Person, *, today: date) -> list[Pass]:
    """Return a person's passes, active ones first, each with `word`, `tone` and `door_names`. Two queries."""
    doors = Prefetch("doors__access_point", queryset=AccessPoint.objects.select_related(AccessPoint.CHAIN))
    found = Pass.objects.filter(person=person).prefetch_related(doors)
    rows = list(found.order_by("state", "-created_at", "pk")[:SHOWN])
    for row in rows:
        row.word, row.tone = _STATES[standing(row, today=today)]
        row.door_names = [door.access_point.path for door in row.doors.all()]
    return rows


def live_names(person: Person) -> list[str]:
    """Name the passes that open doors for a person, in the order of their kinds: `Card (ends in 90AB)`. One query."""
    rows = Pass.objects.filter(person=person, state=PassState.ACTIVE).order_by("kind", "created_at", "pk")
    return [
        gettext("%(kind)s (%(which)s)")
        % {"kind": row.get_kind_display(), "which": gettext("ends in %(last)s") % {"last": row.last4}}
        if row.kind == PassKind.CARD
        else row.get_kind_display()
        for row in rows
    ]


def standing(row: Pass, *, today: date) -> str:
    """Return why a pass is not valid today wherever it is held, or an empty string."""
    return rules.pass_refusal(
        rules.PassFacts(row.state, row.valid_from, row.valid_until, opens_this_door=True), today=today
    )


def doors_taking(tenant: Property, row: Pass) -> QuerySet[AccessPoint]:
    """Return the doors that take this pass today."""
    doors = AccessPoint.objects.filter(tenant=tenant, methods__kind=row.kind, methods__is_live=True)
    if not row.is_for_all_doors:
        doors = doors.filter(pk__in=row.doors.values("access_point"))
    return doors.order_by("name")


def own_qr(person: Person) -> Pass | None:
    return Pass.objects.filter(person=person, kind=PassKind.QR, state=PassState.ACTIVE).first()


@dataclass(frozen=True)
class Codes:
    """What the page of a rotating code needs.

    `pictures` are the codes from step `first` on, each `<six digits>:<modules in hex, row by row>`;
    `code` and `path` are those of the first, for a phone that runs no script.
    """

    first: int
    now: float
    seconds: int
    size: int
    pictures: str
    code: str
    path: str
    lasts: int


def codes_from(row: Pass, *, now: datetime, count: int = AHEAD) -> Codes:
    """Draw the codes of the next half minutes."""
    generator, first = codes.totp(row.pk, row.generation), codes.step_of(now)
    digits = [generator.generate_otp(first + n) for n in range(count)]
    drawn = [_modules(codes.qr_text(row.pk, code)) for code in digits]
    return Codes(
        first=first,
        now=now.timestamp(),
        seconds=codes.STEP_SECONDS,
        size=len(drawn[0]),
        pictures=" ".join(f"{code}:{_hex(modules)}" for code, modules in zip(digits, drawn, strict=True)),
        code=digits[0],
        path=_path(drawn[0]),
        lasts=codes.STEP_SECONDS - int(now.timestamp()) % codes.STEP_SECONDS,
    )


def _modules(text: str) -> list[str]:
    """Return the rows of a QR as strings of 0 and 1. All texts have one length, so all pictures have one size."""
    return [
        "".join("1" if module else "0" for module in row) for row in segno.make(text, error="m", micro=False).matrix
    ]


def _hex(rows: list[str]) -> str:
    bits = "".join(rows)
    return f"{int(bits, 2):0{(len(bits) + 3) // 4}x}"


def _path(rows: list[str]) -> str:
    """Write the dark modules as an SVG path, one stroke for each run of a row (static/js/pass.js draws the same)."""
    parts = []
    for y, row in enumerate(rows):
        x = row.find("1")
        while x >= 0:
            end = row.find("0", x)
            end = len(row) if end < 0 else end
            parts.append(f"M{x} {y}h{end - x}v1H{x}z")
            x = row.find("1", end)
    return "".join(parts)
