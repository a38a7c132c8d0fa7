"""Merkle trees as in RFC 6962, 2.1: a root over leaves, and the proof that one leaf is under a root.

Forty lines of our own: the one maintained library for it, pymerkle, is under the GPL.
"""

import hashlib
from collections.abc import Sequence
from typing import NamedTuple

HASH_BYTES = 32


class Step(NamedTuple):
    """A hash beside the way up. `is_left`: it comes before ours."""

    is_left: bool
    hash: bytes


def leaf(content: bytes) -> bytes:
    """Hash what a leaf says. The prefix keeps a leaf from passing as a node."""
    return hashlib.sha256(b"\x00" + content).digest()


def node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\x01" + left + right).digest()


def root(leaves: Sequence[bytes]) -> bytes:
    """Return the root over leaf hashes; that of no leaf is the hash of nothing."""
    if not leaves:
        return hashlib.sha256(b"").digest()
    if len(leaves) == 1:
        return leaves[0]
    middle = _split(len(leaves))
    return node(root(leaves[:middle]), root(leaves[middle:]))


def proof(leaves: Sequence[bytes], place: int) -> list[Step]:
    """Return the steps from a leaf up to the root. Raises IndexError for a place that is none."""
    if not 0 <= place < len(leaves):
        raise IndexError(place)
    if len(leaves) == 1:
        return []
    middle = _split(len(leaves))
    if place < middle:
        return [*proof(leaves[:middle], place), Step(False, root(leaves[middle:]))]
    return [*proof(leaves[middle:], place - middle), Step(True, root(leaves[:middle]))]


def climb(start: bytes, steps: Sequence[Step]) -> bytes:
    """Return the root to which these steps lead from a leaf's hash."""
    for step in steps:
        start = node(step.hash, start) if step.is_left else node(start, step.hash)
    return start


def _split(count: int) -> int:
    """Return the largest power of two smaller than the count."""
    return 1 << (count - 1).bit_length() - 1
