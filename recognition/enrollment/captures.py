"""Put a sealed photo down, take it up, throw it away."""

import uuid
from datetime import timedelta

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.engine.codes import FaceRejected
from recognition.engine.photos import sniff
from recognition.enrollment.models import Capture, Enrollment
from recognition.enrollment.sealing import open_photo, seal_photo


def require_photo(photo: bytes) -> None:
    """Refuse what cannot be a photo, by its header alone. Raises ValidationError on the field `photo`."""
    try:
        sniff(photo)
    except FaceRejected as rejected:
        reason = ValidationError(str(rejected.sentence), code=rejected.code.value)
        raise ValidationError({"photo": reason}) from rejected


def put(
    *, tenant_id: uuid.UUID, photo: bytes, enrollment: Enrollment | None = None, is_of_batch: bool = False
) -> Capture:
    """Seal a photo and leave it for the recognition worker: for ten minutes at the most, of a batch for two hours."""
    capture = Capture(id=uuid.uuid4(), tenant_id=tenant_id, enrollment=enrollment)
    capture.sealed = seal_photo(photo, tenant_id=tenant_id, capture_id=capture.pk)
    lifetime = settings.BATCH_LIFETIME_SECONDS if is_of_batch else settings.CAPTURE_LIFETIME_SECONDS
    capture.expires_at = timezone.now() + timedelta(seconds=lifetime)
    capture.save(force_insert=True)
    return capture


def take(*, capture: Capture) -> bytes:
    """Open a photo and delete its row in the caller's transaction. Recognition role only."""
    photo = open_photo(bytes(capture.sealed), tenant_id=capture.tenant_id, capture_id=capture.pk)
    capture.delete()
    return photo


def discard(*, enrollment_ids: list[uuid.UUID]) -> int:
    """Delete the photos of these enrolments unread."""
    return Capture.objects.filter(enrollment_id__in=enrollment_ids).delete()[0]
