"""Where one request ends and the next begins: nobody hides a request in another one's body (smuggling)."""

import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.stack import processes
from portal.stack.layout import ROOT

APPLICATION = """
def application(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response("200 OK", [("Content-Type", "text/plain"), ("Connection", "keep-alive")])
    return [f"<{environ['PATH_INFO']} {len(body)}>".encode()]
"""
HIDDEN = "GET /hidden HTTP/1.1\r\nHost: portal\r\n\r\n"


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The web server as the stack starts it, with an application that says what it was given."""
    folder = tmp_path_factory.mktemp("web")
    (folder / "given.py").write_text(APPLICATION)
    command = processes.command("web", host="127.0.0.1", port=0, run=folder)
    address = folder / "s"
    command[command.index("portal.wsgi")] = "given"
    command[command.index("--bind") + 1] = f"unix:{address}"
    environment = {"PYTHONPATH": f"{folder}:{ROOT}", "PATH": "/usr/bin:/bin"}
    with subprocess.Popen(command, cwd=folder, env=environment, stderr=subprocess.DEVNULL) as process:
        while not address.exists() and process.poll() is None:
            time.sleep(0.05)
        yield address
        process.terminate()


def answers(server: Path, head: str, body: str) -> str:
    """All that one connection is told for these bytes."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
        connection.settimeout(5)
        connection.connect(str(server))
        connection.sendall(f"POST /open HTTP/1.1\r\nHost: portal\r\n{head}\r\n\r\n{body}".encode())
        connection.shutdown(socket.SHUT_WR)
        heard = b""
        while part := connection.recv(4096):
            heard += part
    return heard.decode(errors="replace")


def test_an_ordinary_request_is_answered(server: Path) -> None:
    assert "</open 3>" in answers(server, "Content-Length: 3", "abc")


@pytest.mark.parametrize(
    "head",
    [
        "Content-Length: 3\r\nContent-Length: 90",
        "Content-Length: 3, 90",
        "Content-Length: +3",
        "Content-Length: 0x3",
        "Content-Length: -1",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity",
        "Transfer-Encoding : chunked",
        "Content-Length: 3\r\nTransfer-Encoding: chunked",
    ],
)
def test_a_request_whose_end_can_be_read_in_two_ways_hides_none(server: Path, head: str) -> None:
    heard = answers(server, head, f"0\r\n\r\n{HIDDEN}")
    assert "/hidden" not in heard
    assert heard.startswith(("HTTP/1.1 400", "HTTP/1.1 501"))
