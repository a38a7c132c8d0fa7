"""What each process is told, and what it is not.

A process gets the database role and the keys of its own part. The web process never gets the master
key or the private capture key, so it cannot open a template or a photo that it has queued.
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from portal.stack.failure import StackError
from portal.stack.keys import Keys
from portal.stack.layout import Layout

# What one part may know and the others may not. It is taken out before a part's own are put in.
CONFINED = frozenset(
    {
        "MASTER_KEY", "MASTER_KEY_FILE", "MASTER_KEY_NEXT", "MASTER_KEY_NEXT_FILE",
        "CAPTURE_KEY", "CAPTURE_KEY_FILE", "EVIDENCE_KEY", "EVIDENCE_KEY_FILE",
        "DATABASE_URL", "DATABASE_URL_OWNER", "DATABASE_URL_RECOGNITION",
        "SMS_GATEWAY_KEY", "SMS_GATEWAY_KEY_FILE",
    }
)  # fmt: skip
DATABASE_URLS = {"web": "DATABASE_URL", "recognition": "DATABASE_URL_RECOGNITION", "owner": "DATABASE_URL_OWNER"}
PUBLIC_KEYS = ("SECRET_KEY", "CAPTURE_PUBLIC_KEY", "EVIDENCE_PUBLIC_KEYS")
# The worker that looks at faces signs nothing; those who sign look at no face.
ROLE_KEYS = {"web": ("EVIDENCE_KEY",), "recognition": ("MASTER_KEY", "CAPTURE_KEY"), "owner": ()}
# Whoever looks at faces writes to nobody.
WEB_KEYS = ("SMS_GATEWAY_KEY", "SMS_GATEWAY_KEY_FILE")


@dataclass(frozen=True)
class Services:
    """Addresses of the database, per role, and of the broker and the cache."""

    databases: Mapping[str, str]
    broker: str
    cache: str


def process_environment(
    *, role: str, layout: Layout, services: Services, keys: Keys, outer: Mapping[str, str]
) -> dict[str, str]:
    """The environment of a process of `role` (web, recognition or owner).

    `outer` is the environment of the stack itself; a key given there wins over the key file.
    """
    env = {name: value for name, value in outer.items() if name not in CONFINED}
    env |= {
        "CONSENTRY_ROLE": role,
        "CONSENTRY_VAR": str(layout.var),
        DATABASE_URLS[role]: services.databases[role],
        "BROKER_URL": services.broker,
        "CACHE_URL": services.cache,
        "STATIC_ROOT": str(layout.static),
        "MAIL_DIR": str(layout.mail),
        "OUTBOX_DIR": str(layout.outbox),
        "LEDGER_DIR": outer.get("LEDGER_DIR") or str(layout.ledger),
        "DEEPFACE_HOME": str(layout.models),
        "PYTHONUNBUFFERED": "1",
        "OMP_NUM_THREADS": "1",
    }
    # Not read from outer's DJANGO_SETTINGS_MODULE: importing the project's Celery app has set that one.
    env["DJANGO_SETTINGS_MODULE"] = outer.get("CONSENTRY_SETTINGS") or "portal.settings.local"
    files = {
        "SECRET_KEY": keys.secret,
        "CAPTURE_PUBLIC_KEY": keys.capture_public,
        "MASTER_KEY": keys.master,
        "CAPTURE_KEY": keys.capture_private,
        "EVIDENCE_KEY": keys.evidence_private,
        "EVIDENCE_PUBLIC_KEYS": keys.evidence_public,
    }
    for name in (*PUBLIC_KEYS, *ROLE_KEYS[role]):
        env |= key_source(name, outer=outer, file=files[name])
    if role == "web":
        env |= {name: outer[name] for name in WEB_KEYS if outer.get(name)}
    if role == "recognition":
        if keys.master_next.exists() or outer.get("MASTER_KEY_NEXT") or outer.get("MASTER_KEY_NEXT_FILE"):
            env |= key_source("MASTER_KEY_NEXT", outer=outer, file=keys.master_next)
        cores = str(os.cpu_count() or 1)
        env |= {
            "DEEPFACE_BACKEND_ENGINE": "tensorflow",
            "TF_CPP_MIN_LOG_LEVEL": "2",
            "OMP_NUM_THREADS": cores,
            "TF_NUM_INTRAOP_THREADS": cores,
            "TF_NUM_INTEROP_THREADS": "1",
            "MALLOC_ARENA_MAX": "2",  # photos come and go; glibc would keep a heap per thread
            # Pixels of the next photo go where those of the last one were (which are wiped): no page is asked for anew.
            "MALLOC_MMAP_THRESHOLD_": str(64 * 1024 * 1024),
            "MALLOC_TRIM_THRESHOLD_": str(128 * 1024 * 1024),
        }
    return env


def key_source(name: str, *, outer: Mapping[str, str], file: Path) -> dict[str, str]:
    """Where a process finds one key: as given from outside, else in our file."""
    for variable in (f"{name}_FILE", name):
        if outer.get(variable):
            return {variable: outer[variable]}
    return {f"{name}_FILE": str(file)}


def external_databases(outer: Mapping[str, str]) -> dict[str, str] | None:
    """The addresses of an external database, or None when ours is to be used."""
    if not outer.get("DATABASE_URL"):
        return None
    missing = [name for name in DATABASE_URLS.values() if not outer.get(name)]
    if missing:
        raise StackError(
            f"DATABASE_URL names an external database, but these are not set: {', '.join(missing)}.",
            "Each of the three roles needs its own address; docs/operations.md shows how to create them.",
        )
    return {role: outer[name] for role, name in DATABASE_URLS.items()}


def read_dotenv(path: Path) -> dict[str, str]:
    """Read NAME=value lines of a `.env`; `#` starts a comment line, quotes around a value are dropped."""
    if not path.is_file():
        return {}
    values = {}
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        text = line.strip().removeprefix("export ")
        if not text or text.startswith("#"):
            continue
        name, equals, value = text.partition("=")
        if not equals or not name.strip().isidentifier():
            raise StackError(f"Line {number} of {path} is not NAME=value.", "Correct or remove it.")
        value = value.strip()
        if len(value) > 1 and value[0] == value[-1] and value[0] in "'\"":
            value = value[1:-1]
        if value:
            values[name.strip()] = value
    return values
