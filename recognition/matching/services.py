"""Ask the recognition worker about a photo from a door, and wait for its answer."""

import uuid

from celery.exceptions import TimeoutError as CeleryTimeout
from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from kombu.exceptions import OperationalError
from redis.exceptions import RedisError

from recognition.engine import refusal
from recognition.enrollment import captures
from recognition.enrollment.models import Capture
from recognition.matching import answers, tasks
from recognition.matching.answers import Answer
from tenants.organizations.kinds import StorageMode
from tenants.organizations.scoping import tenant_context
from tenants.premises.models import Device

REFUSED_SECONDS = 1.0  # long enough for another worker that is well


def ask(*, device: Device, photo: bytes, person_id: uuid.UUID | None = None) -> Answer:
    """Match one photo: with a person id 1:1, without one 1:N. Waits at most MATCH_TIMEOUT_SECONDS.

    Must be called outside a transaction: the worker has to see the sealed photo. Raises ValidationError:
    by field `photo` (code of the file's fault) when the file cannot be a photo; `on_device` where faces
    stay on the terminals (Art 8). Without a worker, or with one that fails, the answer is `timeout`, not
    allowed, and the photo is deleted unread.
    """
    if device.tenant.storage_mode != StorageMode.PORTAL:
        raise ValidationError(
            _("Here faces are matched on the door's own device. No photo may be sent. Measures Art 8."),
            code="on_device",
        )
    captures.require_photo(photo)
    with tenant_context(device.tenant_id):
        capture = captures.put(tenant_id=device.tenant_id, photo=photo)
    try:
        result = tasks.match.apply_async(
            args=(str(device.tenant_id), str(capture.pk), str(device.pk), str(person_id) if person_id else None),
            expires=settings.MATCH_TIMEOUT_SECONDS,
        )
        # With a worker that refuses to start a door would wait in vain, and a web process has other doors to answer.
        patience = REFUSED_SECONDS if refusal.known() else settings.MATCH_TIMEOUT_SECONDS
        # `propagate=False` returns the worker's exception instead of raising it here.
        answer = result.get(timeout=patience, interval=0.02, propagate=False)
    except (CeleryTimeout, OperationalError, RedisError, RuntimeError):
        # Celery raises a bare RuntimeError when the result store stays unreachable.
        answer = None
    if not isinstance(answer, dict):
        with tenant_context(device.tenant_id):
            Capture.objects.filter(pk=capture.pk).delete()
        return Answer(allowed=False, rule=answers.TIMEOUT)
    return Answer(allowed=bool(answer["allowed"]), rule=str(answer["rule"]), event=str(answer["event"]))
