"""End what was left behind: photos nobody took up, work that was interrupted. Runs as the web role."""

import uuid
from datetime import datetime, timedelta

from django.conf import settings
from django.utils import timezone

from recognition.enrollment import reasons
from recognition.enrollment.models import OPEN_STATES, Capture, Enrollment, EnrollmentState
from recognition.enrollment.services import finish
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context


def give_up(*, tenant_id: uuid.UUID, enrollment_id: uuid.UUID) -> None:
    """Fail an enrolment that could not be handed over."""
    with tenant_context(tenant_id):
        enrollment = Enrollment.objects.select_for_update().get(pk=enrollment_id)
        if enrollment.state in OPEN_STATES:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.QUEUE_DOWN)


def expire_if_late(*, enrollment: Enrollment) -> Enrollment:
    """Fail one open enrolment that is past its time; for pages that look at it before the sweep does."""
    if enrollment.state not in OPEN_STATES or enrollment.created_at > _limit():
        return enrollment
    reason = reasons.TOO_LATE if enrollment.state == EnrollmentState.QUEUED else reasons.INTERRUPTED
    return finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reason)


def sweep_captures() -> int:
    """Fail every enrolment past its time and delete every photo past its time; return how many photos went."""
    return sum(_sweep(tenant.pk) for tenant in Property.objects.order_by("pk"))


def _sweep(tenant_id: uuid.UUID) -> int:
    with tenant_context(tenant_id):
        late = Enrollment.objects.filter(tenant_id=tenant_id, state__in=OPEN_STATES, created_at__lt=_limit())
        for enrollment in late.select_for_update(skip_locked=True):
            expire_if_late(enrollment=enrollment)
        return Capture.objects.filter(tenant_id=tenant_id, expires_at__lt=timezone.now()).delete()[0]


def _limit() -> datetime:
    return timezone.now() - timedelta(seconds=settings.CAPTURE_LIFETIME_SECONDS)
