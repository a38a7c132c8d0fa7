"""Records of people under 18: a second member's yes, 24 hours, and every opening written down."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import AgeBand
from tenants.people.models import MinorAccess, MinorAccessView, Person
from tenants.people.services.minors import ask_for_access, decide_access, may_see, record_opening
from tests import factories


@pytest.fixture
def desk(tenant: Property) -> User:
    return factories.make_member(tenant, Role.FRONT_DESK)


@pytest.fixture
def child(tenant: Property) -> Person:
    return factories.make_person(tenant, "小美", age_band=AgeBand.TEEN)


@pytest.fixture
def access(tenant: Property, desk: User, child: Person) -> MinorAccess:
    return ask_for_access(tenant=tenant, person=child, actor=desk, reason="补办门卡")


def decide(access: MinorAccess, role: Role, *, is_approved: bool = True) -> MinorAccess:
    actor = factories.make_member(access.tenant, role)
    return decide_access(tenant=access.tenant, access=access, actor=actor, is_approved=is_approved)


def test_an_adults_record_is_open_and_a_minors_is_not(tenant: Property, desk: User, child: Person) -> None:
    assert may_see(actor=desk, person=factories.make_person(tenant))
    assert not may_see(actor=desk, person=child)
    assert not may_see(actor=desk, person=factories.make_child(tenant))


@pytest.mark.parametrize("role", [Role.OWNER, Role.MANAGER, Role.PRIVACY_OFFICER])
def test_a_second_members_yes_opens_it_for_who_asked_and_nobody_else(
    access: MinorAccess, desk: User, child: Person, role: Role
) -> None:
    decided = decide(access, role)
    assert may_see(actor=desk, person=child)
    assert not may_see(actor=decided.decided_by, person=child)
    assert decided.ends_at == decided.decided_at + timedelta(hours=24)


def test_each_opening_is_written_down(access: MinorAccess, desk: User, child: Person) -> None:
    with pytest.raises(ValidationError):
        record_opening(actor=desk, person=child)
    decide(access, Role.MANAGER)
    for _time in range(2):
        record_opening(actor=desk, person=child)
    assert [view.access for view in MinorAccessView.objects.all()] == [access, access]


def test_opening_an_adults_record_writes_nothing(tenant: Property, desk: User) -> None:
    assert record_opening(actor=desk, person=factories.make_person(tenant)) is None


def test_after_24_hours_it_is_closed(access: MinorAccess, desk: User, child: Person) -> None:
    decide(access, Role.MANAGER)
    MinorAccess.objects.update(ends_at=timezone.now() - timedelta(seconds=1))
    assert not may_see(actor=desk, person=child)


def test_a_no_keeps_it_closed(access: MinorAccess, desk: User, child: Person) -> None:
    decide(access, Role.MANAGER, is_approved=False)
    assert not may_see(actor=desk, person=child)
    assert ask_for_access(tenant=child.tenant, person=child, actor=desk, reason="再问一次")


@pytest.mark.parametrize("role", [Role.FRONT_DESK, Role.AUDITOR])
def test_who_may_not_approve_cannot(access: MinorAccess, role: Role) -> None:
    with pytest.raises(ValidationError) as refused:
        decide(access, role)
    assert refused.value.code == "not_allowed"


def test_the_owner_alone_cannot_approve_what_they_asked(tenant: Property, owner: User, child: Person) -> None:
    access = ask_for_access(tenant=tenant, person=child, actor=owner, reason="查看")
    with pytest.raises(ValidationError) as refused:
        decide_access(tenant=tenant, access=access, actor=owner, is_approved=True)
    assert refused.value.code == "second_member"
    with pytest.raises(IntegrityError), transaction.atomic():
        MinorAccess.objects.update(decided_by=owner)


def test_a_question_is_decided_once_and_asked_once(access: MinorAccess, desk: User, child: Person) -> None:
    with pytest.raises(ValidationError):
        ask_for_access(tenant=child.tenant, person=child, actor=desk, reason="又问")
    decide(access, Role.MANAGER)
    with pytest.raises(ValidationError) as refused:
        decide(access, Role.OWNER)
    assert refused.value.code == "decided"


def test_a_question_needs_a_reason_a_minor_and_a_member(tenant: Property, desk: User, child: Person) -> None:
    stranger = factories.make_member(factories.make_property())
    enter_tenant(tenant.pk)
    for person, actor, reason in (
        (child, desk, "  "),
        (factories.make_person(tenant), desk, "看看"),
        (child, stranger, "看看"),
    ):
        with pytest.raises(ValidationError):
            ask_for_access(tenant=tenant, person=person, actor=actor, reason=reason)


def test_who_turned_18_is_open(desk: User, child: Person) -> None:
    child.age_band_until = timezone.localdate() - timedelta(days=1)
    assert may_see(actor=desk, person=child)
