"""`python -m recognition.edge.agent`: run the reference door terminal, or ask one that runs (docs/terminal.md)."""

from __future__ import annotations

import argparse
import json
import logging
import os
import sqlite3
import sys
from importlib.metadata import version
from pathlib import Path
from urllib.parse import urlsplit

from django.core.management.base import SystemCheckError

from recognition.edge.agent import settings
from recognition.engine.services import DEFAULT_ENGINE

REFUSED = 2
OF_THIS_MACHINE = frozenset({"localhost", "127.0.0.1", "::1"})
MAX_HOME = 90  # bytes; the address of a unix socket holds 104 on some systems


def arguments(given: list[str] | None = None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m recognition.edge.agent", description=__doc__)
    parser.add_argument("--home", type=Path, required=True, help="folder for its keys and its store")
    parser.add_argument("--portal", default="http://127.0.0.1:8000", help="address of the portal")
    parser.add_argument("--pairing", default="", metavar="CODE", help="the pairing code that the portal shows: cpc_…")
    parser.add_argument("--authority", metavar="FILE", help="certificate authority of the property's own")
    eyes = parser.add_mutually_exclusive_group()
    eyes.add_argument("--pictures", type=Path, metavar="DIR", help="folder whose pictures are looked at, each once")
    eyes.add_argument("--camera", type=int, metavar="N", help="camera of this machine, 0 is the first")
    parser.add_argument("--once", action="store_true", help="look at every picture of the folder once, report, and end")
    parser.add_argument("--models", type=Path, metavar="DIR", help="folder of the model weights (DEEPFACE_HOME)")
    parser.add_argument("--engine", default=DEFAULT_ENGINE, metavar="PATH", help="face engine, by dotted path")
    parser.add_argument("--algorithm", default="dlib-resnet", help="algorithm as it was declared to the property")
    parser.add_argument("--algorithm-version", default="", help="its version as it was declared")
    parser.add_argument("--ask", metavar="JSON", help="send one command to the terminal that runs in this home")
    return parser.parse_args(given)


def main(given: list[str] | None = None) -> int:
    wanted = arguments(given)
    os.umask(0o077)  # everything of a terminal is for its own user alone
    logging.basicConfig(level=logging.INFO, stream=sys.stderr, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("httpx").setLevel(logging.WARNING)
    home = wanted.home.resolve()
    if wanted.ask:
        return _ask(home, wanted.ask)
    if len(os.fsencode(home)) > MAX_HOME:
        return _fail(ValueError(f"The path of --home is longer than {MAX_HOME} bytes, too long for a socket in it."))
    if not is_private(wanted.portal):
        return _fail(ValueError("The address of --portal must begin with https://, or be one of this machine."))
    home.mkdir(parents=True, exist_ok=True)
    home.chmod(0o700)
    try:
        settings.configure(home=home, engine=wanted.engine, models=wanted.models)
    except SystemCheckError as refused:
        return _fail(refused)
    return _run(wanted, home)


def is_private(address: str) -> bool:
    """Whether nobody on the way can read or make up the portal's answers: a made-up yes would open the door."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in OF_THIS_MACHINE)


def _run(wanted: argparse.Namespace, home: Path) -> int:
    # After the settings are made: what follows reads them when it is imported.
    from recognition.edge.agent.camera import Folder, Lens
    from recognition.edge.agent.damage import Damaged
    from recognition.edge.agent.identity import BadCode
    from recognition.edge.agent.pairing import NotPaired
    from recognition.edge.agent.runner import InUse, Runner
    from recognition.edge.agent.terminal import Declared
    from recognition.engine.services import get_engine

    eyes = Folder(wanted.pictures) if wanted.pictures else None if wanted.camera is None else Lens(wanted.camera)
    runner = Runner(
        home=home,
        url=wanted.portal,
        engine=get_engine(),
        declared=Declared(wanted.algorithm, wanted.algorithm_version or version("dlib-bin")),
        code=wanted.pairing,
        authority=wanted.authority,
        eyes=eyes,
    )
    runner.stop_on_signals()
    try:
        runner.run(once=wanted.once)
    except (NotPaired, BadCode, InUse, Damaged, sqlite3.Error, OSError) as refused:
        return _fail(refused)
    return 0


def _ask(home: Path, command: str) -> int:
    from recognition.edge.agent.control import ask

    try:
        answer = ask(home, json.loads(command))
    except (OSError, ValueError) as refused:
        return _fail(refused)
    sys.stdout.write(json.dumps(answer, ensure_ascii=False, indent=1) + "\n")
    return 0


def _fail(reason: Exception) -> int:
    sys.stderr.write(f"terminal: {reason}\n")
    return REFUSED


if __name__ == "__main__":
    sys.exit(main())
