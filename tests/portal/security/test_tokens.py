"""Who may make an API token, what for and for how long; and what the database keeps of it, whoever asks."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import override

from portal.security import tokens
from portal.security.models import ApiToken
from portal.sign_in import recovery
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission as P
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant, set_local
from tenants.organizations.services.accounts import create_account
from tenants.organizations.services.members import add_member
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db


def issue(tenant: Property, user: User, *scopes: P, **about: Any) -> str:
    enter_tenant(tenant.pk)
    _token, text = tokens.issue(tenant=tenant, actor=user, name="报表", scopes=scopes or [P.VIEW_PREMISES], **about)
    return text


def only(tenant: Property) -> ApiToken:
    enter_tenant(tenant.pk)
    return ApiToken.objects.get()


class TestWhoMayMakeOne:
    def test_nobody_gives_more_than_they_have(self, tenant: Property) -> None:
        desk = factories.make_member(tenant, Role.FRONT_DESK)
        with pytest.raises(ValidationError) as broken:
            issue(tenant, desk, P.VIEW_PREMISES, P.VIEW_EVENTS)
        assert broken.value.error_dict["scopes"][0].code == "too_much"

    @pytest.mark.parametrize("scope", sorted(tokens.NOT_BY_TOKEN))
    def test_what_a_person_does_no_token_does(self, scope: P, tenant: Property, owner: User) -> None:
        with pytest.raises(ValidationError):
            issue(tenant, owner, scope)

    def test_a_stranger_has_none(self, tenant: Property) -> None:
        stranger = factories.make_member(factories.make_property())
        with pytest.raises(ValidationError) as broken:
            issue(tenant, stranger)
        assert broken.value.code == "not_a_member"

    def test_twenty_at_once_are_enough(self, tenant: Property, owner: User) -> None:
        for _ in range(tokens.MOST_AT_ONCE):
            issue(tenant, owner)
        with pytest.raises(ValidationError) as broken:
            issue(tenant, owner)
        assert broken.value.code == "too_many"
        tokens.revoke(tenant=tenant, token=ApiToken.objects.earliest("created_at"), actor=owner)
        assert issue(tenant, owner)

    def test_it_ends_after_ninety_days_and_within_a_year(self, tenant: Property, owner: User) -> None:
        issue(tenant, owner)
        token = only(tenant)
        assert token.expires_at - token.created_at == timedelta(days=90)
        with override("en"), pytest.raises(ValidationError, match="year"):
            issue(tenant, owner, days=366)

    def test_a_manager_does_not_stop_an_owners(self, tenant: Property, owner: User) -> None:
        issue(tenant, owner)
        with pytest.raises(ValidationError) as broken:
            tokens.revoke(tenant=tenant, token=only(tenant), actor=factories.make_member(tenant, Role.MANAGER))
        assert broken.value.code == "not_yours"


def test_who_begins_anew_after_a_lost_factor_has_no_token_left_anywhere(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    add_member(tenant=other, email=owner.email, role=Role.AUDITOR)
    texts = [issue(tenant, owner), issue(other, owner, P.VIEW_HOME)]
    colleague = issue(tenant, factories.make_member(tenant, Role.MANAGER))
    admin = create_account(email="root@example.com", password=factories.PASSWORD, is_platform_staff=True)
    recovery.begin_anew(user=owner, actor=admin, proof=recovery.Proof.CALL_BACK)
    for text in texts:
        with pytest.raises(tokens.Refused):
            tokens.find(text)
    assert tokens.find(colleague)


class TestWhatTheDatabaseKeeps:
    def test_a_token_of_another_property_is_not_there(self, tenant: Property, owner: User) -> None:
        issue(tenant, owner)
        enter_tenant(factories.make_property().pk)
        assert not ApiToken.objects.exists()
        set_local("consentry.tenant", "")
        assert not ApiToken.objects.exists()

    @pytest.mark.parametrize(
        "change",
        [
            {"scopes": ["view_people"]},
            {"expires_at": timezone.now() + timedelta(days=300)},
            {"token_hash": "0" * 64},
        ],
    )
    def test_nobody_makes_one_do_more_or_last_longer(
        self, change: dict[str, Any], tenant: Property, owner: User
    ) -> None:
        issue(tenant, owner)
        with pytest.raises(DatabaseError, match="permission denied"), transaction.atomic():
            ApiToken.objects.update(**change)

    @pytest.mark.parametrize("change", [{"scopes": []}, {"expires_at": timezone.now() + timedelta(days=366)}])
    def test_not_even_its_owner(self, change: dict[str, Any], tenant: Property, owner: User) -> None:
        issue(tenant, owner)
        with database_role("owner"), pytest.raises(IntegrityError, match="apitoken_"), transaction.atomic():
            ApiToken.objects.update(**change)
