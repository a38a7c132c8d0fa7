"""What a member can be told of, who is told, and in which way unless they choose another one."""

from dataclasses import dataclass

from django.db import models
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.roles import Permission as P


class NotificationKind(models.TextChoices):
    """One kind of thing that a member may want to hear of. The sentence itself is made when somebody reads it."""

    REQUEST_RECEIVED = "request_received", _("A request arrives")
    REQUEST_DUE_SOON = "request_due_soon", _("A request is due soon")
    REQUEST_OVERDUE = "request_overdue", _("A request is overdue")
    COMPLAINT_RECEIVED = "complaint_received", _("A complaint arrives")
    COMPLAINT_WAITS = "complaint_waits", _("A complaint has waited for five working days")
    ALERT_HIGH = "alert_high", _("An alert of high severity")
    ALERT = "alert", _("Another alert")
    DEVICE_STOPPED = "device_stopped", _("A device is suspended by a rule")
    DEVICE_SILENT = "device_silent", _("A device is not heard from")
    DEVICE_BACK = "device_back", _("A device is heard from again")
    SIGN_ENDS = "sign_ends", _("The photo of a sign grows too old soon")
    SIGN_ASKED = "sign_asked", _("A colleague asks for a new photo of a sign")
    ASSESSMENT_STALE = "assessment_stale", _("The impact assessment is out of date")
    NOTICE_BEGINS = "notice_begins", _("A new notice takes effect soon")
    CONTRACT_ENDS = "contract_ends", _("The processing contract ends soon")
    HOLD_WAITS = "hold_waits", _("A legal hold waits for approval")
    LOSS_WAITS = "loss_waits", _("A lost device waits for a second member")
    MINOR_WAITS = "minor_waits", _("Somebody asks to open a minor's record")
    SIGNATURE_WAITS = "signature_waits", _("An impact assessment waits for a signature")
    REVIEW_DUE = "review_due", _("The review of access is due")
    JOB_DONE = "job_done", _("Long work of mine has ended")


class Way(models.TextChoices):
    """How a member hears of a kind. Each but `off` shows it in the page as well."""

    AT_ONCE = "at_once", _("In the page and by mail at once")
    DIGEST = "digest", _("In the page and in the daily mail")
    PAGE = "page", _("In the page only")
    OFF = "off", _("Not at all")


@dataclass(frozen=True)
class About:
    """The right without which a member is not told, the heading on the page of settings, and the first way."""

    permission: P
    group: str | Promise
    way: Way


_ASKED, _SAFE, _DEVICES = _("Requests and complaints"), _("Security"), _("Devices")
_ENDS, _WAITS = _("What ends or goes out of date"), _("What waits for a second member")

ABOUT: dict[NotificationKind, About] = {
    NotificationKind.REQUEST_RECEIVED: About(P.HANDLE_REQUESTS, _ASKED, Way.DIGEST),
    NotificationKind.REQUEST_DUE_SOON: About(P.HANDLE_REQUESTS, _ASKED, Way.DIGEST),
    NotificationKind.REQUEST_OVERDUE: About(P.HANDLE_REQUESTS, _ASKED, Way.DIGEST),
    NotificationKind.COMPLAINT_RECEIVED: About(P.HANDLE_REQUESTS, _ASKED, Way.DIGEST),
    NotificationKind.COMPLAINT_WAITS: About(P.HANDLE_REQUESTS, _ASKED, Way.AT_ONCE),
    NotificationKind.ALERT_HIGH: About(P.HANDLE_ALERTS, _SAFE, Way.AT_ONCE),
    NotificationKind.ALERT: About(P.HANDLE_ALERTS, _SAFE, Way.AT_ONCE),
    NotificationKind.DEVICE_STOPPED: About(P.MANAGE_PREMISES, _DEVICES, Way.AT_ONCE),
    NotificationKind.DEVICE_SILENT: About(P.MANAGE_PREMISES, _DEVICES, Way.DIGEST),
    NotificationKind.DEVICE_BACK: About(P.MANAGE_PREMISES, _DEVICES, Way.PAGE),
    NotificationKind.SIGN_ASKED: About(P.MANAGE_PREMISES, _DEVICES, Way.DIGEST),
    NotificationKind.SIGN_ENDS: About(P.MANAGE_PREMISES, _ENDS, Way.DIGEST),
    NotificationKind.ASSESSMENT_STALE: About(P.MANAGE_ASSESSMENTS, _ENDS, Way.AT_ONCE),
    NotificationKind.NOTICE_BEGINS: About(P.MANAGE_NOTICES, _ENDS, Way.DIGEST),
    NotificationKind.CONTRACT_ENDS: About(P.MANAGE_PROPERTY, _ENDS, Way.DIGEST),
    NotificationKind.HOLD_WAITS: About(P.MANAGE_RETENTION, _WAITS, Way.AT_ONCE),
    NotificationKind.LOSS_WAITS: About(P.MANAGE_RETENTION, _WAITS, Way.AT_ONCE),
    NotificationKind.MINOR_WAITS: About(P.APPROVE_MINORS, _WAITS, Way.AT_ONCE),
    NotificationKind.SIGNATURE_WAITS: About(P.SIGN_ASSESSMENTS, _WAITS, Way.DIGEST),
    NotificationKind.REVIEW_DUE: About(P.MANAGE_MEMBERS, _WAITS, Way.DIGEST),
    NotificationKind.JOB_DONE: About(P.VIEW_HOME, _("Long work"), Way.PAGE),
}


def kinds_for(granted: frozenset[P]) -> list[NotificationKind]:
    """Return of what a member with these rights is told."""
    return [kind for kind, about in ABOUT.items() if about.permission in granted]
