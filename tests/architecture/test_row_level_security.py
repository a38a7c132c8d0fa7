"""PostgreSQL says a second time which rows belong to the property at hand: for every table, both roles, each verb.

The rights of the roles are opened wide first, so that what refuses here is the policy and nothing else.
"""
# ruff: noqa: S608 - the names in these statements come from PostgreSQL's own catalogue

import json
import uuid
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.test import RequestFactory
from django.views import View

from portal.tenancy import TenantPage
from tenants.organizations.models import Membership
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import PLATFORM_SETTING, TenantOwned, enter_tenant, set_local
from tests import factories
from tests.architecture.catalogue import ROLES, execute, query, tenant_tables, undone
from tests.architecture.rows import Rows
from tests.roles import database_role

pytestmark = pytest.mark.django_db

# Alerts may belong to no property, so they name theirs in a column of their own.
ALERTS = ("security_alert", "security_alertstep", "security_alertdelivery")


@pytest.fixture
def open_rights(two: object, db: None) -> Iterator[None]:
    """Both roles may do anything to any table, until the test ends."""
    with database_role("owner"):
        for role in ROLES:
            execute(f"GRANT ALL ON ALL TABLES IN SCHEMA public TO consentry_{role}")
    yield


def count(table: str, tenant_id: uuid.UUID | None = None) -> int:
    where, values = ("WHERE tenant_id = %s", [tenant_id]) if tenant_id else ("", [])
    return query(f'SELECT count(*) FROM "{table}" {where}', *values)[0][0]


def may_read(table: str) -> bool:
    return query("SELECT has_column_privilege(%s, 'tenant_id', 'SELECT')", table)[0][0]


def refused(sql: str, *values: object) -> bool:
    """Say whether the database refuses this, whatever its reason."""
    try:
        with undone():
            execute(sql, *values)
    except DatabaseError:
        return True
    return False


def test_every_table_with_a_tenant_belongs_to_a_tenant_owned_model(db: None) -> None:
    owned = {model._meta.db_table for model in apps.get_models() if issubclass(model, TenantOwned)}
    assert tenant_tables() == owned


def test_row_level_security_is_on_and_forced_for_every_tenant_table(db: None) -> None:
    walled = {*tenant_tables(), "auditlog_logentry", "security_accessevent", *ALERTS}
    states = dict(query("SELECT relname, relrowsecurity AND relforcerowsecurity FROM pg_class WHERE relkind = 'r'"))
    assert {table for table in walled if not states[table]} == set()


def test_the_policies_name_both_roles_and_no_table_has_a_looser_one(db: None) -> None:
    """Permissive policies are joined with OR: one more of them would open the table."""
    policies: dict[str, dict[str, list[str]]] = {}
    for table, name, roles, check in query("SELECT tablename, policyname, roles::text[], with_check FROM pg_policies"):
        assert check, f"{table}: {name} checks nothing that is written"
        policies.setdefault(table, {})[name] = sorted(roles)
    expected = {"tenant_rows": ["consentry_recognition", "consentry_web"], "owner_rows": ["consentry_owner"]}
    assert policies == dict.fromkeys([*tenant_tables(), "auditlog_logentry", "security_accessevent", *ALERTS], expected)


def test_every_tenant_table_was_filled(ours: Rows, foreign: Rows) -> None:
    """The sweeps below prove nothing about an empty table."""
    with database_role("owner"):
        empty = [t for t in tenant_tables() if not count(t, ours.tenant.pk) or not count(t, foreign.tenant.pk)]
    assert empty == []


@pytest.mark.parametrize("role", ROLES)
def test_without_a_context_no_row_is_visible(role: str, open_rights: None) -> None:
    with database_role(role):
        assert {table: count(table) for table in tenant_tables() if count(table)} == {}


@pytest.mark.parametrize("role", ROLES)
def test_in_a_context_only_its_own_rows_are_visible(role: str, ours: Rows, foreign: Rows, open_rights: None) -> None:
    with database_role(role):
        enter_tenant(ours.tenant.pk)
        for table in tenant_tables():
            assert count(table, foreign.tenant.pk) == 0, table
            assert count(table) == count(table, ours.tenant.pk) > 0, table


