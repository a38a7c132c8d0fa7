"""Open and end enrolments. The gate is asked before a photo is taken in, and again before a template is kept."""

import uuid

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.enrollment import captures, reasons, tasks
from recognition.enrollment.models import OPEN_STATES, Enrollment, EnrollmentState
from tenants.clearance.services import require_enrollment
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.persons import move_face


@transaction.atomic
def submit_photo(
    *, tenant: Property, person: Person, photo: bytes, requested_by: User | None = None, is_sent: bool = True
) -> Enrollment:
    """Take in one photo of a person for enrolment, sealed for the recognition worker.

    Of a batch it is not sent by itself: the batch's own worker takes it up in its turn.
    Raises ValidationError: by field `photo` when the file itself cannot be used; with every blocker
    when the law or the person does not say yes; `on_device` where faces stay on the terminals (Art 8).
    """
    require_same_tenant(tenant, person)
    if tenant.storage_mode != StorageMode.PORTAL:
        raise ValidationError(
            _("Here faces are enrolled at the door's own device. No photo may be sent. Measures Art 8."),
            code="on_device",
        )
    captures.require_photo(photo)
    person = Person.objects.select_for_update().get(pk=person.pk)
    require_enrollment(person)
    cancel_open(person=person, reason=reasons.REPLACED)
    enrollment = Enrollment(tenant=tenant, person=person, requested_by=requested_by)
    enrollment.save()
    captures.put(tenant_id=tenant.pk, photo=photo, enrollment=enrollment, is_of_batch=not is_sent)
    if person.face_state == FaceState.CONSENTED:
        move_face(person=person, target=FaceState.CAPTURED)
    if is_sent:
        tasks.send_process(enrollment)
    return enrollment


def lock(enrollment_id: uuid.UUID) -> Enrollment | None:
    """Lock an enrolment, its person first: an erasure takes them in this order too, so nobody waits in a circle."""
    unlocked = Enrollment.objects.filter(pk=enrollment_id).values("person_id")
    if Person.objects.select_for_update().filter(pk__in=unlocked).first() is None:
        return None
    return Enrollment.objects.select_for_update(of=("self",)).get(pk=enrollment_id)


@transaction.atomic
def finish(*, enrollment: Enrollment, state: EnrollmentState, reason: str = "", model_version: str = "") -> Enrollment:
    """End an enrolment. A face that was only captured goes back to where it was before."""
    enrollment.state, enrollment.reason, enrollment.model_version = state, reason, model_version
    enrollment.progress, enrollment.finished_at = 100, timezone.now()
    enrollment.save()
    captures.discard(enrollment_ids=[enrollment.pk])
    person = Person.objects.select_for_update().get(pk=enrollment.person_id)
    if state != EnrollmentState.DONE and person.face_state == FaceState.CAPTURED:
        move_face(person=person, target=FaceState.CONSENTED)
    return enrollment


@transaction.atomic
def cancel_open(*, person: Person, reason: str = reasons.WITHDRAWN) -> int:
    """Cancel every open enrolment of a person and delete its photo unread."""
    Person.objects.select_for_update().get(pk=person.pk)
    rows = list(Enrollment.objects.select_for_update().filter(person=person, state__in=OPEN_STATES))
    for enrollment in rows:
        finish(enrollment=enrollment, state=EnrollmentState.CANCELLED, reason=reason)
    return len(rows)
