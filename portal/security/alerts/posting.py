"""POST to an address that a member typed in, and reach nothing that is not on the open internet.

The name is resolved once, every address it leads to is checked, and the connection goes to a checked one: a name that
answers differently the second time is not asked a second time. No redirects, no proxy, bounded time and size.
"""

import contextlib
import ipaddress
import socket
import ssl
import threading
from collections.abc import Callable
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException
from typing import Any
from urllib.parse import SplitResult, urlsplit

from django.conf import settings

CONNECT_SECONDS = 5.0
TOTAL_SECONDS = 10.0
# Translates to any IPv4 address, a private one too (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Resolve = Callable[..., list[Any]]


class Forbidden(Exception):
    """The address is not one that the portal may reach."""


class NoAnswer(Exception):
    """Nobody answered in time, or in HTTP."""


def split(url: str) -> SplitResult:
    """Return the parts of an address. Raises Forbidden unless it is https to a host, without a name or a fragment."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        raise Forbidden from None
    is_plain = url.isascii() and url.isprintable() and " " not in url and "\\" not in url
    is_open = parts.username is None and parts.password is None and not parts.fragment and port != 0
    is_secure = parts.scheme == "https" or (parts.scheme == "http" and settings.WEBHOOK_LOOPBACK_ALLOWED)
    if not (host and is_plain and is_open and is_secure):
        raise Forbidden
    return parts


def is_open(parts: SplitResult) -> bool:
    """Say whether an address that is written out in numbers may be called. Of a name nothing is known yet."""
    host = str(parts.hostname)
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        return parts.scheme == "http" or host != "localhost"
    return is_public(host) if parts.scheme == "https" else _is_loopback(host)


def is_public(address: str) -> bool:
    """Say whether an IP address is somebody's on the open internet, also where it is wrapped in another one."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        if ip.ipv4_mapped is not None:
            return is_public(str(ip.ipv4_mapped))
        if ip.sixtofour is not None or ip.teredo is not None or ip in _NAT64:
            return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


@dataclass(frozen=True)
class Post:
    """Sends one body. `resolve`, `may_reach` and `tls` are what runs; tests bring their own."""

    resolve: Resolve = socket.getaddrinfo
    may_reach: Callable[[str], bool] = is_public
    tls: Callable[[], ssl.SSLContext] = ssl.create_default_context
    seconds: float = TOTAL_SECONDS

    def send(self, url: str, *, body: bytes, headers: dict[str, str]) -> int:
        """POST the body once and return the status. Raises Forbidden or NoAnswer."""
        parts = split(url)
        host, is_tls = str(parts.hostname), parts.scheme == "https"
        port = parts.port or (443 if is_tls else 80)
        line = _Line(host, port, self._checked(host, port, is_tls=is_tls), self.tls() if is_tls else None)
        # A peer that sends a byte now and then would hold the worker for as long as it likes.
        clock = threading.Timer(self.seconds, line.cut)
        clock.start()
        try:
            line.request("POST", (parts.path or "/") + (f"?{parts.query}" if parts.query else ""), body, headers)
            # What else the answer says is not read; of its head no more than a hundred lines are.
            status = line.getresponse().status
            if line.is_cut:
                raise TimeoutError
        except (OSError, HTTPException, ValueError):
            raise NoAnswer from None
        finally:
            clock.cancel()
            line.close()
        return status

    def _checked(self, host: str, port: int, *, is_tls: bool) -> list[Any]:
        """Resolve the name and return its addresses, if all of them may be reached."""
        try:
            found = self.resolve(host, port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError):
            raise NoAnswer from None
        addresses = [entry[4] for entry in found]
        allowed = self.may_reach if is_tls else _is_loopback
        if not addresses or not all(allowed(address[0]) for address in addresses):
            raise Forbidden
        return addresses


def _is_loopback(address: str) -> bool:
    """Plain HTTP stays on this machine, in tests and in the local portal alone."""
    return ipaddress.ip_address(address.partition("%")[0]).is_loopback


class _Line(HTTPConnection):
    """A connection to one of these addresses, whatever the name of its host; TLS still asks for that name."""

    def __init__(self, host: str, port: int, addresses: list[Any], tls: ssl.SSLContext | None) -> None:
        super().__init__(host, port, timeout=CONNECT_SECONDS)
        self._addresses, self._tls = addresses, tls
        # Of the standard port nothing is said in the header Host.
        self.default_port = 443 if tls else 80
        self._socket: socket.socket | None = None
        self.is_cut = False

    def connect(self) -> None:
        self.sock = self._reached()
        if self._tls is not None:
            self.sock = self._tls.wrap_socket(self.sock, server_hostname=self.host)
        # The connection forgets its socket as soon as the peer says that it will close, and still reads from it.
        self._socket = self.sock

    def _reached(self) -> socket.socket:
        problem: OSError = ConnectionError()
        for address in self._addresses:
            if self.is_cut:
                raise TimeoutError
            try:
                return socket.create_connection(address[:2], CONNECT_SECONDS)
            except OSError as error:
                problem = error
        raise problem

    def cut(self) -> None:
        """End what is being read or written, from another thread."""
        self.is_cut = True
        if self._socket is not None:
            with contextlib.suppress(OSError):
                self._socket.shutdown(socket.SHUT_RDWR)
