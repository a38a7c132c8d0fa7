"""A package that a member stops while it is built: nothing of it is kept, and it can be built once more."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.people.models import Person
from tenants.rights import package_jobs
from tenants.rights.kinds import PackageState
from tenants.rights.services import packages, replacing
from tests import factories
from tests.tenants.rights.package_steps import ask, build
from tests.tenants.rights.test_packages import fall_silent, open_with, plainly


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant)


def test_a_build_that_is_stopped_keeps_nothing_and_can_begin_again(tenant: Property, person: Person) -> None:
    package, code = ask(tenant, person)
    actor = factories.make_member(tenant, Role.MANAGER)

    def stop_meanwhile(contents: dict[str, Any], **how: Any) -> dict[str, bytes]:
        packages.stop(tenant=tenant, request=package.request, actor=actor)
        how["step"](50)
        raise AssertionError("the build goes on")

    build(package, renderer=stop_meanwhile)
    assert (package.state, package.progress, package.sealed) == (PackageState.STOPPED, 0, b"")
    fall_silent()
    assert package_jobs.sweep_packages() == 0
    with pytest.raises(ValidationError) as refused:
        packages.stop(tenant=tenant, request=package.request, actor=actor)
    assert refused.value.code == "not_under_way"
    replacing.build_again(tenant=tenant, request=package.request, actor=actor)
    assert build(package, renderer=plainly).state == PackageState.READY
    assert open_with(package, code)


def test_a_new_code_does_not_build_what_was_stopped(tenant: Property, person: Person) -> None:
    package, _code = ask(tenant, person)
    actor = factories.make_member(tenant, Role.MANAGER)
    packages.stop(tenant=tenant, request=package.request, actor=actor)
    replacing.replace_code(tenant=tenant, request=package.request, actor=actor)
    package.refresh_from_db()
    assert package.state == PackageState.STOPPED


def test_the_pace_so_far_says_what_is_left(tenant: Property, person: Person) -> None:
    package, _code = ask(tenant, person)
    assert package.minutes_left is None
    package.state, package.progress = PackageState.BUILDING, 25
    package.begun_at = timezone.now() - timedelta(minutes=1)
    assert package.minutes_left == 3
