"""A rule that rings makes one alert, whoever hears it and however often, with nothing in it but ids and counts."""

import uuid
from datetime import datetime, timedelta

import pytest
from auditlog.models import LogEntry
from django.db import IntegrityError, ProgrammingError, transaction
from django.utils import timezone

from portal.security.alerts.kinds import AlertState, Severity
from portal.security.alerts.places import place
from portal.security.alerts.raising import ring
from portal.security.models import Alert
from tenants.organizations.models import Property
from tenants.organizations.scoping import current_tenant_id, enter_tenant
from tests import factories
from tests.architecture.catalogue import execute
from tests.threads import Job

pytestmark = pytest.mark.django_db

RULE = "no_such_rule"


def rung(tenant: Property | None, subject: str = "user:aaaa", at: datetime | None = None, **facts: str | int) -> Alert:
    return ring(RULE, tenant.pk if tenant else None, subject, facts, at or timezone.now())


def test_a_rule_that_rings_twice_about_the_same_makes_one_alert(tenant: Property) -> None:
    first = timezone.now() - timedelta(hours=2)
    one = rung(tenant, at=first, tries=10)
    two = rung(tenant, at=first + timedelta(hours=1), tries=20)
    assert one.pk == two.pk
    assert (two.count, two.first_at, two.last_at, two.facts) == (2, first, first + timedelta(hours=1), {"tries": 20})
    assert rung(tenant, subject="user:bbbb").pk != one.pk


def test_what_comes_late_does_not_turn_the_clock_back(tenant: Property) -> None:
    now = timezone.now()
    rung(tenant, at=now, tries=20)
    late = rung(tenant, at=now - timedelta(hours=1), tries=10)
    assert (late.count, late.last_at, late.facts) == (2, now, {"tries": 20})


def test_after_it_was_handled_the_same_rule_rings_anew(tenant: Property) -> None:
    one = rung(tenant)
    Alert.objects.filter(pk=one.pk).update(state=AlertState.HANDLED)
    assert rung(tenant).pk != one.pk


def test_an_alert_holds_codes_and_counts_and_nothing_else(tenant: Property) -> None:
    with pytest.raises(ValueError, match="who is no code"):
        rung(tenant, who="王经理")
    assert not Alert.objects.exists()


def test_a_rule_that_nobody_knows_any_more_still_rings(tenant: Property) -> None:
    assert rung(tenant).severity == Severity.MEDIUM


def test_an_alert_is_the_propertys_own_and_one_of_none_is_the_platforms(tenant: Property) -> None:
    other = factories.make_property()
    enter_tenant(tenant.pk)
    ours, theirs, nobodys = rung(tenant), rung(other), rung(None)
    assert current_tenant_id() == str(tenant.pk), "the context of before is back"
    assert set(Alert.objects.values_list("pk", flat=True)) == {ours.pk}
    enter_tenant(other.pk)
    assert set(Alert.objects.values_list("pk", flat=True)) == {theirs.pk}
    with place(None):
        assert set(Alert.objects.filter(tenant=None).values_list("pk", flat=True)) == {nobodys.pk}
    assert not Alert.objects.filter(tenant=None).exists()
    assert rung(None).pk == nobodys.pk, "of no property there is one alert for each subject too"


def test_the_log_says_that_it_rang_and_not_how_often(tenant: Property) -> None:
    alert = rung(tenant, tries=10)
    rung(tenant, tries=20)
    entry = LogEntry.objects.get(object_pk=str(alert.pk))
    assert entry.additional_data["tenant"] == str(tenant.pk)
    assert set(entry.changes) == {"rule", "severity", "subject", "state", "handled_by"}


@pytest.mark.parametrize("column", ["tenant", "rule", "severity", "subject", "first_at"])
def test_what_rang_cannot_be_rewritten_or_removed(tenant: Property, column: str) -> None:
    alert = rung(tenant)
    for sql in (
        f"UPDATE security_alert SET {column} = {column} WHERE id = %s",  # noqa: S608 - a column of ours
        "DELETE FROM security_alert WHERE id = %s",
    ):
        with pytest.raises(ProgrammingError, match="permission denied"), transaction.atomic():
            execute(sql, alert.pk)


def test_no_second_open_alert_of_the_same_can_be_put_down(tenant: Property) -> None:
    alert = rung(tenant)
    with pytest.raises(IntegrityError, match="one_open_alert"), transaction.atomic():
        Alert.objects.create(
            id=uuid.uuid4(),
            tenant=tenant.pk,
            rule=alert.rule,
            subject=alert.subject,
            severity=alert.severity,
            first_at=alert.first_at,
            last_at=alert.last_at,
        )


@pytest.mark.django_db(transaction=True)
def test_two_processes_that_hear_the_same_make_one_alert() -> None:
    with transaction.atomic():
        tenant = factories.make_property()
    jobs = [Job(lambda: rung(tenant)).start() for _ in range(4)]
    assert {job.join().rule for job in jobs} == {RULE}
    with place(tenant.pk):
        assert list(Alert.objects.values_list("count", flat=True)) == [4]
