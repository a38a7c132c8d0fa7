"""Text messages by one HTTP gateway of the operator's choice. How it must answer: docs/operations.md."""

import ipaddress
import json
import re
from dataclasses import dataclass, field
from http.client import HTTPException
from unicodedata import normalize
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, ProxyHandler, Request, build_opener

from django.conf import settings

from tenants.people.kinds import InvitationReason
from tenants.people.senders.protocol import NotSent

TIMEOUT_SECONDS = 10.0
_CHINESE_MOBILE = re.compile(r"(?:(?:\+|00)?86)?(1[3-9][0-9]{9})")
NOT_OUR_KEY = {401, 403}
# “Not now”. Of the other answers a 4xx is the gateway's last word, and after a 5xx nobody knows how far it had come.
NOT_NOW = {408, 429, 503}


def is_private(url: str) -> bool:
    """Say whether nobody on the way reads what is sent there: HTTPS, or plain HTTP that stays on this machine."""
    try:
        parts = urlsplit(url)
        host = parts.hostname or ""
    except ValueError:
        return False
    if not host:
        return False
    return parts.scheme == "https" or (parts.scheme == "http" and is_loopback(host))


def is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def as_dialled(typed: str) -> str:
    """Return a number as a gateway takes it, however somebody wrote it: a Chinese mobile number in E.164.

    Other numbers lose their spaces and dashes alone: nobody here knows which country is meant.
    """
    number = "".join(c for c in normalize("NFKC", typed) if c in "+0123456789")
    mobile = _CHINESE_MOBILE.fullmatch(number)
    return f"+86{mobile.group(1)}" if mobile else number


class _NoRedirects(HTTPRedirectHandler):
    """A redirect would carry the key, a phone number and a personal link to an address nobody chose."""

    def redirect_request(self, *_args: object) -> None:
        return None


# Only settings read the environment, so no proxy is taken from there.
_opener = build_opener(ProxyHandler({}), _NoRedirects)


@dataclass(frozen=True)
class HttpSmsSender:
    """POSTs `{"to", "text"}` with a bearer key; a Chinese mobile number as +86…, others without spaces and dashes.

    Any 2xx means taken; what else the answer says is not read.
    """

    url: str = field(default_factory=lambda: settings.SMS_GATEWAY_URL)
    key: str = field(default_factory=lambda: settings.SMS_GATEWAY_KEY or "", repr=False)
    timeout: float = TIMEOUT_SECONDS

    def send(self, *, to: str, subject: str, text: str) -> None:
        if not is_private(self.url) or not self.key:
            raise NotSent(InvitationReason.NOT_SET_UP, can_retry=False)
        request = Request(  # noqa: S310 - https, or http on loopback: is_private has looked
            self.url,
            data=json.dumps({"to": as_dialled(to), "text": text}).encode(),
            headers={"Content-Type": "application/json", "Authorization": f"Bearer {self.key}"},
            method="POST",
        )
        try:
            _opener.open(request, timeout=self.timeout).close()
        except HTTPError as answer:
            answer.close()
            raise _not_sent(answer.code) from None
        except URLError:
            raise NotSent(InvitationReason.UNREACHABLE, can_retry=True) from None
        except ValueError:  # an address or a key that no request can carry
            raise NotSent(InvitationReason.NOT_SET_UP, can_retry=False) from None
        except (OSError, HTTPException):
            # The request had left by then: a time-out, or a line that broke before the answer came.
            raise NotSent(InvitationReason.NO_ANSWER, can_retry=True) from None


def _not_sent(status: int) -> NotSent:
    if status in NOT_NOW:
        return NotSent(InvitationReason.UNREACHABLE, can_retry=True)
    if status >= 500:
        return NotSent(InvitationReason.NO_ANSWER, can_retry=True)
    if status < 400 or status in NOT_OUR_KEY:
        return NotSent(InvitationReason.NOT_SET_UP, can_retry=False)
    return NotSent(InvitationReason.REFUSED, can_retry=False)
