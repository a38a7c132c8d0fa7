"""Everybody who can knock at the API: nobody, each role of a property, a token, the platform's staff, a terminal."""

from dataclasses import dataclass, field

import requests
from requests.auth import AuthBase

from tests import terminals

AGENT = "consentry-fuzz"
LOGIN = "/accounts/login/"


@dataclass
class Caller:
    """A connection with what its owner has: a session, a key, or nothing. `headers` go with each request."""

    name: str
    session: requests.Session
    headers: dict[str, str] = field(default_factory=dict)


def nobody(name: str = "anonymous") -> Caller:
    return Caller(name, requests.Session(), {"User-Agent": AGENT, "Accept-Language": "en"})


def member(name: str, url: str, *, email: str, password: str) -> Caller:
    """Signs in as a browser does, and sends the CSRF token along from then on."""
    caller = nobody(name)
    caller.session.headers.update(caller.headers)
    caller.session.get(url + LOGIN, timeout=30)
    form = {"login": email, "password": password, "csrfmiddlewaretoken": caller.session.cookies["csrftoken"]}
    answer = caller.session.post(url + LOGIN, data=form, timeout=30, allow_redirects=False)
    assert answer.status_code == requests.codes.found, f"{name} could not sign in: {answer.status_code}"
    caller.headers["X-CSRFToken"] = str(caller.session.cookies["csrftoken"])
    return caller


def program(token: str) -> Caller:
    caller = nobody("token")
    caller.headers["Authorization"] = f"Bearer {token}"
    return caller


def terminal(keys: terminals.Terminal) -> Caller:
    """Signs whatever it sends, well or badly made, with the keys of a paired device."""
    caller = nobody("terminal")
    caller.session.auth = Signature(keys)
    return caller


class Signature(AuthBase):
    def __init__(self, keys: terminals.Terminal) -> None:
        self._keys = keys

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        content = request.body or b""
        content = content.encode() if isinstance(content, str) else content
        assert isinstance(content, bytes), "the API takes no stream"
        kind = str(request.headers.get("Content-Type", ""))
        signed = self._keys.signed(str(request.method), request.path_url, content, kind)
        wanted = ("Content-Digest", "Signature-Input", "Signature")
        request.headers.update({name: signed[name] for name in wanted})
        return request
