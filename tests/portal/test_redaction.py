"""A personal link or a tracking code in an address does not reach the log."""

import logging

import pytest
from django.conf import settings

from portal.redaction import RedactSecrets


@pytest.mark.parametrize(
    "path",
    [
        "/p/palm-bay/me/SECRET-1/consent/recognition/",
        "/p/palm-bay/register/SECRET-1/",
        "/p/palm-bay/requests/SECRET-1/",
        "/p/palm-bay/requests/SECRET-1/package/",
        "/p/palm-bay/complaints/SECRET-1/sent/",
        "/api/v1/public/palm-bay/requests/SECRET-1/package/",
    ],
)
def test_the_secret_of_an_address_is_not_logged(path: str) -> None:
    record = logging.LogRecord("django.request", logging.WARNING, "", 0, "Forbidden: %s", (path,), None)
    assert RedactSecrets().filter(record)
    assert "SECRET-1" not in record.getMessage() and "palm-bay" in record.getMessage()


def test_the_console_redacts() -> None:
    assert settings.LOGGING["handlers"]["console"]["filters"] == ["secrets"]
