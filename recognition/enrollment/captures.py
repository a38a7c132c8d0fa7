"""Put a sealed photo down, take it up, throw it away."""

import uuid
from datetime import timedelta
from typing import Any, LiteralString

import psycopg
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection
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
    _binary(
        "INSERT INTO enrollment_capture (id, tenant_id, enrollment_id, sealed, expires_at) VALUES (%s, %s, %s, %s, %s)",
        [capture.pk, tenant_id, enrollment.pk if enrollment else None, capture.sealed, capture.expires_at],
    )
    return capture


def take(*, tenant_id: uuid.UUID, capture_id: uuid.UUID) -> bytes | None:
    """Open a photo and delete its row in the caller's transaction; None when it is gone. Recognition role only.

    Raises CaptureUnreadable; then the row goes back with the transaction.
    """
    gone = _binary(
        "DELETE FROM enrollment_capture WHERE id = %s AND tenant_id = %s RETURNING sealed", [capture_id, tenant_id]
    )
    return open_photo(gone[0][0], tenant_id=tenant_id, capture_id=capture_id) if gone else None


def _binary(statement: LiteralString, values: list[Any]) -> list[Any]:
    """Run a statement whose photo travels as it is.

    Django's own cursor writes bytes as hexadecimal text into the statement: twice the size, and a third of the time
    that a door waits for anything but the engine.
    """
    connection.ensure_connection()
    with connection.wrap_database_errors, psycopg.Cursor(connection.connection) as cursor:
        cursor.execute(statement, values, binary=True)
        return cursor.fetchall() if cursor.description else []


def discard(*, enrollment_ids: list[uuid.UUID]) -> int:
    """Delete the photos of these enrolments unread."""
    return Capture.objects.filter(enrollment_id__in=enrollment_ids).delete()[0]
