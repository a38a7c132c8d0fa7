"""A day of ordinary traffic rings nothing, and the same day with one thief in it rings once."""

from collections import Counter
from datetime import timedelta

import pytest

from portal.security.detection import judging
from portal.security.detection.rules import RULES
from portal.security.models import Alert
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.trail import Happening, Kind, Sign
from tests.architecture.catalogue import query
from tests.portal.security.detection.day import EVENTS, MIDNIGHT, Day
from tests.roles import database_role

pytestmark = pytest.mark.django_db
AT_ONCE = 500


def alerts() -> list[tuple[str, str]]:
    with database_role("owner"):
        return query("SELECT rule, subject FROM security_alert")


def play(day: list[Happening]) -> None:
    for begin in range(0, len(day), AT_ONCE):
        judging.judge(day[begin : begin + AT_ONCE])


def test_fifty_thousand_ordinary_happenings_ring_nothing() -> None:
    day = Day(seed=19).happenings()
    kinds = Counter(one.kind for one in day)
    assert len(day) == EVENTS
    assert len(kinds) >= 11 and kinds[Kind.IDENTITY_READ] > 8_000 and kinds[Sign.HEARTBEAT] > 20_000
    play(day)
    assert alerts() == []


def test_the_same_morning_with_one_thief_in_it_rings(tenant: Property, owner: User) -> None:
    """So the silence above is not that of a bell that cannot ring."""
    nine, ten = MIDNIGHT + timedelta(hours=9), MIDNIGHT + timedelta(hours=10)
    morning = [one for one in Day(seed=19).happenings() if nine <= one.at < ten]
    thief = [
        Happening(
            Kind.IDENTITY_READ,
            f"user:{owner.pk}",
            tenant.pk,
            f"person:{number}",
            at=nine + timedelta(seconds=20 * number),
        )
        for number in range(RULES["mass_reading"].threshold)
    ]
    play(sorted([*morning, *thief], key=lambda one: one.at))
    assert alerts() == [("mass_reading", f"user:{owner.pk}")]
    enter_tenant(tenant.pk)
    [alert] = Alert.objects.filter(tenant=tenant.pk)
    assert alert.facts["seen"] == RULES["mass_reading"].threshold
