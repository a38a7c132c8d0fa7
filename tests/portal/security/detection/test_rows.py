"""Rows and the log agree after everything that the portal does, and the first difference is named."""

from datetime import timedelta

import pytest
from django.utils import timezone

from portal.security.detection.rows import COMPARED, Difference, differences
from portal.security.grants import GRANTS
from tenants.organizations.models import Property
from tests import factories
from tests.architecture.catalogue import execute
from tests.architecture.rows import fill
from tests.roles import database_role

pytestmark = pytest.mark.django_db
YESTERDAY = timedelta(days=1)


def found(tenant: Property) -> list[Difference]:
    return differences(tenant_id=tenant.pk, since=timezone.now() - YESTERDAY)


def past_the_triggers(sql: str, *values: object) -> None:
    """As a superuser can."""
    with database_role("owner"):
        execute("SET LOCAL session_replication_role = replica")
        assert execute(sql, *values) == 1
        execute("SET LOCAL session_replication_role = origin")


def test_after_everything_that_fills_every_table_nothing_differs(db: None) -> None:
    rows = fill()
    assert found(rows.tenant) == []


def test_a_row_put_in_by_hand_and_one_taken_away_are_named(tenant: Property) -> None:
    person = factories.make_person(tenant)
    past_the_triggers("DELETE FROM people_personidentity WHERE person_id = %s", person.pk)
    past_the_triggers("DELETE FROM people_person WHERE id = %s", person.pk)
    assert found(tenant) == [Difference("people_person", unexplained=0, gone=1, first=str(person.pk))]
    other = factories.make_person(tenant)
    past_the_triggers("DELETE FROM auditlog_logentry WHERE object_pk = %s", str(other.pk))
    [difference] = found(tenant)
    assert (difference.unexplained, difference.gone, difference.first) == (1, 1, str(other.pk))


def test_what_is_older_than_the_look_and_another_property_s_is_not_compared(tenant: Property) -> None:
    person = factories.make_person(tenant)
    past_the_triggers("DELETE FROM auditlog_logentry WHERE object_pk = %s", str(person.pk))
    other = factories.make_property()
    assert found(other) == []
    assert differences(tenant_id=tenant.pk, since=timezone.now() + YESTERDAY) == []


def test_no_running_process_may_delete_from_what_is_compared() -> None:
    assert not [model for model in COMPARED if "D" in GRANTS[model._meta.db_table].web]
