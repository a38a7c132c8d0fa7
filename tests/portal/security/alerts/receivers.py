"""Somebody who receives webhooks: a real server on this machine that keeps what it was sent."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from ssl import SSLContext


@dataclass
class Received:
    path: str
    headers: dict[str, str]
    body: bytes


@dataclass
class Receiver:
    """`answers` are the statuses it gives, the last one for ever.

    With `is_endless` a body follows that does not end; with `is_slow` a head that does not, a byte at a time.
    """

    answers: list[int] = field(default_factory=lambda: [204])
    is_endless: bool = False
    is_slow: bool = False
    got: list[Received] = field(default_factory=list)
    port: int = 0
    over: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/hook?house=1"


@contextmanager
def receiving(receiver: Receiver, tls: SSLContext | None = None) -> Iterator[Receiver]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"]))
            receiver.got.append(Received(self.path, {k.lower(): v for k, v in self.headers.items()}, body))
            status = receiver.answers[0] if len(receiver.answers) == 1 else receiver.answers.pop(0)
            self.send_response(status)
            if 300 <= status < 400:
                self.send_header("Location", "/elsewhere")
            if receiver.is_slow:
                self.flow(b"x", pause=0.05)
            elif receiver.is_endless:
                self.end_headers()
                self.flow(b"x" * 65_536, pause=0)
            else:
                self.send_header("Content-Length", "0")
                self.end_headers()

        def flow(self, part: bytes, pause: float) -> None:
            """Go on sending until the other side has had enough, or the test is over."""
            self.close_connection = True
            try:
                self.flush_headers()
                while not receiver.over.wait(pause):
                    self.wfile.write(part)
            except OSError:
                return

        def log_message(self, *_args: object) -> None:
            """Nothing on the test's output."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    if tls is not None:
        server.socket = tls.wrap_socket(server.socket, server_side=True)
    receiver.port = server.server_address[1]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.over.set()
        server.shutdown()
        server.server_close()
        thread.join()
