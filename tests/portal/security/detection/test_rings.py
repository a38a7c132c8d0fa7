"""Each rule rings at its threshold, and is silent one below: real middleware, real Valkey, real terminals' requests."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from django.db import transaction
from django.test import Client
from pytest_django import Settings

from portal.security.detection.rules import RULES
from tenants.organizations.roles import Role
from tests import factories
from tests.architecture.catalogue import query
from tests.portal.security.detection.house import House
from tests.portal.security.detection.scenes import SCENES
from tests.roles import database_role

pytestmark = pytest.mark.django_db


@pytest.fixture
def house(
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Callable[..., Any],
    settings: Settings,
    tmp_path: Path,
) -> House:
    # Whoever has patience stays below the limits; they are proved elsewhere.
    settings.ACCOUNT_RATE_LIMITS = False
    settings.AUDIT_ANCHOR_DIR = tmp_path
    with transaction.atomic():
        tenant = factories.make_property()
        owner = factories.make_member(tenant, Role.OWNER)
    client = Client()
    client.force_login(owner)
    return House(tenant, owner, client, monkeypatch, django_capture_on_commit_callbacks)


def rung(code: str) -> list[tuple[str, str, str]]:
    """The property, the subject and the severity of each alert of a rule, as the owner of the tables sees them."""
    with database_role("owner"):
        return query("SELECT coalesce(tenant::text, ''), subject, severity FROM security_alert WHERE rule = %s", code)


def test_every_rule_has_its_scene() -> None:
    assert set(SCENES) == set(RULES)


# A terminal is refused outside any transaction; only there the refusal leaves something behind.
OUTSIDE = [pytest.mark.django_db(transaction=True)]


@pytest.mark.parametrize(
    "code", [pytest.param(code, marks=OUTSIDE if code.startswith("device_") else []) for code in RULES]
)
def test_it_rings_at_its_threshold_and_not_before(code: str, house: House) -> None:
    rule, scene = RULES[code], SCENES[code](house)
    for _subject in islice(scene, rule.threshold):
        pass
    assert rung(code) == [], "one below the threshold"
    subject = next(scene)
    [(where, about, severity)] = rung(code)
    assert (about, severity) == (subject, rule.severity)
    assert where in {"", str(house.tenant.pk)}
