"""Alerts for pages: in words, with whom and what they are about, and the last 90 days by day."""

import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.db.models import Case, Count, IntegerField, QuerySet, Value, When
from django.db.models.functions import TruncDate
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from portal.log_words.facts import FACTS, subject_said, value_said
from portal.log_words.said import Said
from portal.security.alerts.answers import REASONS
from portal.security.alerts.kinds import AlertState, Severity, StepKind
from portal.security.alerts.words import Words, words_of
from portal.security.models import Alert, AlertStep
from tenants.organizations.models import Membership, Property
from tenants.organizations.roles import Permission as P
from tenants.people.models import Person
from tenants.premises.models import Device

DAYS = 90
MOST_URGENT = 20
MOST_OF_A_CODE = 36  # an id
TONES = {Severity.HIGH: "stop", Severity.MEDIUM: "due", Severity.LOW: "info"}
_FIRST = [Severity.HIGH, Severity.MEDIUM, Severity.LOW]
_RANK = Case(
    *(When(state=AlertState.NEW, severity=severity, then=Value(place)) for place, severity in enumerate(_FIRST)),
    default=Value(len(_FIRST)),
    output_field=IntegerField(),
)


@dataclass(frozen=True)
class About:
    """Whom or what an alert is about, as far as the reader may know it, and the page of it; else its `code`."""

    text: str
    url: str = ""
    code: str = ""


@dataclass(frozen=True)
class Row:
    alert: Alert
    words: Words
    about: About
    tone: str


def alerts(tenant: Property) -> QuerySet[Alert]:
    """Return a property's alerts: the open ones first, the worst of them first; then the closed ones, newest first."""
    rows = Alert.objects.filter(tenant=tenant.pk).select_related("handled_by")
    return rows.order_by(_RANK, "-last_at", "pk")


def open_alerts(tenant: Property) -> dict[str, int]:
    """Count the open alerts by severity, the worst first. One query."""
    rows = Alert.objects.filter(tenant=tenant.pk, state=AlertState.NEW).values("severity").annotate(n=Count("pk"))
    found = {row["severity"]: row["n"] for row in rows}
    return {severity: found[severity] for severity in _FIRST if severity in found}


def urgent_alerts(tenant: Property) -> list[Row]:
    """Return the open alerts of high severity, the newest first."""
    high = alerts(tenant).filter(state=AlertState.NEW, severity=Severity.HIGH)
    return rows(tenant, high[:MOST_URGENT])


def rows(tenant: Property, found: Iterable[Alert]) -> list[Row]:
    """Put alerts into words. Three queries at most, whatever their number."""
    found = list(found)
    about = subjects(tenant, {alert.subject for alert in found})
    return [
        Row(alert, words_of(alert.rule), about[alert.subject], TONES.get(Severity(alert.severity), "info"))
        for alert in found
    ]


def subjects(tenant: Property, wanted: Iterable[str]) -> dict[str, About]:
    """Name each subject ("user:<id>", "device:<id>", …). What is not of this property stays an id."""
    said = {subject: _plain(subject_said(subject)) if subject else About("–") for subject in wanted}
    ids: dict[str, dict[uuid.UUID, str]] = {}
    for subject in said:
        kind, _colon, text = subject.partition(":")
        try:
            ids.setdefault(kind, {})[uuid.UUID(text)] = subject
        except ValueError:
            continue
    if "user" in ids and P.VIEW_MEMBERS in tenant.granted:
        for member in Membership.objects.filter(tenant=tenant, user_id__in=ids["user"]).select_related("user"):
            page = reverse("member_edit", args=[tenant.slug, member.pk]) if P.MANAGE_MEMBERS in tenant.granted else ""
            said[ids["user"][member.user_id]] = About(member.user.email, page)
    if "device" in ids:
        for device in Device.objects.filter(tenant=tenant, pk__in=ids["device"]):
            said[ids["device"][device.pk]] = About(device.name, reverse("device", args=[tenant.slug, device.pk]))
    if "person" in ids and P.VIEW_PEOPLE in tenant.granted:
        for person in Person.objects.filter(tenant=tenant, pk__in=ids["person"]):
            said[ids["person"][person.pk]] = About(person.code, reverse("person", args=[tenant.slug, person.pk]))
    return said


