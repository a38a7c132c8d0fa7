"""The access package: everything that is held about one person, and nothing about another."""

import json
from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.core.serializers.json import DjangoJSONEncoder
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import RequestKind
from tenants.rights.models import RightsRequest
from tenants.rights.services import packages, requests
from tests import factories
from tests.recognition.steps import enroll, knock


@pytest.fixture
def person(tenant: Property) -> Person:
    factories.make_lawful(tenant)
    person = factories.make_person(tenant, name="欧阳锦绣")
    factories.agree(factories.make_visit(tenant, person))
    enroll(tenant, person, "ouyang")
    device, _code = factories.make_active_device(tenant)
    knock(tenant, device, "ouyang", person)
    return Person.objects.get(pk=person.pk)


@pytest.fixture
def answered(tenant: Property, person: Person) -> RightsRequest:
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="欧阳锦绣", contact="1")
    requests.confirm(tenant=tenant, request=request, person=person)
    return requests.answer(tenant=tenant, request=request, text="请下载")


def test_a_package_asks_every_store_and_is_plain_json(person: Person, answered: RightsRequest) -> None:
    package = json.loads(json.dumps(packages.download(request=answered), cls=DjangoJSONEncoder))
    assert set(package["stores"]) == {store.name for store in stores.stores()}
    assert package["stores"]["identity"][0]["name"] == "欧阳锦绣"
    assert len(package["stores"]["evidence"]) == 2
    assert package["stores"]["events"][0]["is_allowed"] is True
    assert package["person"]["face_state"] == "enrolled"
    assert package["handler"]["name"] == person.tenant.handler.name


def test_a_package_holds_no_face_and_nobody_else(tenant: Property, person: Person, answered: RightsRequest) -> None:
    neighbour, _visit = factories.make_consented_person(tenant)
    enroll(tenant, neighbour, "wang")
    text = json.dumps(packages.download(request=answered), cls=DjangoJSONEncoder, ensure_ascii=False)
    assert "李阿姨" not in text
    assert str(neighbour.pk) not in text
    for word in ("embedding", "sealed", "wrapped", "token_hash", "code_hash"):
        assert word not in text


def test_downloads_are_counted(answered: RightsRequest) -> None:
    for _time in range(2):
        packages.download(request=answered)
    assert RightsRequest.objects.get(pk=answered.pk).downloads == 2


def test_a_package_is_over_when_its_time_is_over(answered: RightsRequest) -> None:
    answered.package_until = timezone.now() - timedelta(seconds=1)
    answered.save()
    with pytest.raises(ValidationError) as refused:
        packages.download(request=answered)
    assert refused.value.code == "no_package"


def test_a_request_that_is_not_answered_has_no_package(tenant: Property) -> None:
    request, _code = requests.receive(tenant=tenant, kind=RequestKind.ACCESS, name="李", contact="1")
    with pytest.raises(ValidationError) as refused:
        packages.download(request=request)
    assert refused.value.code == "no_package"
