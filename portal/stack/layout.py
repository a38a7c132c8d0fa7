"""Where the stack keeps its things.

The master key lies in `keys/`, the database in `data/`: a backup of the data never carries the key
that opens it.
"""

import hashlib
import os
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from portal.stack.failure import StackError

ROOT = Path(__file__).resolve().parents[2]
# A unix socket's whole path has room for 107 bytes on Linux and 103 on macOS.
LONGEST_SOCKET_FOLDER = 75


@dataclass(frozen=True)
class Layout:
    """The state folder of one stack; two stacks never share one."""

    var: Path
    models: Path
    sockets: Path

    @classmethod
    def at(cls, var: Path, *, models: Path | None = None) -> "Layout":
        """Lay out `var`; sockets move to a short temporary folder when its path is too long for them."""
        var = var.expanduser().resolve()
        sockets = var / "run" / "sockets"
        if len(os.fsencode(sockets)) > LONGEST_SOCKET_FOLDER:
            name = hashlib.sha256(os.fsencode(var)).hexdigest()[:12]
            sockets = short_folder() / f"consentry-{os.geteuid()}-{name}"
        return cls(var=var, models=(models or var / "models").resolve(), sockets=sockets)

    def create(self) -> None:
        """Make the folders. PostgreSQL runs as another user when we are root, so it may pass through."""
        passing = 0o711 if os.geteuid() == 0 else 0o700
        for folder, mode in (
            (self.var, passing),
            (self.data, passing),
            (self.run, passing),
            (self.sockets, passing),
            (self.keys, 0o700),
            (self.log, 0o700),
            (self.mail, 0o700),
            (self.outbox, 0o700),
            (self.ledger, 0o700),
            (self.static, 0o700),
        ):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(mode)
        self.models.mkdir(parents=True, exist_ok=True)
        if self.sockets.stat().st_uid != os.geteuid():
            raise StackError(
                f"The folder {self.sockets} belongs to somebody else.",
                "Remove it, or set CONSENTRY_VAR to a shorter path.",
            )

    def remove_sockets(self) -> None:
        """Remove the socket folder; it holds nothing that outlives the servers."""
        shutil.rmtree(self.sockets, ignore_errors=True)

    @property
    def data(self) -> Path:
        return self.var / "data"

    @property
    def keys(self) -> Path:
        return self.var / "keys"

    @property
    def run(self) -> Path:
        return self.var / "run"

    @property
    def log(self) -> Path:
        return self.var / "log"

    @property
    def mail(self) -> Path:
        return self.var / "mail"

    @property
    def outbox(self) -> Path:
        return self.var / "outbox"

    @property
    def ledger(self) -> Path:
        """Of erasures. It lies beside `data`: a restored database must not bring back an older one."""
        return self.var / "ledger"

    @property
    def static(self) -> Path:
        return self.var / "static"


def short_folder() -> Path:
    """The system's temporary folder, where a socket's path stays short."""
    folder = Path(tempfile.gettempdir())
    return folder if len(os.fsencode(folder)) < LONGEST_SOCKET_FOLDER - 40 else Path("/tmp")  # noqa: S108 - create() checks the owner
