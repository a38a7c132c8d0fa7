"""Packages: built once, sealed to the tracking code, counted, and gone in the end, whatever happens in between."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import connection
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import package_jobs, stores
from tenants.rights.kinds import ErasureReason, ErasureScope, PackageKind, PackageState, RequestState
from tenants.rights.models import Package, RightsRequest
from tenants.rights.services import packages
from tenants.rights.services.erasures import order_erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.tenants.rights.package_steps import ask, build, unpack

CANARY = "欧阳锦绣"


@pytest.fixture
def person(tenant: Property) -> Person:
    return factories.make_person(tenant, name=CANARY)


def plainly(contents: dict[str, Any], **_how: Any) -> dict[str, bytes]:
    """Files without a page: these tests are about what becomes of them."""
    return {"package.json": str(contents["stores"]["identity"]).encode()}


def open_with(package: Package, code: str) -> bytes:
    return packages.open_package(request=RightsRequest.objects.get(pk=package.request_id), code=code)


def fall_silent() -> None:
    """As if the worker had given no sign of life for an hour."""
    Package.objects.update(touched_at=timezone.now() - timedelta(hours=1))


class TestSealed:
    def test_the_row_opens_with_the_code_and_holds_nothing_in_clear(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        assert (package.state, package.progress) == (PackageState.READY, 100)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT sealed, p::text || r::text FROM rights_package p JOIN rights_rightsrequest r ON true"
            )
            sealed, row = cursor.fetchone()
        assert CANARY in unpack(open_with(package, code))["package.json"].decode()
        assert CANARY.encode() not in bytes(sealed) and CANARY not in row
        assert code.replace("-", "") not in row, "the code itself is kept nowhere"

    def test_another_code_opens_nothing_and_counts_nothing(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        build(package, renderer=plainly)
        with pytest.raises(ValidationError) as refused:
            open_with(package, "0000-0000-0000-0000")
        assert refused.value.code == "wrong_code"
        package.refresh_from_db()
        assert package.downloads == 0

    def test_a_package_put_under_another_request_opens_with_neither_code(self, tenant: Property) -> None:
        (mine, code), (theirs, their_code) = (ask(tenant, factories.make_person(tenant)) for _time in range(2))
        build(mine, renderer=plainly)
        build(theirs, renderer=plainly)
        Package.objects.filter(pk=theirs.pk).update(sealed=mine.sealed)
        for typed in (code, their_code):
            with pytest.raises(ValidationError):
                open_with(theirs, typed)

    def test_downloads_are_counted(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        assert open_with(package, code) == open_with(package, code.lower())
        package.refresh_from_db()
        assert package.downloads == 2

    def test_the_database_refuses_data_in_a_package_that_is_not_ready(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        package.sealed = b"x"
        with pytest.raises(ValidationError) as refused:
            package.full_clean()
        assert "Only a package" in str(refused.value) or "只有" in str(refused.value)

    def test_from_the_order_of_an_erasure_on_nothing_opens_it(self, tenant: Property, person: Person) -> None:
        """Whether or not the sweep was here: it may be hours behind."""
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        assert packages.is_open(package)
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
        package.refresh_from_db()
        assert package.state == PackageState.READY and not packages.is_open(package)
        with pytest.raises(ValidationError) as refused:
            open_with(package, code)
        assert refused.value.code == "erased"
        package.refresh_from_db()
        assert package.downloads == 0

    def test_an_erased_face_alone_takes_no_package(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.FACE)
        assert open_with(package, code)


class TestOrdering:
    def test_nobody_gets_a_package_before_it_is_known_who_asks(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        package.request.person = None
        with pytest.raises(ValidationError) as refused:
            packages.order(request=package.request, kind=PackageKind.ACCESS)
        assert refused.value.code == "not_proved"

    def test_of_an_erased_person_nothing_is_left_to_hand_out(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        package.request.person.erased_at = timezone.now()
        with pytest.raises(ValidationError) as refused:
            packages.order(request=package.request, kind=PackageKind.ACCESS)
        assert refused.value.code == "erased"

    def test_ordered_again_it_is_built_again_in_the_same_row(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        open_with(package, code)
        again = packages.order(request=package.request, kind=PackageKind.TRANSFER)
        assert (again.pk, again.state, again.downloads, again.sealed) == (package.pk, PackageState.WAITING, 0, b"")
        with pytest.raises(ValidationError):
            open_with(package, code)
        assert build(package, renderer=plainly).state == PackageState.READY


class TestKilled:
    """A worker that dies leaves a row that says it is being built; whoever comes next takes it over."""

    def test_what_was_begun_is_built_by_the_next_and_only_once(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)

        class Killed(BaseException):
            pass

        def die(*_args: Any, **_how: Any) -> dict[str, bytes]:
            raise Killed

        with pytest.raises(Killed):
            build(package, renderer=die)
        package.refresh_from_db()
        assert (package.state, package.sealed) == (PackageState.BUILDING, b"")
        assert build(package, renderer=plainly).state == PackageState.BUILDING, "it may still live"
        fall_silent()
        assert build(package, renderer=plainly).state == PackageState.READY
        first = (package.sealed, package.built_at)
        build(package, renderer=plainly)
        assert (package.sealed, package.built_at) == first, "a message that comes twice builds nothing twice"
        assert open_with(package, code) and Package.objects.count() == 1

    @pytest.mark.parametrize("state", [PackageState.WAITING, PackageState.BUILDING])
    def test_the_sweep_sends_what_is_silent_and_nothing_else(
        self, tenant: Property, person: Person, state: PackageState, django_capture_on_commit_callbacks: Any
    ) -> None:
        ask(tenant, person)
        assert package_jobs.sweep_packages() == 0
        Package.objects.update(state=state)
        fall_silent()
        with django_capture_on_commit_callbacks() as sent:
            assert package_jobs.sweep_packages() == 1
        assert len(sent) == 1

    def test_an_overtaken_worker_keeps_nothing(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)

        def slowly(contents: dict[str, Any], **how: Any) -> dict[str, bytes]:
            fall_silent()
            build(package, renderer=plainly)  # the second worker, meanwhile
            how["step"](50)
            return {"slow.txt": b""}

        build(package, renderer=slowly)
        assert "package.json" in unpack(open_with(package, code))

    def test_a_build_that_fails_is_tried_again_and_given_up_in_the_end(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)

        def fail(*_args: Any, **_how: Any) -> dict[str, bytes]:
            raise ValueError(CANARY)

        for _try in range(package_jobs.MAX_TRIES):
            assert build(package, renderer=fail).state == PackageState.WAITING
        assert build(package, renderer=plainly).state == PackageState.FAILED

    def test_no_log_quotes_what_was_being_written(
        self, tenant: Property, person: Person, caplog: pytest.LogCaptureFixture
    ) -> None:
        def fail(*_args: Any, **_how: Any) -> dict[str, bytes]:
            raise ValueError(CANARY)

        build(ask(tenant, person)[0], renderer=fail)
        assert "ValueError" in caplog.text and CANARY not in caplog.text

    def test_a_request_without_a_key_is_not_built(self, tenant: Property, person: Person) -> None:
        """Requests from before packages were sealed: nothing is ever stored in clear instead."""
        package, _code = ask(tenant, person)
        RightsRequest.objects.update(seal_key=b"")
        assert build(package, renderer=plainly).state == PackageState.FAILED


class TestMeanwhile:
    """What the person does while a package is being written decides what becomes of it."""

    def test_an_erasure_during_the_build_ends_it(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)

        def erase_meanwhile(contents: dict[str, Any], **how: Any) -> dict[str, bytes]:
            order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
            return plainly(contents)

        build(package, renderer=erase_meanwhile)
        assert (package.state, package.sealed) == (PackageState.ERASED, b"")

    def test_the_store_ends_a_build_under_way(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)

        def empty_meanwhile(contents: dict[str, Any], **how: Any) -> dict[str, bytes]:
            store = next(store for store in stores.stores() if store.name == "packages")
            assert (store.count(person), store.erase(person), store.count(person)) == (1, 1, 0)
            how["step"](50)
            raise AssertionError("the build goes on")

        build(package, renderer=empty_meanwhile)
        assert (package.state, package.sealed) == (PackageState.ERASED, b"")

    def test_a_withdrawal_during_the_build_is_in_the_package(self, tenant: Property) -> None:
        person, visit = factories.make_consented_person(tenant)
        package, code = ask(tenant, person)
        seen: list[str] = []

        def withdraw_meanwhile(contents: dict[str, Any], **_how: Any) -> dict[str, bytes]:
            if not seen:
                withdraw(visit=visit)
            seen.append(contents["person"]["face_state"])
            return {"state.txt": seen[-1].encode()}

        build(package, renderer=withdraw_meanwhile)
        assert len(seen) == 2 and package.state == PackageState.READY
        assert unpack(open_with(package, code))["state.txt"] != seen[0].encode()

    def test_an_expiring_request_ends_it(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        RightsRequest.objects.update(state=RequestState.TAKEN_BACK)
        assert build(package, renderer=plainly).state == PackageState.ERASED


class TestOver:
    def test_after_its_days_it_opens_nothing_and_the_sweep_erases_it(self, tenant: Property, person: Person) -> None:
        package, code = ask(tenant, person)
        build(package, renderer=plainly)
        assert package.expires_at - package.built_at == packages.LIFETIME
        Package.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
        with pytest.raises(ValidationError) as refused:
            open_with(package, code)
        assert refused.value.code == "no_package"
        assert (package_jobs.sweep_packages(), package_jobs.sweep_packages()) == (1, 0)
        package.refresh_from_db()
        assert (package.state, package.sealed) == (PackageState.ERASED, b"") and package.erased_at

    @pytest.mark.parametrize("end", ["request", "erasure", "record"])
    def test_it_goes_with_what_it_was_made_for(self, tenant: Property, person: Person, end: str) -> None:
        package, _code = ask(tenant, person)
        build(package, renderer=plainly)
        assert package_jobs.sweep_packages() == 0
        if end == "request":
            RightsRequest.objects.update(state=RequestState.TAKEN_BACK)
        elif end == "record":
            Person.objects.update(erased_at=timezone.now())
        else:
            order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON)
        assert package_jobs.sweep_packages() == 1
        package.refresh_from_db()
        assert (package.state, package.sealed) == (PackageState.ERASED, b"")

    def test_an_erased_package_is_not_built_by_a_late_message(self, tenant: Property, person: Person) -> None:
        package, _code = ask(tenant, person)
        packages.erase(package)
        assert build(package, renderer=plainly).state == PackageState.ERASED
