"""Celery shells. The names are permanent."""

import uuid

from celery import shared_task


@shared_task(name="matching.match", ignore_result=False)
def match(tenant_id: str, capture_id: str, device_id: str, person_id: str | None) -> dict[str, object] | None:
    """Answer a door. The result holds no person: the terminal needs to know only whether to open."""
    from recognition.matching import jobs

    answer = jobs.match(
        tenant_id=uuid.UUID(tenant_id),
        capture_id=uuid.UUID(capture_id),
        device_id=uuid.UUID(device_id),
        person_id=uuid.UUID(person_id) if person_id else None,
    )
    return answer.as_dict() if answer else None
