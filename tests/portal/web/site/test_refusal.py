"""A recognition worker that refuses to start is said where people look, and passes do not notice it."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client

from recognition.engine import cards, refusal, services
from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property

At = Callable[..., str]

FILE = cards.SFACE.files[0].name
SENTENCE = f"the model file {FILE} is missing. Cards and PINs work."


@pytest.fixture
def refused(tenant: Property, settings: Any, tmp_path: Path) -> Iterator[None]:
    settings.FACE_ENGINE, settings.DEEPFACE_HOME = services.DEFAULT_ENGINE, tmp_path
    settings.FACE_MODEL, settings.FACE_MODEL_SHA256 = "SFace", {FILE: "0" * 64}
    with pytest.raises(SystemExit):
        refusal.require_models()
    yield
    cache.clear()


def shown(client: Client, address: str) -> str:
    return client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()


@pytest.mark.usefixtures("refused")
def test_today_and_readiness_say_that_no_face_is_checked(client: Client, at: At) -> None:
    assert SENTENCE in shown(client, at("readiness"))
    todo = client.get(at("today"), HTTP_ACCEPT_LANGUAGE="en").context["todo"]
    assert SENTENCE in todo[0]["detail"]
    assert todo[0]["tone"] == "stop"


@pytest.mark.usefixtures("refused")
def test_where_terminals_look_at_faces_themselves_nothing_is_said(client: Client, tenant: Property, at: At) -> None:
    update_property(tenant=tenant, storage_mode="on_device")
    assert FILE not in shown(client, at("readiness")) + shown(client, at("today"))


def test_nothing_is_said_while_the_models_are_in_order(client: Client, at: At) -> None:
    assert "Faces cannot be checked" not in shown(client, at("readiness")) + shown(client, at("today"))