@pytest.mark.parametrize("role", ROLES)
def test_foreign_rows_cannot_be_changed_or_deleted(role: str, ours: Rows, foreign: Rows, open_rights: None) -> None:
    with database_role(role):
        enter_tenant(ours.tenant.pk)
        for table in tenant_tables():
            with undone():
                assert execute(f'UPDATE "{table}" SET id = id WHERE tenant_id = %s', foreign.tenant.pk) == 0, table
            with undone():
                assert execute(f'DELETE FROM "{table}" WHERE tenant_id = %s', foreign.tenant.pk) == 0, table


@pytest.mark.parametrize("role", ROLES)
def test_no_row_can_be_written_for_another_property(role: str, ours: Rows, foreign: Rows, open_rights: None) -> None:
    for table in tenant_tables():
        with database_role("owner"):
            row = query(f'SELECT to_jsonb(t) FROM "{table}" t WHERE tenant_id = %s LIMIT 1', foreign.tenant.pk)[0][0]
        row = json.loads(row) if isinstance(row, str) else row
        copy = json.dumps(row | {"id": str(uuid.uuid4())})
        insert = f'INSERT INTO "{table}" SELECT * FROM jsonb_populate_record(null::"{table}", %s::jsonb)'
        with database_role(role):
            enter_tenant(ours.tenant.pk)
            assert refused(insert, copy), table
            move = f'UPDATE "{table}" SET tenant_id = %s WHERE tenant_id = %s'
            assert refused(move, foreign.tenant.pk, ours.tenant.pk), table


def test_a_member_sees_own_memberships_everywhere_and_nobody_elses(ours: Rows, foreign: Rows) -> None:
    enter_tenant(ours.tenant.pk)
    user = factories.make_member(ours.tenant, Role.OWNER)
    factories.make_member(foreign.tenant, Role.AUDITOR, email=user.email)
    set_local("consentry.tenant", "")
    set_local("consentry.user", str(user.pk))
    assert {membership.user_id for membership in Membership.objects.all()} == {user.pk}
    assert Membership.objects.count() == 2
    assert refused("UPDATE organizations_membership SET role = 'owner' WHERE tenant_id = %s", foreign.tenant.pk)


def test_a_property_reads_its_own_log_only(ours: Rows, foreign: Rows) -> None:
    log = "SELECT count(*) FROM auditlog_logentry WHERE additional_data->>'tenant' = %s"
    enter_tenant(ours.tenant.pk)
    assert query(log, str(ours.tenant.pk))[0][0] > 0
    assert query(log, str(foreign.tenant.pk))[0][0] == 0
    set_local("consentry.tenant", "")
    assert query(log, str(ours.tenant.pk))[0][0] == 0
    set_local(PLATFORM_SETTING, "on")
    assert query(log, str(foreign.tenant.pk))[0][0] > 0


class ForgetfulPage(TenantPage, View):
    """A page whose author forgot the filter everywhere."""

    permission = Permission.VIEW_HOME

    def get(self, request: HttpRequest, slug: str) -> HttpResponse:
        seen = {}
        for model in apps.get_models():
            if issubclass(model, TenantOwned) and may_read(model._meta.db_table):
                seen[model._meta.label] = [str(pk) for pk in model._base_manager.values_list("tenant_id", flat=True)]
        return JsonResponse(seen)


def test_a_page_that_forgot_every_filter_still_shows_no_foreign_row(ours: Rows, foreign: Rows) -> None:
    request = RequestFactory().get("/")
    enter_tenant(ours.tenant.pk)
    request.user = factories.make_member(ours.tenant, Role.MANAGER)
    set_local("consentry.tenant", "")
    seen = json.loads(ForgetfulPage.as_view()(request, slug=ours.tenant.slug).content)
    assert {tenant for tenants in seen.values() for tenant in tenants} == {str(ours.tenant.pk)}
    assert len(seen) > 15


def test_the_sweep_can_fail(ours: Rows, foreign: Rows, open_rights: None) -> None:
    """Without its policy a table shows what it should not."""
    with database_role("owner"):
        execute('ALTER TABLE "premises_zone" DISABLE ROW LEVEL SECURITY')
    enter_tenant(ours.tenant.pk)
    assert count("premises_zone", foreign.tenant.pk) > 0
