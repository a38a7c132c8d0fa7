"""What happens only because time passes: a clock runs down, a terminal falls silent, a photo grows old.

Each turn may run twice and late: every occasion is told once, and what is over by then is not told any more.
"""

import logging
import uuid
from datetime import date, datetime, timedelta

from django.utils import timezone
from django.utils.dateparse import parse_datetime

from tenants.clearance.rules.devices import SIGN_LIFETIME
from tenants.organizations.models import Membership, Notification, Property
from tenants.organizations.news import NotificationKind as Kind
from tenants.organizations.roles import Permission, roles_with
from tenants.organizations.rules import is_review_near
from tenants.organizations.scoping import tenant_context
from tenants.organizations.services import notifications, reviews
from tenants.organizations.services.notifications import tell, tell_each
from tenants.premises.kinds import DeviceState, SuspensionReason
from tenants.premises.models import Device
from tenants.premises.rules.silence import heard_at, is_silent
from tenants.rights.kinds import ComplaintState
from tenants.rights.models import Complaint, RightsRequest
from tenants.rights.rules import OPEN_STATES, working_days_left
from tenants.transparency.models import Assessment, AssessmentState, Notice
from tenants.transparency.services.assessments import writers

logger = logging.getLogger(__name__)

SOON_WORKING_DAYS = 5
# Five working days are at most this many days apart: the week of a national holiday lies between.
SOON_DAYS = timedelta(days=21)
SOON = timedelta(days=30)
# A terminal that comes back after longer is no news of the silence any more.
SILENCE_REMEMBERED = timedelta(days=30)
BY_A_MEMBER = (SuspensionReason.MANUAL, SuspensionReason.LOST)


def watch() -> None:
    """Look at every property. One that fails does not keep the others waiting."""
    for tenant_id in Property.objects.order_by("pk").values_list("pk", flat=True):
        try:
            watch_property(tenant_id=tenant_id)
        except Exception:
            logger.exception("What is due in property %s could not be told.", tenant_id)


def watch_property(*, tenant_id: uuid.UUID, now: datetime | None = None) -> None:
    """Tell of one property what is due now, and forget what was read long ago."""
    now = now or timezone.now()
    today = timezone.localdate(now)
    with tenant_context(tenant_id):
        tenant = Property.objects.select_related("handler").get(pk=tenant_id)
        _requests(tenant, today)
        _complaints(tenant)
        _devices(tenant, today, now)
        _texts(tenant, today)
        _access(tenant, today)
        notifications.expire(tenant_id=tenant_id)


def _requests(tenant: Property, today: date) -> None:
    rows = RightsRequest.objects.filter(
        tenant=tenant, state__in=OPEN_STATES, paused_on=None, due_on__lte=today + SOON_DAYS
    )
    late, soon = [], []
    for request in rows.only("pk", "due_on").order_by("pk"):
        if request.due_on < today:
            late.append((request, request.due_on.isoformat()))
        elif working_days_left(today, request.due_on) <= SOON_WORKING_DAYS:
            soon.append((request, request.due_on.isoformat()))
    tell_each(tenant=tenant, kind=Kind.REQUEST_OVERDUE, about=late)
    tell_each(tenant=tenant, kind=Kind.REQUEST_DUE_SOON, about=soon)


def _complaints(tenant: Property) -> None:
    rows = Complaint.objects.filter(tenant=tenant, state=ComplaintState.RECEIVED, escalated_at__isnull=False)
    tell_each(tenant=tenant, kind=Kind.COMPLAINT_WAITS, about=[(row, "") for row in rows.only("pk").order_by("pk")])


def _devices(tenant: Property, today: date, now: datetime) -> None:
    silent_before = _silent_before(tenant, now)
    silent, back, signs = [], [], []
    rows = Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE).order_by("pk")
    for device in rows.only("pk", "last_seen_at", "pairing_used_at", "sign_photo_on"):
        heard = heard_at(last_seen_at=device.last_seen_at, paired_at=device.pairing_used_at)
        if heard is not None and is_silent(heard=heard, now=now):
            silent.append((device, heard.isoformat()))
        elif heard is not None:
            back += [(device, occasion) for occasion in silent_before.get(str(device.pk), ())]
        if device.sign_photo_on and today + SOON >= device.sign_photo_on + SIGN_LIFETIME >= today:
            signs.append((device, device.sign_photo_on.isoformat()))
    tell_each(tenant=tenant, kind=Kind.DEVICE_SILENT, about=silent)
    tell_each(tenant=tenant, kind=Kind.DEVICE_BACK, about=back)
    tell_each(tenant=tenant, kind=Kind.SIGN_ENDS, about=signs)
    # Who stops a device, or declares it lost, knows it.
    stopped = Device.objects.filter(tenant=tenant, state=DeviceState.SUSPENDED).exclude(suspended_for__in=BY_A_MEMBER)
    rows = stopped.only("pk", "state_changed_at").order_by("pk")
    about = [(device, device.state_changed_at.isoformat()) for device in rows]
    tell_each(tenant=tenant, kind=Kind.DEVICE_STOPPED, about=about)


def _silent_before(tenant: Property, now: datetime) -> dict[str, list[str]]:
    """Return the last silence of each device that members were told of and that nobody was told the end of."""
    told = Notification.objects.filter(tenant=tenant, created_at__gt=now - SILENCE_REMEMBERED).order_by()
    ended = set(told.filter(kind=Kind.DEVICE_BACK).values_list("subject", "occasion"))
    found: dict[str, list[str]] = {}
    for subject, occasion in set(told.filter(kind=Kind.DEVICE_SILENT).values_list("subject", "occasion")) - ended:
        if parse_datetime(occasion) is not None:
            found.setdefault(subject.partition(":")[2], []).append(occasion)
    return {pk: [max(occasions)] for pk, occasions in found.items()}


def _texts(tenant: Property, today: date) -> None:
    """The assessment, the notice, the contract."""
    signed = Assessment.objects.filter(tenant=tenant).current()
    if signed is not None and signed.stale_since is not None:
        occasion = signed.stale_since.isoformat()
        tell(tenant=tenant, kind=Kind.ASSESSMENT_STALE, subject=signed, occasion=occasion)
    draft = Assessment.objects.filter(tenant=tenant, state=AssessmentState.DRAFT).exclude(conclusion="").first()
    if draft is not None:
        may_sign = Membership.objects.filter(tenant=tenant, role__in=roles_with(Permission.SIGN_ASSESSMENTS))
        others = set(may_sign.values_list("user_id", flat=True)) - set(writers(draft))
        tell(tenant=tenant, kind=Kind.SIGNATURE_WAITS, subject=draft, only=others)
    for notice in Notice.objects.filter(tenant=tenant).waiting():
        tell(tenant=tenant, kind=Kind.NOTICE_BEGINS, subject=notice)
    ends_on = tenant.handler.contract_ends_on
    if ends_on is not None and today <= ends_on <= today + SOON:
        tell(tenant=tenant, kind=Kind.CONTRACT_ENDS, occasion=ends_on.isoformat())


def _access(tenant: Property, today: date) -> None:
    due_on = reviews.due_on(tenant)
    if is_review_near(due_on, today):
        tell(tenant=tenant, kind=Kind.REVIEW_DUE, occasion=due_on.isoformat())
