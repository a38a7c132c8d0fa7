"""Which doors use faces, and how they open without one: what may be said of them, what may not (Measures Art 10)."""

import uuid
from collections import Counter
from dataclasses import dataclass

from django.db.models import Exists, OuterRef
from django.utils import formats
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from tenants.organizations.models import Property
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessMethod, AccessPoint, Device
from tenants.premises.rules import convenient_methods


def joined(words: list[str]) -> str:
    """Join words as the reader's language lists them."""
    return (", " if (get_language() or "").startswith("en") else "、").join(words)


@dataclass(frozen=True)
class Way:
    """Doors that share the same other ways to pass, each as convenient as the face (Measures Art 10)."""

    methods: str
    doors: str


@dataclass(frozen=True)
class OtherTerms:
    """A way that works today, but costs money, lies elsewhere or asks more than the face."""

    method: str
    door: str
    terms: str


@dataclass(frozen=True)
class Doors:
    """`using` are the doors where a face works today; `ways` how else the doors concerned open, `worse` what else.

    `methods` are those that open every one of them as conveniently: what may be said without naming a door.
    """

    using: tuple[str, ...]
    ways: tuple[Way, ...]
    worse: tuple[OtherTerms, ...]
    methods: str

    @property
    def names(self) -> str:
        return joined(list(self.using))


def doors_of(tenant: Property) -> Doors:
    """Return the doors of a property as a resident sees them. Two queries.

    The other ways are those of the doors that use faces; before any does, of those that offer it.
    """
    active = Device.objects.filter(access_point=OuterRef("pk"), state=DeviceState.ACTIVE)
    rows = AccessPoint.objects.filter(tenant=tenant).annotate(uses_faces=Exists(active))
    doors = list(rows.select_related(AccessPoint.CHAIN).prefetch_related("methods"))
    using = [door for door in doors if door.uses_faces]
    offering = [door for door in doors if any(method.kind == MethodKind.FACE for method in door.methods.all())]
    names = _names(doors)
    ways: dict[tuple[str, ...], list[str]] = {}
    worse: list[OtherTerms] = []
    for door in using or offering or doors:
        convenient = _convenient(door)
        ways.setdefault(convenient, []).append(names[door.pk])
        worse += [
            OtherTerms(method.get_kind_display(), names[door.pk], terms_of(method))
            for method in door.methods.all()
            if method.is_live and method.kind not in {MethodKind.FACE, *convenient}
        ]
    everywhere = [kind for kind in MethodKind.values if ways and all(kind in group for group in ways)]
    return Doors(
        using=tuple(names[door.pk] for door in using),
        ways=tuple(Way(_labels(group), joined(together)) for group, together in ways.items() if group),
        worse=tuple(worse),
        methods=_labels(everywhere),
    )


def ways_at(door: AccessPoint) -> str:
    """Return what else opens this door today, as conveniently as a face."""
    return _labels(_convenient(door))


def _convenient(door: AccessPoint) -> tuple[str, ...]:
    found = convenient_methods(method.terms for method in door.methods.all())
    return tuple(kind for kind in MethodKind.values if kind in found)


def terms_of(method: AccessMethod) -> str:
    """Return on what terms one way opens a door, in words; nothing where it asks nothing."""
    terms = []
    if method.fee:
        terms.append(_("costs %(fee)s yuan") % {"fee": formats.number_format(method.fee.normalize())})
    if method.distance_m:
        terms.append(_("%(metres)s m from the door") % {"metres": method.distance_m})
    if method.opens_at and method.closes_at:
        hours = {"opens": method.opens_at.strftime("%H:%M"), "closes": method.closes_at.strftime("%H:%M")}
        terms.append(_("only %(opens)s–%(closes)s") % hours)
    if method.extra_papers:
        terms.append(_("asks for papers"))
    return joined(terms)


def _names(doors: list[AccessPoint]) -> dict[uuid.UUID, str]:
    """Return what each door is called; of two with one name, also where it is."""
    count = Counter(door.name for door in doors)
    return {door.pk: door.name if count[door.name] == 1 else door.path for door in doors}


def _labels(kinds: list[str] | tuple[str, ...]) -> str:
    return joined([str(MethodKind(kind).label) for kind in kinds])
