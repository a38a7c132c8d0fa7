"""After a change of the model: older templates work through the engine that made them, never across."""

import numpy as np
import pytest
from numpy.typing import NDArray
from pytest_django import Settings

from recognition.matching import answers
from recognition.vault.models import FaceTemplate
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.premises.kinds import DeviceMode
from tenants.premises.models import Device
from tests import factories
from tests.fakes import FakeEngine
from tests.recognition.steps import enroll, knock
from tests.roles import database_role


class NewEngine(FakeEngine):
    """The same faces in another space: what one engine calls similar means nothing to the other."""

    model_version = "fake-2"

    def _direction(self, name: bytes) -> NDArray[np.float32]:
        return super()._direction(b"new " + name)


@pytest.fixture
def person(tenant: Property) -> Person:
    person, _visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "li")
    return person


@pytest.fixture(params=[DeviceMode.VERIFY, DeviceMode.IDENTIFY])
def device(request: pytest.FixtureRequest, tenant: Property, person: Person) -> Device:
    return factories.make_active_device(tenant, mode=request.param)[0]


def changed(settings: Settings, *, keeps_previous: bool) -> None:
    settings.FACE_ENGINE = f"{__name__}.NewEngine"
    settings.FACE_ENGINE_PREVIOUS = "tests.fakes.FakeEngine" if keeps_previous else ""


def ask(tenant: Property, device: Device, who: str, person: Person) -> str:
    return knock(tenant, device, who, person if device.mode == DeviceMode.VERIFY else None).rule


def test_an_older_template_opens_through_the_previous_engine_only(
    tenant: Property, device: Device, person: Person, settings: Settings
) -> None:
    changed(settings, keeps_previous=False)
    shut = answers.NOT_ENROLLED if device.mode == DeviceMode.VERIFY else answers.NO_MATCH
    assert ask(tenant, device, "li", person) == shut
    changed(settings, keeps_previous=True)
    assert ask(tenant, device, "li/2", person) == answers.MATCHED
    assert ask(tenant, device, "wang", person) == answers.NO_MATCH


def test_who_enrols_again_is_known_to_the_new_engine_and_no_more_to_the_old(
    tenant: Property, device: Device, person: Person, settings: Settings
) -> None:
    changed(settings, keeps_previous=True)
    enroll(tenant, person, "li")
    with database_role("recognition"):
        assert [row.model_version for row in FaceTemplate.objects.all()] == ["fake-2"]
    changed(settings, keeps_previous=False)
    assert ask(tenant, device, "li", person) == answers.MATCHED


def test_new_and_old_faces_open_side_by_side(
    tenant: Property, device: Device, person: Person, settings: Settings
) -> None:
    changed(settings, keeps_previous=True)
    wang, _visit = factories.make_consented_person(tenant)
    enroll(tenant, wang, "wang")
    assert ask(tenant, device, "wang", wang) == ask(tenant, device, "li", person) == answers.MATCHED
