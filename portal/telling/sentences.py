"""What a notification says, in the reader's language, and the page it leads to. It names numbers and devices only."""

import uuid
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.urls import reverse
from django.utils.dateparse import parse_date, parse_datetime
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.timezone import localtime
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from portal.security.alerts.words import words_of
from portal.work.runners import title_of
from tenants.organizations.models import Notification, Property
from tenants.organizations.news import NotificationKind as Kind

SENTENCES: dict[Kind, str | Promise] = {
    Kind.REQUEST_RECEIVED: gettext_lazy("Received: request %(what)s."),
    Kind.REQUEST_DUE_SOON: gettext_lazy("Request %(what)s is to be answered by %(when)s."),
    Kind.REQUEST_OVERDUE: gettext_lazy("Request %(what)s is overdue: its last day was %(when)s."),
    Kind.COMPLAINT_RECEIVED: gettext_lazy("Received: complaint %(what)s."),
    Kind.COMPLAINT_WAITS: gettext_lazy("No answer for five working days: complaint %(what)s."),
    Kind.ALERT_HIGH: gettext_lazy("Alert of high severity: %(what)s."),
    Kind.ALERT: gettext_lazy("Alert: %(what)s."),
    Kind.DEVICE_STOPPED: gettext_lazy("“%(what)s” was suspended: a rule does not hold any more."),
    Kind.DEVICE_SILENT: gettext_lazy("“%(what)s” is silent since %(when)s."),
    Kind.DEVICE_BACK: gettext_lazy("“%(what)s” reports again. It was silent since %(when)s."),
    Kind.SIGN_ENDS: gettext_lazy("The photo of the sign at “%(what)s” is of %(when)s. After a year the device stops."),
    Kind.SIGN_ASKED: gettext_lazy("A new photo of the sign at “%(what)s” is asked for."),
    Kind.ASSESSMENT_STALE: gettext_lazy(
        "Version %(what)s of the impact assessment is out of date since %(when)s. "
        "Without a new one, faces are erased after 30 days."
    ),
    Kind.NOTICE_BEGINS: gettext_lazy("Version %(what)s of the notice takes effect soon."),
    Kind.CONTRACT_ENDS: gettext_lazy("The processing contract ends on %(when)s. After that day faces stop."),
    Kind.HOLD_WAITS: gettext_lazy("A legal hold waits for a second member."),
    Kind.LOSS_WAITS: gettext_lazy("“%(what)s” was declared lost. A second member confirms it."),
    Kind.MINOR_WAITS: gettext_lazy("A colleague asks to open a minor's record."),
    Kind.SIGNATURE_WAITS: gettext_lazy("Version %(what)s of the impact assessment waits for a signature."),
    Kind.REVIEW_DUE: gettext_lazy("Review who has access, by %(when)s."),
    Kind.JOB_DONE: gettext_lazy("Your work has ended: %(what)s."),
}


@dataclass(frozen=True)
class Subject:
    """A kind of row that something is told about: what it is called in a sentence, and its page."""

    model: str
    name: Callable[[Any], Any]
    url: Callable[[str, Any], str]
    follow: tuple[str, ...] = ()


def _page(name: str) -> Callable[[str, Any], str]:
    return lambda slug, row: reverse(name, args=[slug, row.pk])


SUBJECTS: dict[str, Subject] = {
    "rightsrequest": Subject("rights.RightsRequest", lambda row: row.number, _page("request")),
    "complaint": Subject("rights.Complaint", lambda row: row.number, _page("complaint")),
    "alert": Subject("security.Alert", lambda row: words_of(row.rule).title, _page("alert")),
    "device": Subject("premises.Device", lambda row: row.name, _page("device")),
    "deviceloss": Subject(
        "edge.DeviceLoss",
        lambda row: row.device.name,
        lambda slug, row: reverse("device_loss_confirm", args=[slug, row.device_id]),
        follow=("device",),
    ),
    "assessment": Subject("transparency.Assessment", lambda row: row.version, _page("assessment")),
    "notice": Subject("transparency.Notice", lambda row: row.version, _page("notice")),
    "legalhold": Subject("rights.LegalHold", lambda row: "", _page("hold_approve")),
    "job": Subject("work.Job", lambda row: title_of(row.kind, row.what), _page("job")),
    "minoraccess": Subject("people.MinorAccess", lambda row: "", _page("access_decide")),
}
# Where a kind without a subject leads: the name of a page of the property.
_PAGES = {Kind.REVIEW_DUE: "access_review", Kind.CONTRACT_ENDS: "readiness", Kind.ALERT: "alerts"}


@dataclass(frozen=True)
class Said:
    """A notification in words. `url` is empty when what it is about is gone."""

    notification: Notification
    text: str
    url: str


def say(tenant: Property, notifications: Iterable[Notification]) -> list[Said]:
    """Put notifications of one property into words. One query for each kind of subject, whatever their number."""
    found = list(notifications)
    rows = _rows({notification.subject for notification in found if notification.subject})
    return [_say(tenant.slug, notification, rows) for notification in found]


def _say(slug: str, notification: Notification, rows: dict[str, Any]) -> Said:
    kind = Kind(notification.kind)
    subject, row = SUBJECTS.get(notification.subject.partition(":")[0]), rows.get(notification.subject)
    if subject is None or row is None:
        what = _("no longer there") if notification.subject else _("more than one")
        url = "" if notification.subject else reverse(_PAGES.get(kind, "today"), args=[slug])
    else:
        what, url = subject.name(row), subject.url(slug, row)
    return Said(notification, str(SENTENCES[kind]) % {"what": what, "when": _when(notification.occasion)}, url)


def _rows(subjects: set[str]) -> dict[str, Any]:
    wanted: dict[str, list[uuid.UUID]] = {}
    for text in subjects:
        kind, _colon, pk = text.partition(":")
        if kind in SUBJECTS:
            wanted.setdefault(kind, []).append(uuid.UUID(pk))
    return {
        f"{kind}:{row.pk}": row
        for kind, pks in wanted.items()
        for row in apps.get_model(SUBJECTS[kind].model)
        ._default_manager.filter(pk__in=pks)
        .select_related(*SUBJECTS[kind].follow)
    }


def _when(occasion: str) -> str:
    day = parse_date(occasion) if len(occasion) == len("2025-06-01") else None
    if day is not None:
        return date_format(day, "DATE_FORMAT")
    moment: datetime | None = parse_datetime(occasion) if occasion else None
    return date_format(localtime(moment), "DATETIME_FORMAT") if moment else ""
