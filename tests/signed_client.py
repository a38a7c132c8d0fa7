"""Test clients as a door terminal has them: everything that they send is signed."""

from typing import Any

from django.test import Client
from rest_framework.test import APIClient

from tests.terminals import Terminal, paired


def signed(terminal: Terminal, method: str, path: str, data: Any, content_type: str | None) -> dict[str, str]:
    """The headers of the signature as a test client takes them. It sends no content type with an empty body."""
    body = data if isinstance(data, bytes) else str(data or "").encode()
    headers = terminal.signed(method.upper(), path, body, str(content_type or "") if body else "")
    wanted = ("Content-Digest", "Signature-Input", "Signature")
    return {f"HTTP_{name.upper().replace('-', '_')}": headers[name] for name in wanted}


class SignedPages(Client):
    """Django's client, signing as a terminal that is paired already."""

    terminal: Terminal

    def generic(self, method: str, path: str, data: Any = "", content_type: str | None = "", **extra: Any) -> Any:
        extra |= signed(self.terminal, method, path, data, content_type)
        return super().generic(method, path, data, content_type, **extra)


class SignedClient(APIClient):
    """The API's client: it pairs by a code and signs from then on."""

    def __init__(self, code: str) -> None:
        super().__init__(HTTP_ACCEPT_LANGUAGE="en")
        self.terminal = paired(code, APIClient())

    def generic(self, method: str, path: str, data: Any = "", content_type: str | None = "", **extra: Any) -> Any:
        extra |= signed(self.terminal, method, path, data, content_type)
        return super().generic(method, path, data, content_type, **extra)
