"""How an operation or a field goes (docs/api.md, Versions): told at least twelve months before, then 410.

A view names its actions under `retired`, a shape or a payload its fields. Nothing is retired now.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time
from http import HTTPStatus

from django.http import HttpResponse
from django.utils import timezone
from django.utils.http import http_date
from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException


@dataclass(frozen=True)
class Retired:
    """Deprecated since a day, gone from another; `instead` is the address of what to use."""

    since: date
    until: date
    instead: str

    def is_gone(self) -> bool:
        return timezone.localdate() >= self.until


Retiring = Mapping[str, Retired]


class Gone(APIException):
    status_code = HTTPStatus.GONE
    default_code = "gone"
    default_detail = _("This address was retired. Use the one that “Link” names.")


def announce(response: HttpResponse, retired: Iterable[Retired]) -> None:
    """Put `Deprecation` (RFC 9745), `Sunset` (RFC 8594) and `Link` on an answer; of several, what goes first."""
    first = min(retired, key=lambda one: one.until, default=None)
    if first is None:
        return
    response["Deprecation"] = f"@{_seconds(first.since)}"
    response["Sunset"] = http_date(_seconds(first.until))
    response["Link"] = f'<{first.instead}>; rel="successor-version"'


def _seconds(day: date) -> int:
    return int(timezone.make_aware(datetime.combine(day, time.min)).timestamp())
