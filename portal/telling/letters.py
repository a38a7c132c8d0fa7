"""The letters by which members hear of things, each in the language its reader chose. They name nobody."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.conf import settings
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, override

from portal.telling.sentences import say
from tenants.organizations.models import Notification, Property
from tenants.organizations.news import NotificationKind

# More is not read in a letter; the page has the rest.
MOST = 20


@dataclass(frozen=True)
class Letter:
    """Ready to go. No repr shows whom it goes to."""

    to: str = field(repr=False)
    subject: str
    text: str


@dataclass(frozen=True)
class Part:
    """One property in a digest: how many of each kind are new."""

    tenant: Property
    counts: dict[NotificationKind, int]


def at_once(*, to: str, language: str, tenant: Property, told: Sequence[Notification]) -> Letter:
    """Write what just happened in one property, everything that waits in one letter."""
    with override(language):
        said = say(tenant, told[:MOST])
        lines = [f"· {one.text}\n  {_address(one.url)}" if one.url else f"· {one.text}" for one in said]
        if len(told) > MOST:
            more = ngettext("%(count)s more is in the page.", "%(count)s more are in the page.", len(told) - MOST)
            lines.append(more % {"count": len(told) - MOST})
        what = said[0].text if len(told) == 1 else _things(len(told))
        subject = _("%(property)s: %(what)s") % {"property": tenant.display_name, "what": what}
        text = "\n".join([tenant.display_name, "", *lines, "", _all(tenant), *_foot()])
    return Letter(to, " ".join(subject.split()), f"{text}\n")


def digest(*, to: str, language: str, parts: Iterable[Part]) -> Letter:
    """Write what is new since yesterday in all properties of a member: counts by kind, and where to see them."""
    with override(language):
        lines: list[str] = []
        total = 0
        for part in parts:
            lines += [part.tenant.display_name]
            for kind, count in part.counts.items():
                total += count
                lines.append(f"· {kind.label}: {count}")
            lines += [_all(part.tenant), ""]
        subject = _("Consentry today: %(what)s") % {"what": _things(total)}
        text = "\n".join([*lines, *_foot()])
    return Letter(to, subject, f"{text}\n")


def _things(count: int) -> str:
    return ngettext("%(count)s new notification", "%(count)s new notifications", count) % {"count": f"{count:,}"}


def _all(tenant: Property) -> str:
    return _("See all: %(address)s") % {"address": _address(reverse("notifications", args=[tenant.slug]))}


def _foot() -> list[str]:
    """How to hear less, in every letter."""
    address = _address(reverse("notification_settings"))
    return ["--", _("Change what you are told by mail, or end these mails: %(address)s") % {"address": address}]


def _address(path: str) -> str:
    return settings.PUBLIC_URL.rstrip("/") + path
