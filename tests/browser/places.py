"""Where the pages of the stage are."""

from dataclasses import dataclass, field
from pathlib import Path


@dataclass(frozen=True)
class Press:
    """A page that only a form leads to: who sends it, its address, and what is filled in."""

    who: str
    path: str
    fields: dict[str, str]


@dataclass
class Stage:
    """Addresses by page name, for who may open them: staff, platform, public (no sign-in)."""

    url: str
    password: str
    # Text messages that the portal would send lie here, one file each.
    outbox: Path
    # The process id of the worker that builds packages and sends messages.
    worker: int
    # The letters that it would send, one file each.
    mail: Path = Path()
    # The database's address for its owner, who can let time pass.
    database: str = ""
    staff: dict[str, str] = field(default_factory=dict)
    platform: dict[str, str] = field(default_factory=dict)
    public: dict[str, str] = field(default_factory=dict)
    pressed: dict[str, Press] = field(default_factory=dict)
    # The session cookie of each account that signed in to walk, by its address.
    sessions: dict[str, str] = field(default_factory=dict)
