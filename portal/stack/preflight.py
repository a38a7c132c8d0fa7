"""What must be true before anything starts, each with a sentence and its mend."""

import fcntl
import importlib
import os
import shutil
import socket
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import IO

from portal.stack.failure import StackError

NEEDED_BYTES = 500 * 1024 * 1024
# Import errors of these name a missing system library, never a missing package: pip installed them.
NATIVE_MODULES = ("psycopg", "cryptography", "numpy", "PIL", "cv2", "dlib")


def check_python(version: tuple[int, ...] = sys.version_info[:2]) -> None:
    if version < (3, 11):
        raise StackError(
            f"Python {version[0]}.{version[1]} is too old.", "Install Python 3.11 or later and run `make clean run`."
        )


def check_disk(folder: Path, *, free: int | None = None) -> None:
    """Refuse a nearly full disk: PostgreSQL stops in the middle of its work when it is full."""
    while not folder.exists():
        folder = folder.parent
    free = shutil.disk_usage(folder).free if free is None else free
    if free < NEEDED_BYTES:
        raise StackError(
            f"The disk of {folder} has only {free // 1024**2} MB free; {NEEDED_BYTES // 1024**2} MB are needed.",
            "Free some space, or set CONSENTRY_VAR to a folder on another disk.",
        )


def check_writable(folder: Path) -> None:
    while not folder.exists():
        folder = folder.parent
    if not os.access(folder, os.W_OK | os.X_OK):
        raise StackError(
            f"The folder {folder} is not writable for you.",
            "Repair its permissions, or set CONSENTRY_VAR to a folder of yours.",
        )


def check_port(host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except PermissionError:
            raise StackError(
                f"Port {port} may be used by the administrator only.", "Choose another one: PORT=8000 make run."
            ) from None
        except OverflowError:
            raise StackError(f"There is no port {port}.", "Choose one up to 65535: PORT=8000 make run.") from None
        except OSError as error:
            raise StackError(
                f"Port {port} on {host} is taken ({error.strerror}).",
                f"Stop the other program, or choose another port: PORT={min(port + 1, 65535)} make run.",
            ) from None


def check_native_modules(names: Iterable[str] = NATIVE_MODULES) -> None:
    """Import what needs a system library, to name the library instead of showing a traceback later."""
    for name in names:
        try:
            importlib.import_module(name)
        except ImportError as error:
            library = str(error).partition(":")[0].strip()
            raise StackError(
                f"The package {name} does not load: {error}.",
                f"Install the system library it names ({library}), for example with apt-get, and start again.",
            ) from None


def free_port(host: str = "127.0.0.1") -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.bind((host, 0))
        return int(probe.getsockname()[1])


def take_lock(path: Path, *, port: int) -> IO[str]:
    """Hold the state folder for this stack alone. The lock ends with the process, however it ends."""
    file = path.open("a+")
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        file.seek(0)
        where = file.read().strip() or "its address is not known"
        file.close()
        raise StackError(
            f"Consentry already runs on {path.parent.parent} ({where}).",
            "Use that one, stop it first, or set CONSENTRY_VAR to another folder.",
        ) from None
    file.truncate(0)
    file.write(f"process {os.getpid()}, port {port}\n")
    file.flush()
    return file
