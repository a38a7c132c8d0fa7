"""In clear the API answers that it does not, and pages lead to HTTPS."""

import pytest
from django.test import Client
from pytest_django import Settings


@pytest.fixture
def stranger(settings: Settings) -> Client:
    settings.SECURE_SSL_REDIRECT = True
    return Client(headers={"Accept-Language": "en"})


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/api/v1/properties/", "/api/v1/device/heartbeat/", "/api/v1/nowhere/"])
def test_a_program_that_asks_in_clear_is_refused_and_not_redirected(stranger: Client, path: str) -> None:
    answer = stranger.post(path, data=b"{}", content_type="application/json")
    assert (answer.status_code, answer["Content-Type"]) == (403, "application/problem+json")
    assert answer.json()["code"] == "https_required" and "Location" not in answer
    assert stranger.post(path, data=b"{}", content_type="application/json", secure=True).status_code != 403


@pytest.mark.django_db
def test_a_browser_is_led_to_https(stranger: Client) -> None:
    answer = stranger.get("/accounts/login/")
    assert (answer.status_code, answer["Location"]) == (301, "https://testserver/accounts/login/")
