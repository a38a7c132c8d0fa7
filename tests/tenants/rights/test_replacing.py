"""A lost tracking code is replaced and a failed package built anew; the old code then opens nothing."""

import pytest
from django.core.exceptions import ValidationError

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.people.models import Person
from tenants.rights import package_jobs
from tenants.rights.kinds import ErasureReason, ErasureScope, IdentityProof, PackageState
from tenants.rights.models import Package, RightsRequest
from tenants.rights.services import packages, replacing, requests
from tenants.rights.services.erasures import order_erasure
from tests import factories
from tests.tenants.rights.asking import confirmed, fresh, receive, told
from tests.tenants.rights.package_steps import ask, build, unpack


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def replace(tenant: Property, request: RightsRequest, actor: User) -> str:
    return replacing.replace_code(tenant=tenant, request=request, actor=actor)[1]


def test_the_new_code_opens_the_request_and_the_old_one_nothing(tenant: Property, owner: User) -> None:
    request = confirmed(tenant)
    code = replace(tenant, request, owner)
    assert requests.find_by_code(tenant=tenant, code=code) == request
    again = replace(tenant, request, owner)
    with pytest.raises(RightsRequest.DoesNotExist):
        requests.find_by_code(tenant=tenant, code=code)
    assert requests.find_by_code(tenant=tenant, code=again) == request
    message = request.messages.filter(template="new_code").first()
    assert message and message.author == owner and request.number in told(request)[-1]


@pytest.mark.parametrize("state", [PackageState.READY, PackageState.WAITING, PackageState.FAILED])
def test_the_package_is_erased_and_built_anew_for_the_new_code(
    tenant: Property, person: Person, owner: User, state: PackageState
) -> None:
    package, old = ask(tenant, person)
    if state == PackageState.READY:
        build(package)
    else:
        Package.objects.update(state=state)
    sealed = bytes(Package.objects.get().sealed)
    code = replace(tenant, package.request, owner)
    package.refresh_from_db()
    assert (package.state, bytes(package.sealed)) == (PackageState.WAITING, b"")
    build(package)
    assert bytes(package.sealed) not in (b"", sealed)
    request = fresh(package.request)
    with pytest.raises(ValidationError) as refused:
        packages.open_package(request=request, code=old)
    assert refused.value.code == "wrong_code"
    assert unpack(packages.open_package(request=request, code=code))


def test_a_build_for_the_old_code_keeps_nothing(tenant: Property, person: Person, owner: User) -> None:
    """A worker was writing while the desk gave out the new code."""
    package, old = ask(tenant, person)
    codes = []

    def meanwhile(contents: dict, **_how: object) -> dict[str, bytes]:
        codes.append(replace(tenant, package.request, owner))
        return {"old.txt": b""}

    package_jobs.build(tenant_id=tenant.pk, package_id=package.pk, renderer=meanwhile)
    build(package)
    opened = packages.open_package(request=fresh(package.request), code=codes[0])
    assert "old.txt" not in unpack(opened)
    with pytest.raises(ValidationError):
        packages.open_package(request=fresh(package.request), code=old)


def test_a_package_whose_time_is_over_stays_gone(tenant: Property, person: Person, owner: User) -> None:
    package, _old = ask(tenant, person)
    packages.erase(build(package))
    replace(tenant, package.request, owner)
    package.refresh_from_db()
    assert package.state == PackageState.ERASED


@pytest.mark.parametrize("proof", ["", IdentityProof.LINK])
def test_no_code_without_a_proof_of_who_asks(tenant: Property, person: Person, owner: User, proof: str) -> None:
    request = receive(tenant)
    if proof:
        RightsRequest.objects.filter(pk=request.pk).update(identity_by=proof, person=person)
    with pytest.raises(ValidationError) as refused:
        replace(tenant, request, owner)
    assert refused.value.code == "not_proved"


def test_nobody_from_outside_and_nobody_of_an_erased_record(tenant: Property, owner: User) -> None:
    request = confirmed(tenant)
    stranger = factories.make_member(factories.make_property())
    enter_tenant(tenant.pk)
    with pytest.raises(ValidationError):
        replace(tenant, request, stranger)
    order_erasure(tenant=tenant, person=request.person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    with pytest.raises(ValidationError) as refused:
        replace(tenant, request, owner)
    assert refused.value.code == "erased"


def test_a_failed_package_is_built_once_more_and_no_other(tenant: Property, person: Person, owner: User) -> None:
    package, code = ask(tenant, person)
    with pytest.raises(ValidationError) as refused:
        replacing.build_again(tenant=tenant, request=package.request, actor=owner)
    assert refused.value.code == "not_failed"
    Package.objects.update(state=PackageState.FAILED, tries=package_jobs.MAX_TRIES)
    replacing.build_again(tenant=tenant, request=package.request, actor=owner)
    assert build(package).state == PackageState.READY
    assert packages.open_package(request=fresh(package.request), code=code)


def test_a_failed_package_of_an_erased_record_is_not(tenant: Property, person: Person, owner: User) -> None:
    package, _code = ask(tenant, person)
    Package.objects.update(state=PackageState.FAILED)
    order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
    with pytest.raises(ValidationError) as refused:
        replacing.build_again(tenant=tenant, request=package.request, actor=owner)
    assert refused.value.code == "erased"
