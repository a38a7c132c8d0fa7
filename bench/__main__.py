"""`make bench`, `make bench FACES=DIR`, `python -m bench gallery search`: one line for each claim, met or missed.

Writes the same lines as JSON under var/bench/ and ends with 1 when one is missed.
"""

import argparse
import importlib
import json
import logging
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path

from bench.rows import Row
from portal.stack.layout import ROOT

# Small ones first: what runs later does not fill the memory that they measure in.
NAMES = ("residents", "gallery", "loading", "search", "door", "pages", "retention", "separation", "represent")


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m bench")
    options.add_argument("names", nargs="*", default=NAMES, help=f"which of {', '.join(NAMES)}")
    options.add_argument("--faces", type=Path, default=os.environ.get("FACES") or None, metavar="DIR")
    chosen = options.parse_args()
    faces = Path(chosen.faces).resolve() if chosen.faces else None
    if faces is not None and not faces.is_dir():
        options.error(f"{faces} is not a folder")
    measured = run(tuple(chosen.names), faces)
    print(f"Written to {write(measured, faces)}")
    missed = [row.name for row in measured if not row.met]
    print(f"{len(measured) - len(missed)} of {len(measured)} met." + (f" Missed: {'; '.join(missed)}." * bool(missed)))
    return int(bool(missed) or not measured)


def run(names: tuple[str, ...], faces: Path | None) -> list[Row]:
    """Measure and print, in one process on a scratch stack."""
    import django

    from bench import scratch
    from portal.stack.run import Stack

    measured = []
    with Stack(processes=(), seed=False, prepare=False) as stack:
        scratch.use(stack)
        django.setup()
        logging.getLogger("httpx").setLevel(logging.WARNING)  # one line a row, and nothing between
        for name in names:
            for row in importlib.import_module(f"bench.{name}").rows(faces):
                print(row.line(), flush=True)
                measured.append(row)
    return measured


def write(measured: list[Row], faces: Path | None) -> Path:
    now = datetime.now(UTC)
    file = ROOT / "var" / "bench" / f"{now:%Y%m%d-%H%M%S}.json"
    file.parent.mkdir(parents=True, exist_ok=True)
    machine = {"cpu": _cpu(), "cores": os.cpu_count(), "python": platform.python_version()}
    told = {"at": now.isoformat(), "machine": machine, "faces": str(faces or "from packages")}
    file.write_text(json.dumps(told | {"rows": [row.as_dict() for row in measured]}, indent=1) + "\n")
    return file.relative_to(ROOT)


def _cpu() -> str:
    """What Linux calls the processor; elsewhere what Python knows."""
    try:
        lines = Path("/proc/cpuinfo").read_text().splitlines()
    except OSError:
        return platform.processor()
    return next((line.partition(": ")[2] for line in lines if line.startswith("model name")), platform.machine())


if __name__ == "__main__":
    sys.exit(main())
