"""A property's page of its own log is found by an index, under row-level security, however long the log of all is."""

import pytest
from django.db import connection

from portal.web.reads import audit
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db

MANY = """INSERT INTO auditlog_logentry
    (content_type_id, object_pk, object_repr, action, changes_text, timestamp, additional_data)
    SELECT (SELECT min(id) FROM django_content_type), n::text, n::text, 1, '', now() - n * interval '1 minute',
    jsonb_build_object('tenant', CASE WHEN n %% 500 = 0 THEN %s ELSE md5((n %% 500)::text)::uuid::text END)
    FROM generate_series(1, 20000) n"""


@pytest.fixture
def tenant() -> Property:
    tenant = factories.make_property()
    with database_role("owner"), connection.cursor() as cursor:
        cursor.execute(MANY, [str(tenant.pk)])
        cursor.execute("ANALYZE auditlog_logentry")
    return tenant


def test_the_index_finds_a_propertys_entries(tenant: Property) -> None:
    with database_role("web"):
        enter_tenant(tenant.pk)
        plan = audit.changes(tenant)[:25].explain()
        assert "log_by_property" in plan, plan
        assert audit.changes(tenant).filter(object_repr="500").count() == 1
        assert audit.changes(factories.make_property()).filter(object_repr="500").count() == 0
