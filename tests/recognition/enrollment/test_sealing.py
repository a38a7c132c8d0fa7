"""A photo on its way opens for the recognition worker, in its own row, and for nobody else."""

import base64
import uuid

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from django.core.exceptions import ImproperlyConfigured

from recognition.enrollment.sealing import CaptureUnreadable, open_photo, seal_photo
from tests.fakes import face_photo

TENANT, ROW = uuid.uuid4(), uuid.uuid4()


def test_the_worker_opens_what_the_web_process_sealed() -> None:
    photo = face_photo("li")
    sealed = seal_photo(photo, tenant_id=TENANT, capture_id=ROW)
    assert photo[:32] not in sealed
    assert open_photo(sealed, tenant_id=TENANT, capture_id=ROW) == photo


def test_the_web_process_cannot_open_what_it_sealed(settings: object) -> None:
    sealed = seal_photo(b"photo", tenant_id=TENANT, capture_id=ROW)
    settings.CAPTURE_KEY = None  # as every process but the recognition worker
    with pytest.raises(ImproperlyConfigured, match="Only the recognition worker"):
        open_photo(sealed, tenant_id=TENANT, capture_id=ROW)


def test_without_the_public_key_no_photo_is_taken_in(settings: object) -> None:
    settings.CAPTURE_PUBLIC_KEY = None
    with pytest.raises(ImproperlyConfigured, match="CAPTURE_PUBLIC_KEY"):
        seal_photo(b"photo", tenant_id=TENANT, capture_id=ROW)


@pytest.mark.parametrize(("tenant_id", "capture_id"), [(uuid.uuid4(), ROW), (TENANT, uuid.uuid4())])
def test_a_photo_that_was_moved_to_another_row_does_not_open(tenant_id: uuid.UUID, capture_id: uuid.UUID) -> None:
    sealed = seal_photo(b"photo", tenant_id=TENANT, capture_id=ROW)
    with pytest.raises(CaptureUnreadable):
        open_photo(sealed, tenant_id=tenant_id, capture_id=capture_id)


@pytest.mark.parametrize("sealed", [b"", b"x", b"\x00" * 200])
def test_garbage_does_not_open(sealed: bytes) -> None:
    with pytest.raises(CaptureUnreadable):
        open_photo(sealed, tenant_id=TENANT, capture_id=ROW)


def test_another_workers_key_does_not_open_it(settings: object) -> None:
    sealed = seal_photo(b"photo", tenant_id=TENANT, capture_id=ROW)
    settings.CAPTURE_KEY = base64.b64encode(X25519PrivateKey.generate().private_bytes_raw()).decode()
    with pytest.raises(CaptureUnreadable):
        open_photo(sealed, tenant_id=TENANT, capture_id=ROW)
