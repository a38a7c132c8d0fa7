"""Signing in as in production: with a second factor, and asked again before what is sensitive."""

import pytest
from pytest_django import Settings


@pytest.fixture(autouse=True)
def _as_in_production(settings: Settings) -> None:
    settings.MFA_REQUIRED = settings.ACCOUNT_REAUTHENTICATION_REQUIRED = True
    settings.MFA_TOTP_TOLERANCE = 1  # a code that is shown at the end of its half minute arrives in the next one