def _plain(said: Said) -> About:
    """What leads nowhere: its words, and the beginning of its id."""
    return About(said.words, code=said.code[:MOST_OF_A_CODE])


def steps(alert: Alert) -> list[dict[str, Any]]:
    """Return what was done about an alert, newest first, as items of `components/timeline.html`."""
    done = AlertStep.objects.filter(alert=alert).select_related("by").order_by("-at", "-pk")
    items = [{"at": step.at, "text": _sentence(step), "actor": step.by or _("the portal")} for step in done]
    return [*items, {"at": alert.first_at, "text": _("The rule rang."), "actor": ""}]


def locked_member(tenant: Property, alert: Alert) -> Membership | None:
    """Return the membership that this alert has ended and nobody has taken back."""
    kind, _colon, pk = alert.subject.partition(":")
    if kind != "user" or not alert.steps.filter(kind=StepKind.LOCKED).exists():
        return None
    return Membership.objects.filter(tenant=tenant, user_id=pk, is_active=False).select_related("user").first()


def _sentence(step: AlertStep) -> str:
    text = str(REASONS.get(step.text, step.text))
    return (
        _("%(step)s: %(text)s") % {"step": step.get_kind_display(), "text": text} if text else step.get_kind_display()
    )


def evidence(tenant: Property, alert: Alert) -> list[tuple[str, About]]:
    """Return the facts of an alert; an id among them leads to its page, for those who may open it."""
    named = {name: f"user:{value}" if name == "user" else str(value) for name, value in alert.facts.items()}
    known = subjects(tenant, {value for value in named.values() if ":" in value})
    return [
        (str(FACTS.get(name, name)), known.get(named[name]) or _plain(value_said(name, value)))
        for name, value in alert.facts.items()
    ]


def log_of(tenant: Property, alert: Alert) -> str:
    """Return the address of what the log says of those days about whoever did it, for those who may read the log."""
    if P.VIEW_AUDIT not in tenant.granted:
        return ""
    first, last = (timezone.localdate(moment).isoformat() for moment in (alert.first_at, alert.last_at))
    kind, _colon, pk = alert.subject.partition(":")
    who = f"&who={pk}" if kind == "user" else ""
    return f"{reverse('audit_reads', args=[tenant.slug])}?since={first}&until={last}{who}"


@dataclass(frozen=True)
class Bar:
    """A part of one day's column, in units of the drawing: a column is 10 wide, the drawing 100 high."""

    x: int
    y: float
    height: float
    tone: str


def timeline(tenant: Property, today: date) -> dict[str, Any]:
    """Return the last 90 days: days with alerts for the table, and the bars of the drawing. One query."""
    begins = today - timedelta(days=DAYS - 1)
    counted = (
        Alert.objects.filter(tenant=tenant.pk, first_at__date__gte=begins)
        .annotate(day=TruncDate("first_at"))
        .values("day", "severity")
        .order_by("day")
        .annotate(n=Count("pk"))
    )
    days: dict[date, dict[str, int]] = {}
    for row in counted:
        days.setdefault(row["day"], {})[row["severity"]] = row["n"]
    most = max((sum(day.values()) for day in days.values()), default=0)
    return {
        "begins": begins,
        "middle": begins + timedelta(days=DAYS // 2),
        "ends": today,
        "most": most,
        "width": DAYS * 10,
        "total": sum(sum(day.values()) for day in days.values()),
        "bars": [bar for day, counts in days.items() for bar in _bars((day - begins).days, counts, most)],
        "days": [
            (day, [(severity.label, counts.get(severity, 0)) for severity in _FIRST])
            for day, counts in reversed(days.items())
        ],
        "severities": [(severity.label, TONES[severity]) for severity in _FIRST],
    }


def _bars(column: int, counts: dict[str, int], most: int) -> list[Bar]:
    """Stack the severities of one day, the worst at the bottom."""
    bars, top = [], 100.0
    for severity in _FIRST:
        if counts.get(severity):
            height = 100.0 * counts[severity] / most
            top = max(top - height, 0.0)
            bars.append(Bar(column * 10, round(top, 2), round(height, 2), TONES[severity]))
    return bars
