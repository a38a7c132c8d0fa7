"""The system account that PostgreSQL runs as when we are root."""

import os
import pwd
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

from portal.stack.failure import StackError

SYSTEM_USER = "consentry_postgres"


def system_user() -> pwd.struct_passwd:
    """The account PostgreSQL runs as when we are root, which it refuses to be."""
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        pass
    useradd = shutil.which("useradd", path=f"{os.environ.get('PATH', '')}:/usr/sbin:/sbin")
    if useradd:
        command = [useradd, "--system", "--no-create-home", "--user-group", "--shell", "/usr/sbin/nologin", SYSTEM_USER]
        subprocess.run(command, capture_output=True, check=False)
    try:
        return pwd.getpwnam(SYSTEM_USER)
    except KeyError:
        raise StackError(
            f"PostgreSQL refuses to run as root, and the system account {SYSTEM_USER} could not be created.",
            "Run the same command as an ordinary user.",
        ) from None


def open_the_way(data: Path, *, binaries: Path, user: pwd.struct_passwd, say: Callable[[str], None]) -> None:
    """Let the PostgreSQL account pass through the folders above its data and its binaries.

    Only passing through (`o+x`), never listing or reading, and only where it cannot pass yet.
    """
    opened = []
    for path in (binaries, data):
        for folder in path.parents:
            state = folder.stat()
            if state.st_uid != user.pw_uid and not state.st_mode & 0o001:
                folder.chmod((state.st_mode & 0o7777) | 0o001)
                opened.append(str(folder))
    if opened:
        say(f"PostgreSQL must not run as root, so its account may now pass through {', '.join(opened)} (not read it).")
    if not (binaries / "postgres").stat().st_mode & 0o001:  # installed under a strict umask
        for path in (binaries.parent, *binaries.parent.rglob("*")):
            path.chmod(path.stat().st_mode | (0o055 if path.is_dir() or path.parent == binaries else 0o044))
