"""The double behind a real port of this machine, for a terminal that is its own process."""

from __future__ import annotations

import json
import sys
import threading
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

from tests.recognition.edge.agent.double import Double, Lost


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    double: Double

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A terminal that was killed does not say goodbye; a fault of the double must be seen."""
        error = sys.exception()
        if not isinstance(error, ConnectionError):
            self.double.faults.append("".join(traceback.format_exception(error)))


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:
        self._answer()

    def do_POST(self) -> None:
        self._answer()

    def _answer(self) -> None:
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length)
        if len(body) < length:  # the terminal was killed while it wrote
            self.close_connection = True
            return
        try:
            status, answer = cast(_Server, self.server).double.answer(
                self.command, self.path, dict(self.headers.items()), body
            )
        except Lost:
            self.close_connection = True
            return
        written = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(written)))
        self.end_headers()
        self.wfile.write(written)

    def log_message(self, format: str, *args: Any) -> None:
        """Silent."""


@contextmanager
def listening(double: Double) -> Iterator[str]:
    """The double's address, for as long as the block lasts."""
    server = _Server(("127.0.0.1", 0), _Handler)
    server.double = double
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_address[1]}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert double.faults == []
