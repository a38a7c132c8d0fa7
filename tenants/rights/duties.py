"""The duties that the gate does not ask for: people are answered in time, and what was ordered gone is gone."""

from collections.abc import Callable

from django.db.models import Count, Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from tenants.clearance import duties as gate
from tenants.clearance.checks import Mend
from tenants.clearance.duties import Duty, Group, Judged, Status
from tenants.clearance.rules.persons import minors_rules_are_published
from tenants.organizations.models import Property
from tenants.organizations.services import reviews
from tenants.rights.kinds import ComplaintState
from tenants.rights.ledger_duty import ledger_is_whole
from tenants.rights.models import Complaint, Erasure, RightsRequest
from tenants.rights.rules import OPEN_STATES
from tenants.transparency.models import AssessmentTrack, Notice
from tenants.transparency.rules.assessments import is_small
from tenants.transparency.services.assessments import current


def readiness(tenant: Property, *, count_people: Callable[[], int], judged: Judged | None = None) -> list[Duty]:
    """Return every duty of a property, the gate's and people's rights. Ten queries at most, whatever the size.

    `count_people` says how many people of any kind the handler has; it is asked where that decides something.
    """
    own = [_requests(tenant), _complaints(tenant), _erasures(tenant), ledger_is_whole()]
    some = [*_minors(tenant), *_small_form(tenant, count_people)]
    return [*gate.duties(tenant, judged=judged), _access(tenant), *some, *own]


def _access(tenant: Property) -> Duty:
    """Who may see whom is looked at each quarter: access is limited to what work needs (PIPL 51)."""
    due = reviews.due_on(tenant)
    is_late = due < timezone.localdate()
    return Duty(
        code="access_not_reviewed",
        group=Group.COMPANY,
        status=Status.DUE if is_late else Status.MET,
        title=_("The review of who has access is overdue") if is_late else _("Who has access is reviewed each quarter"),
        detail=_("An owner looks at each member once a quarter: keep, another role, or remove."),
        article="PIPL 51",
        evidence=_("due on %(date)s") % {"date": date_format(due, "DATE_FORMAT")},
        mend=Mend.MEMBERS,
        broken=int(is_late),
        total=1,
    )


def _minors(tenant: Property) -> list[Duty]:
    """Where children may use their face, the notice has rules for them (Measures Art 7; NDSMR 21)."""
    if not tenant.allows_under_14:
        return []
    rule, notice = minors_rules_are_published, Notice.objects.filter(tenant=tenant).current()
    holds = notice is not None and notice.allows_under_14
    duty = Duty(
        code=rule.code,
        group=Group.NOTICE,
        status=Status.MET if holds else Status.DUE,
        title=rule.holds if holds else rule.broken,
        detail=rule.detail,
        article=rule.article,
        evidence=_("Version %(version)s") % {"version": notice.version} if notice else "",
        mend=rule.mend,
        broken=int(not holds),
        total=1,
    )
    return [duty]


def _small_form(tenant: Property, count_people: Callable[[], int]) -> list[Duty]:
    """Whoever signed the form for small handlers and grew needs the full one (Order No. 25)."""
    assessment = current(tenant)
    if assessment is None or assessment.track != AssessmentTrack.SMALL:
        return []
    people = count_people()
    duty = Duty(
        code="not_small",
        group=Group.ASSESSMENT,
        status=Status.MET if is_small(people) else Status.DUE,
        title=_("The form for small handlers may be used")
        if is_small(people)
        else _("The company is too large for the form for small handlers"),
        detail=_("From 100,000 people of any kind the full form is required. Write the next version in it and sign."),
        article="Order 25",
        evidence=_("%(people)s people") % {"people": f"{people:,}"},
        mend=Mend.ASSESSMENT,
        broken=int(not is_small(people)),
        total=1,
    )
    return [duty]


def _requests(tenant: Property) -> Duty:
    found = RightsRequest.objects.filter(tenant=tenant, state__in=OPEN_STATES).aggregate(
        total=Count("pk"), broken=Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    )
    return Duty(
        code="requests_overdue",
        group=Group.PEOPLE,
        status=Status.DUE if found["broken"] else Status.MET,
        title=_("Requests are overdue") if found["broken"] else _("Requests are answered in time"),
        detail=_("People are answered within fifteen working days."),
        article="PIPL 50",
        evidence=_("%(open)s open, %(overdue)s overdue") % {"open": found["total"], "overdue": found["broken"]},
        mend=Mend.REQUESTS,
        broken=found["broken"],
        total=found["total"],
    )


def _complaints(tenant: Property) -> Duty:
    """Whoever complains gets an answer in time (NDSMR 20; PIPL 50)."""
    found = Complaint.objects.filter(tenant=tenant, state=ComplaintState.RECEIVED).aggregate(
        total=Count("pk"), broken=Count("pk", filter=Q(due_on__lt=timezone.localdate()))
    )
    return Duty(
        code="complaints_overdue",
        group=Group.PEOPLE,
        status=Status.DUE if found["broken"] else Status.MET,
        title=_("Complaints are overdue") if found["broken"] else _("Complaints are answered in time"),
        detail=_("Whoever complains is answered within fifteen working days, with the address of the authority."),
        article="NDSMR 20",
        evidence=_("%(open)s open, %(overdue)s overdue") % {"open": found["total"], "overdue": found["broken"]},
        mend=Mend.COMPLAINTS,
        broken=found["broken"],
        total=found["total"],
    )


def _erasures(tenant: Property) -> Duty:
    found = Erasure.objects.filter(tenant=tenant).aggregate(
        total=Count("pk"), broken=Count("pk", filter=Q(completed_at__isnull=True))
    )
    return Duty(
        code="erasures_waiting",
        group=Group.PEOPLE,
        status=Status.DUE if found["broken"] else Status.MET,
        title=_("Erasures wait for receipts") if found["broken"] else _("Erasures are complete"),
        detail=_(
            "No connected door opens to the face since the order; it is gone everywhere when the last receipt is in."
        ),
        article="PIPL 47",
        evidence=_("%(done)s of %(total)s complete")
        % {"done": found["total"] - found["broken"], "total": found["total"]},
        mend=Mend.ERASURES,
        broken=found["broken"],
        total=found["total"],
    )
