"""What the recognition worker does with a photo: open, look, seal, forget."""

import logging
import uuid

import numpy as np
from django.core.exceptions import ValidationError
from django.utils import timezone
from numpy.typing import NDArray

from recognition.engine import quality
from recognition.engine.codes import FaceRejected
from recognition.engine.protocol import FaceEngine
from recognition.engine.services import get_engine
from recognition.enrollment import captures, lookalikes, reasons
from recognition.enrollment.models import Capture, Enrollment, EnrollmentState, PhotoBatch
from recognition.enrollment.sealing import CaptureUnreadable
from recognition.enrollment.services import finish, lock
from recognition.vault import templates
from tenants.clearance import evidence
from tenants.clearance.services import require_enrollment
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face

logger = logging.getLogger(__name__)


def process(*, tenant_id: uuid.UUID, enrollment_id: uuid.UUID, engine: FaceEngine | None = None) -> None:
    """Turn one queued photo into one template, if the gate still says yes when it is ready.

    The photo leaves the database before it is looked at and lives in memory only. Delivered twice, the
    second time does nothing. A worker that dies in between leaves an enrolment that the sweep ends.
    """
    engine = engine or get_engine()
    try:
        photo, level = _take_up(tenant_id, enrollment_id)
    except CaptureUnreadable:
        return _fail(tenant_id, enrollment_id, reasons.INTERRUPTED)
    if photo is None:
        return None
    try:
        result = engine.represent(photo, limits=quality.limits(level))
    except FaceRejected as rejected:
        return _fail(tenant_id, enrollment_id, rejected.code.value)
    except Exception:
        # Whatever a library does with a strange photo, the worker lives and the person is told.
        logger.exception("Enrolment %s failed in the engine.", enrollment_id)
        return _fail(tenant_id, enrollment_id, reasons.INTERRUPTED)
    finally:
        del photo
    _keep(tenant_id, enrollment_id, result.embedding, engine)
    return None


def _keep(tenant_id: uuid.UUID, enrollment_id: uuid.UUID, embedding: NDArray[np.float32], engine: FaceEngine) -> None:
    with tenant_context(tenant_id):
        enrollment = lock(enrollment_id)
        if enrollment is None or enrollment.state != EnrollmentState.PROCESSING:
            return
        person = Person.objects.select_related("tenant__handler").get(pk=enrollment.person_id)
        try:
            checks = require_enrollment(person)
        except ValidationError:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.NOT_CLEARED)
            return
        resembled = lookalikes.find(person=person, embedding=embedding, engine=engine)
        version = engine.model_version
        try:
            templates.keep(person=person, embedding=embedding, model_version=version, threshold=engine.threshold)
        except templates.AnotherPerson:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.ANOTHER_PERSON)
            return
        person = move_face(person=person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
        evidence.keep(subject=person, checks=checks)
        if resembled is not None:
            enrollment.warning, enrollment.resembles_id = lookalikes.RESEMBLES_ANOTHER, resembled
        finish(enrollment=enrollment, state=EnrollmentState.DONE, model_version=version)


def process_next(*, tenant_id: uuid.UUID, batch_id: uuid.UUID, engine: FaceEngine | None = None) -> bool:
    """Do the photo of a batch that has waited longest; return whether there was one."""
    with tenant_context(tenant_id):
        PhotoBatch.objects.filter(pk=batch_id).update(worked_at=timezone.now())
        rows = Enrollment.objects.filter(batch_row__batch=batch_id, state=EnrollmentState.QUEUED)
        enrollment_id = rows.order_by("created_at", "pk").values_list("pk", flat=True).first()
    if enrollment_id is None:
        return False
    process(tenant_id=tenant_id, enrollment_id=enrollment_id, engine=engine)
    return True


def _take_up(tenant_id: uuid.UUID, enrollment_id: uuid.UUID) -> tuple[bytes | None, str]:
    """Return the photo, and how good the property wants it to be."""
    with tenant_context(tenant_id):
        enrollment = lock(enrollment_id)
        if enrollment is None or enrollment.state != EnrollmentState.QUEUED:
            return None, ""
        enrollment.state, enrollment.progress, enrollment.taken_at = EnrollmentState.PROCESSING, 40, timezone.now()
        enrollment.save()
        capture_id = Capture.objects.filter(enrollment=enrollment).values_list("pk", flat=True).first()
        photo = captures.take(tenant_id=tenant_id, capture_id=capture_id) if capture_id else None
        if photo is None:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reasons.INTERRUPTED)
            return None, ""
        return photo, enrollment.tenant.face_quality


def _fail(tenant_id: uuid.UUID, enrollment_id: uuid.UUID, reason: str) -> None:
    with tenant_context(tenant_id):
        enrollment = lock(enrollment_id)
        if enrollment is not None and enrollment.state in {EnrollmentState.QUEUED, EnrollmentState.PROCESSING}:
            finish(enrollment=enrollment, state=EnrollmentState.FAILED, reason=reason)
