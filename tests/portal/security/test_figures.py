"""A figure across the properties of one company: one number, and for the web role alone."""

import pytest
from django.db import transaction
from django.db.utils import ProgrammingError

from portal.security.figures import people_of
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import remove_member
from tenants.people.models import Person
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db


def test_people_and_working_members_of_all_properties_count_once(tenant: Property) -> None:
    factories.make_person(tenant)
    member = factories.make_member(tenant, email="both@example.com")
    sister = factories.make_property(handler=tenant.handler)
    factories.make_person(sister)
    factories.make_member(sister, email="both@example.com")
    stranger = factories.make_property()
    factories.make_person(stranger)
    assert people_of(tenant.handler_id) == 3
    enter_tenant(sister.pk)
    remove_member(tenant=sister, membership=member.memberships.get(tenant=sister))
    assert people_of(tenant.handler_id) == 3, "Still works in the other property"


def test_the_number_shows_no_row_of_another_property(tenant: Property) -> None:
    sister = factories.make_property(handler=tenant.handler)
    factories.make_person(sister)
    enter_tenant(tenant.pk)
    assert (people_of(tenant.handler_id), Person.objects.count()) == (1, 0)


def test_the_recognition_role_may_not_ask(tenant: Property) -> None:
    with (
        database_role("recognition"),
        pytest.raises(ProgrammingError, match="permission denied"),
        transaction.atomic(),
    ):
        people_of(tenant.handler_id)
