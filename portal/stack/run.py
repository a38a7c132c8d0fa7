"""One whole stack: from an empty folder to a page that answers, and back to nothing.

`make run`, the rehearsal and the browser tests use the same class::

    with Stack() as stack:  # scratch: temporary folder, free port, gone afterwards
        httpx.get(stack.url)
"""

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from types import TracebackType
from typing import IO, Self

from portal.stack import preflight
from portal.stack.children import Child, Guard
from portal.stack.environment import Services, external_databases, process_environment
from portal.stack.erasures import is_behind
from portal.stack.failure import StackError
from portal.stack.health import wait_until_healthy
from portal.stack.keys import Keys, ensure_keys
from portal.stack.layout import ROOT, Layout
from portal.stack.postgres import READY, Postgres
from portal.stack.preparation import Preparation, code_files, compile_messages, fingerprint, static_files
from portal.stack.processes import NAMES, ROLE_OF, Keeper, application, stop_all
from portal.stack.roles import OWNER, RECOGNITION, ROLES, WEB
from portal.stack.schema import taking_schema
from portal.stack.shelf import filling
from portal.stack.signals import Signals
from portal.stack.valkey import Valkey


def silent(_sentence: str) -> None:
    """Say nothing: a scratch stack reports through its exceptions."""


class Stack:
    """The servers and processes of one state folder, as a context manager.

    Without `var` it is a scratch stack: a temporary folder, a free port, no durable writes, and
    nothing left afterwards, however this process ends (guard.py). `outer` is where external
    addresses and keys are read from; by default nowhere, so that a scratch stack never touches the
    database that the environment of its caller names.
    """

    def __init__(
        self,
        *,
        var: Path | None = None,
        port: int = 0,
        host: str = "127.0.0.1",
        processes: tuple[str, ...] = NAMES,
        seed: bool = True,
        prepare: bool = True,
        outer: Mapping[str, str] | None = None,
        say: Callable[[str], None] = silent,
    ) -> None:
        self.host = host
        self.port = port
        self.processes: dict[str, Child] = {}
        self._var = var
        self._names = processes
        self._seed = seed
        self._prepares = prepare
        self._outer = outer
        self._say = say
        self._signals = Signals()
        self._guard = Guard()
        self._scratch: Path | None = None
        self._postgres: Postgres | None = None
        self._valkey: Valkey | None = None
        self._lock: IO[str] | None = None
        self._servers: list[Postgres | Valkey] = []

    # -- What a caller reads ---------------------------------------------------------------------
    layout: Layout
    keys: Keys
    services: Services

    @property
    def url(self) -> str:
        host = {"0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self.host, self.host)  # noqa: S104 - read, not bound
        return f"http://{host}:{self.port}"

    @property
    def children(self) -> dict[str, Child]:
        """Every program of this stack that is ours, by its name: servers first."""
        return {server.child.name: server.child for server in self._servers} | self.processes

    def env(self, name: str) -> dict[str, str]:
        """The environment of a process (web, recognition, default, beat) or of the role owner."""
        outer = {"PUBLIC_URL": self.url, **inherited(os.environ), **(self._outer or {})}
        return process_environment(
            role=ROLE_OF.get(name, name), layout=self.layout, services=self.services, keys=self.keys, outer=outer
        )

    def manage(self, *arguments: str, role: str = "owner") -> str:
        """Run a command of manage.py to its end and give what it printed; raises StackError."""
        result = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            env=self.env(role),
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if result.returncode:
            last = (result.stderr.strip() or result.stdout.strip() or "no message").splitlines()[-1]
            raise StackError(f"manage.py {arguments[0]} failed: {last}", "")
        return result.stdout

    # -- Life ------------------------------------------------------------------------------------
    def __enter__(self) -> Self:
        self._signals.install()
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.stop()

    def _start(self) -> None:
        preflight.check_python()
        if self._var is None:
            self._scratch = Path(tempfile.mkdtemp(prefix="consentry-"))
            self._guard.tell(f"remove {self._scratch}")
        preflight.check_writable(self._folder)
        preflight.check_disk(self._folder)
        self.port = self.port or preflight.free_port(self.host)
        self._lock = preflight.take_lock(self._lay_out().run / "stack.lock", port=self.port)
        if "web" in self._names:
            preflight.check_port(self.host, self.port)
        self.describe()
        self._start_servers()
        if self._prepares:
            self._prepare()
        self.processes = application(
            self._names, host=self.host, port=self.port, run=self.layout.run, log=self.layout.log,
            guard=self._guard, env=self.env,
        )  # fmt: skip
        for child in self.processes.values():
            child.start()
        if "web" in self.processes:
            wait_until_healthy(self.processes["web"], url=self.url)

    @property
    def _folder(self) -> Path:
        folder = self._var or self._scratch
        if folder is None:
            raise RuntimeError("A scratch stack has no folder before it starts")
        return folder

    def _lay_out(self) -> Layout:
        """Make the folders. Scratch stacks use the models that are there already: public files, and large."""
        self.layout = Layout.at(self._folder, models=None if self._var else ROOT / "var" / "models")
        self.layout.create()
        return self.layout

    def describe(self) -> None:
        """Work out folders, keys and addresses without starting anything."""
        outer = self._outer or {}
        layout = self._lay_out()
        data = layout.data / "postgres"
        self.keys = ensure_keys(layout.keys, roles=ROLES, has_data=(data / READY).exists())
        postgres = Postgres(
            data=data, sockets=layout.sockets / "pg", log=layout.log / "postgres.log",
            passwords=self.keys.database_passwords, guard=self._guard, durable=self._var is not None, say=self._say,
        )  # fmt: skip
        valkey = Valkey(
            data=layout.data / "valkey", sockets=layout.sockets, log=layout.log / "valkey.log",
            guard=self._guard, durable=self._var is not None,
        )  # fmt: skip
        external = external_databases(outer)
        own = {"web": postgres.url(WEB), "recognition": postgres.url(RECOGNITION), "owner": postgres.url(OWNER)}
        broker, cache = outer.get("BROKER_URL"), outer.get("CACHE_URL")
        self._postgres = None if external else postgres
        self._valkey = None if broker and cache else valkey
        self.services = Services(
            databases=external or own, broker=broker or valkey.broker_url, cache=cache or valkey.cache_url
        )

    def _start_servers(self) -> None:
        """Start what is ours; the state folder is locked for this stack by now."""
        self._guard.tell(f"remove {self.layout.sockets}")
        started = time.monotonic()
        for server in (self._postgres, self._valkey):
            if server is not None:
                self._servers.append(server)
                server.start()
        if self._servers:
            self._say(f"servers … {time.monotonic() - started:.1f} s")

    def _prepare(self) -> None:
        preparation = Preparation(layout=self.layout, guard=self._guard, say=self._say)
        packages = (ROOT / "requirements.txt").read_text()
        if not preparation.is_done("packages", fingerprint(packages)):
            preflight.check_native_modules()
            preparation.mark("packages", fingerprint(packages))
        compile_messages()
        code = fingerprint(packages, files=code_files())
        # Another node may have changed an external database since, so there nothing is taken as done.
        made = self._postgres.made if self._postgres else str(time.time())
        if not any(self.layout.models.rglob("*.dat")):
            preparation.forget("models")
        statics = fingerprint(packages, files=[*static_files(), ROOT / "portal" / "settings" / "base.py"])
        tables = fingerprint(code, made)
        with ExitStack() as shelves:
            if self._scratch:
                shelf = filling(self.layout.static, shelf=ROOT / "var" / "scratch-static", fingerprint=statics)
                if shelves.enter_context(shelf):
                    preparation.mark("collectstatic", statics)
                if self._postgres and shelves.enter_context(taking_schema(self._postgres.url(OWNER))):
                    preparation.mark("migrate", tables)
            preparation.run(
                {
                    "migrate": (["migrate", "--verbosity", "0"], tables, self.env("owner")),
                    "collectstatic": (["collectstatic", "--noinput", "--verbosity", "0"], statics, self.env("web")),
                }
                | self._models_step(code),
                # Without its models the recognition worker refuses to start and says why; cards and PINs go on.
                may_fail=("models",),
            )
        if self._seed:
            preparation.run({"seed": (["seed_demo"], tables, self.env("owner"))})
        self._replay_erasures()

    def _replay_erasures(self) -> None:
        """Order again what a restored database has forgotten. Where that fails, the doors refuse whom it concerns."""
        database = self.env("owner")["DATABASE_URL_OWNER"]
        if not is_behind(ledger=Path(self.env("web")["LEDGER_DIR"]), database=database):
            return
        self._say("The database is older than the ledger of erasures; what it has forgotten is ordered again …")
        try:
            self._say(self.manage("replay_erasures", role="web").strip())
        except StackError as failed:
            self._say(f"{failed} The faces concerned open no door; the sweep tries again every minute.")

    def _models_step(self, code: str) -> dict[str, tuple[list[str], str, dict[str, str]]]:
        """Provision the face models only for a stack that recognises faces."""
        if "recognition" not in self._names:
            return {}
        return {"models": (["provision_models"], code, self.env("recognition"))}

    def keep_running(self) -> None:
        """Watch over everything until somebody asks to stop."""
        keeper = Keeper(self.children, say=self._say)
        while True:
            keeper.look()
            time.sleep(0.25)

    def stop(self) -> None:
        """Stop all, the servers last, and remove what is scratch. Safe to call at any point, and twice."""
        self._signals.ignore()
        try:
            stop_all(self.processes)
            for server in reversed(self._servers):
                server.stop()
        finally:
            self._servers = []
            if self._lock is not None:
                self.layout.remove_sockets()
                self._lock.close()
                self._lock = None
            if self._scratch is not None:
                shutil.rmtree(self._scratch, ignore_errors=True)
            self._guard.close()
            self._signals.restore()


def inherited(environment: Mapping[str, str]) -> dict[str, str]:
    """What a process needs of the machine: everything but the addresses and keys of another stack."""
    foreign = (
        "DATABASE_URL",
        "BROKER_URL",
        "CACHE_URL",
        "RESULT_URL",
        "SECRET_KEY",
        "PASS_KEY",
        "MASTER_KEY",
        "CAPTURE_",
        "EVIDENCE_",
        "CONSENTRY_",
        "SMS_",
        "MAIL_SENDER",
        "PUBLIC_URL",
    )
    ours = ("DJANGO_SETTINGS_MODULE", "PYTEST_", "DEEPFACE_HOME", "STATIC_ROOT", "MAIL_DIR", "OUTBOX_DIR", "LEDGER_DIR")
    return {name: value for name, value in environment.items() if not name.startswith((*foreign, *ours))}
