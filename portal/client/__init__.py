"""A client for a member's program: typed, synchronous, one file of httpx. It needs nothing else of this repository.

Copy the folder into your own project under any name; it imports itself by relative names. Described in docs/api.md.
"""

from .calls import Problem, Unreachable
from .portal import Portal
from .signing import is_ours

__all__ = ["Portal", "Problem", "Unreachable", "is_ours"]
