"""`python -m portal.stack run|migrate|restore|manage|shell-env|doctor|parts`: the commands of the Makefile."""

import argparse
import os
import shlex
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from portal.stack import parts, preflight
from portal.stack.environment import read_dotenv
from portal.stack.failure import StackError
from portal.stack.greeting import greeting
from portal.stack.layout import ROOT
from portal.stack.processes import NAMES
from portal.stack.run import Stack


def out(text: str) -> None:
    """Print; a terminal that is gone, or a reader that has had enough, must not stop the doors."""
    with suppress(OSError):
        print(text, flush=True)


def say(sentence: str) -> None:
    out(f"  {sentence}")


def number(text: str, name: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise StackError(f"{name}={text} is not a port number.", "Use a number from 1 to 65535, for example PORT=8001.")
    return int(text)


def configured(
    outer: dict[str, str], *, processes: tuple[str, ...] = NAMES, seed: bool = True, prepare: bool = True
) -> Stack:
    """The stack that the environment and `.env` describe."""
    return Stack(
        var=Path(outer.get("CONSENTRY_VAR") or ROOT / "var"),
        port=number(outer.get("PORT") or "8000", "PORT"),
        host=outer.get("HOST_ADDRESS") or "127.0.0.1",
        processes=processes,
        seed=seed and outer.get("SEED_DEMO", "1") != "0",
        prepare=prepare,
        outer=outer,
        say=say,
    )


def run(outer: dict[str, str]) -> None:
    started = time.monotonic()
    out("Consentry 知门: starting")
    with suppress(KeyboardInterrupt), configured(outer) as stack:
        out("\n" + greeting(stack, seconds=time.monotonic() - started))
        try:
            stack.keep_running()
        finally:
            out("\nStopping …")
    out("Stopped; nothing is left running.")


def migrate(outer: dict[str, str]) -> None:
    """Bring the database up to date without starting anything that stays."""
    with configured(outer, processes=(), seed=False):
        print("The database is up to date.")


def restore(outer: dict[str, str], file: Path, identity: Path) -> None:
    """Put a sealed backup into the empty database, with its servers alone: no process that opens a door is started."""
    stack = configured(outer, processes=(), seed=False, prepare=False)
    with stack:
        print(stack.manage("restore", "--from", str(file.absolute()), "--identity", str(identity.absolute())).strip())


def shell_env(outer: dict[str, str], role: str) -> None:
    """Print the environment of a role of the running stack, for `eval` in a shell."""
    stack = configured(outer)
    stack.describe()
    known = dict(os.environ)
    for name, value in sorted(stack.env(role).items()):
        if known.get(name) != value:
            print(f"export {name}={shlex.quote(value)}")


def manage(outer: dict[str, str], role: str, arguments: list[str]) -> int:
    """Run manage.py as one role of this installation, beside a running stack or without one."""
    stack = configured(outer)
    stack.describe()
    return subprocess.run(
        [sys.executable, "manage.py", *arguments], env=stack.env(role), cwd=ROOT, check=False
    ).returncode


def doctor(outer: dict[str, str]) -> None:
    var = Path(outer.get("CONSENTRY_VAR") or ROOT / "var")
    preflight.check_python()
    preflight.check_writable(var)
    preflight.check_disk(var)
    preflight.check_port(outer.get("HOST_ADDRESS") or "127.0.0.1", number(outer.get("PORT") or "8000", "PORT"))
    preflight.check_native_modules()
    print("Nothing is in the way of `make run`.")


COMMANDS = {"run": run, "migrate": migrate, "doctor": doctor}


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(prog="python -m portal.stack", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    for name in COMMANDS:
        commands.add_parser(name)
    commands.add_parser("shell-env").add_argument("role", choices=("web", "recognition", "owner"))
    restored = commands.add_parser("restore")
    restored.add_argument("--from", required=True, type=Path, dest="file", help="the sealed backup")
    restored.add_argument("--identity", required=True, type=Path, help="the file with the private key")
    managed = commands.add_parser("manage")
    managed.add_argument("--role", choices=("web", "recognition", "owner"), default="owner")
    managed.add_argument("arguments", nargs=argparse.REMAINDER)
    commands.add_parser("parts").add_argument("names", nargs="+", choices=sorted(parts.PARTS))
    chosen = parser.parse_args(arguments)
    try:
        outer = {**read_dotenv(ROOT / ".env"), **os.environ}
        if chosen.command == "parts":
            parts.provide(chosen.names, say=say)
        elif chosen.command == "manage":
            return manage(outer, chosen.role, chosen.arguments)
        elif chosen.command == "restore":
            restore(outer, chosen.file, chosen.identity)
        elif chosen.command == "shell-env":
            shell_env(outer, chosen.role)
        else:
            COMMANDS[chosen.command](outer)
    except StackError as error:
        print(f"consentry: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
