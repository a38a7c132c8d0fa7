"""What every scratch stack of one source tree needs and takes long to make, made once: static files, empty tables.

To collect and compress the static files takes a core half a minute, and a run of the tests starts a stack for each of
its plays. The first stack makes; those that start meanwhile wait for it; each has a copy of its own, so that nothing
that one does to its folder reaches another.
"""

import fcntl
import shutil
import tempfile
import time
import zlib
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

FORGOTTEN_SECONDS = 24 * 3600.0
LOCKS = 64  # a fixed number, so that none is ever removed; two fingerprints that share one wait for each other


@contextmanager
def filling(target: Path, *, shelf: Path, fingerprint: str) -> Iterator[bool]:
    """Yield whether `target` was filled from the shelf; otherwise the caller fills it, and a copy is kept.

    Safe for several processes: while one fills its folder, the others that want the same wait. The lock ends with the
    process, however it ends, and a copy is kept in full or not at all.
    """
    shelf.mkdir(parents=True, exist_ok=True)
    kept = shelf / fingerprint
    with _lock(kept).open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        is_filled = kept.is_dir()
        if is_filled:
            shutil.copytree(kept, target, dirs_exist_ok=True)
        else:
            yield False
            _forget_old(shelf)
            _keep(target, kept)
    if is_filled:
        yield True


def _lock(kept: Path) -> Path:
    return kept.with_name(f"lock-{zlib.crc32(kept.name.encode()) % LOCKS}")


def _keep(source: Path, kept: Path) -> None:
    draft = Path(tempfile.mkdtemp(dir=kept.parent))
    shutil.copytree(source, draft, dirs_exist_ok=True)
    draft.touch()  # the copy has taken over its source's time
    draft.rename(kept)


def _forget_old(shelf: Path) -> None:
    """Remove what was made from another tree, or only in part, a day ago; what somebody copies at the moment stays."""
    for old in shelf.iterdir():
        if old.is_dir() and old.stat().st_mtime < time.time() - FORGOTTEN_SECONDS:
            with _lock(old).open("a") as lock, suppress(BlockingIOError):
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
                shutil.rmtree(old, ignore_errors=True)
