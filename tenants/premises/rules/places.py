"""Which places are private, and which place may lie in which."""

from collections.abc import Iterable

from tenants.premises.kinds import PRIVATE_KINDS, ZoneKind, ZoneLevel


def is_private(kind: str) -> bool:
    """Say whether no device may be here (Measures Art 13). An unknown kind counts as private."""
    return kind not in ZoneKind.values or ZoneKind(kind) in PRIVATE_KINDS


def is_private_place(kinds: Iterable[str]) -> bool:
    """Say whether a place, given with the kinds of those around it, is private: a stall in a bath is in the bath.

    A place of which no kind is known counts as private.
    """
    known = tuple(kinds)
    return not known or any(is_private(kind) for kind in known)


def lies_within(level: str, parent: str) -> bool:
    """Say whether a place of `level` may lie in one of level `parent`: only a smaller one in a larger one."""
    levels = ZoneLevel.values
    return level in levels and parent in levels and levels.index(parent) < levels.index(level)
