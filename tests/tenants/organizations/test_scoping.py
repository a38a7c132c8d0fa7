"""The context of a property lives in a transaction, and an inner one gives the outer one back."""

import pytest
from django.core.exceptions import ValidationError
from django.db import connection

from tenants.organizations.models import Property
from tenants.organizations.scoping import current_tenant_id, enter_tenant, require_same_tenant, tenant_context
from tenants.premises.models import Zone
from tests import factories


def test_an_inner_context_gives_the_outer_one_back(tenant: Property) -> None:
    other = factories.make_property()
    enter_tenant(tenant.pk)
    with tenant_context(other.pk):
        assert current_tenant_id() == str(other.pk)
    assert current_tenant_id() == str(tenant.pk)


def test_an_inner_context_that_fails_gives_the_outer_one_back_too(tenant: Property) -> None:
    other = factories.make_property()
    enter_tenant(tenant.pk)
    with pytest.raises(RuntimeError), tenant_context(other.pk):
        raise RuntimeError
    assert current_tenant_id() == str(tenant.pk)


def test_without_a_context_no_row_is_seen(tenant: Property) -> None:
    factories.make_zone(tenant)
    assert Zone.objects.count() == 1
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('consentry.tenant', '', true)")
    assert Zone.objects.count() == 0


@pytest.mark.django_db(transaction=True)
def test_a_context_outside_a_transaction_is_refused() -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        enter_tenant("00000000-0000-0000-0000-000000000000")


@pytest.mark.django_db(transaction=True)
def test_a_context_ends_with_its_transaction() -> None:
    with tenant_context("00000000-0000-0000-0000-000000000001"):
        assert current_tenant_id().endswith("1")
    assert current_tenant_id() == ""


def test_rows_of_two_properties_are_never_linked(tenant: Property) -> None:
    ours = factories.make_zone(tenant)
    other = factories.make_property()
    foreign = factories.make_zone(other)
    require_same_tenant(tenant, ours, None)
    for rows in ((tenant, foreign), (ours, foreign), (tenant, other)):
        with pytest.raises(ValidationError) as refused:
            require_same_tenant(*rows)
        assert refused.value.code == "different_tenants"


def test_a_row_is_written_down_by_its_id(tenant: Property) -> None:
    """What `str` gives ends in the audit log."""
    person = factories.make_person(tenant, name="李阿姨")
    assert "李" not in f"{person} {person.identity}"
    assert str(person.pk) in str(person)
