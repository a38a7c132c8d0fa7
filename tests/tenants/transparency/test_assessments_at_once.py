"""Two members at the same moment: one draft, no lost text, and nothing slips into what is being signed."""

from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import tenant_context
from tenants.transparency.models import Assessment, AssessmentState, Risk
from tenants.transparency.rules.assessments import content_hash
from tenants.transparency.services import assessments
from tests import factories
from tests.architecture.catalogue import query
from tests.tenants.transparency.steps import ready
from tests.threads import Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)

AT_THE_END = "about to commit"


@pytest.fixture
def house() -> tuple[Property, User]:
    with transaction.atomic():
        tenant = factories.make_property()
        return tenant, factories.make_member(tenant)


def job(tenant: Property, work: Callable[[], Any], *, pauses: bool = False) -> Job:
    def run() -> object:
        with tenant_context(tenant.pk):
            outcome = work()
            query(f"SELECT '{AT_THE_END}'")
            return outcome

    return Job(run, pause_before=AT_THE_END if pauses else "")


def test_two_who_begin_at_once_get_the_same_draft(house: tuple[Property, User]) -> None:
    tenant, actor = house

    def begin() -> Assessment:
        return assessments.start_draft(tenant=tenant, actor=actor)

    first, second = interleave(job(tenant, begin, pauses=True), job(tenant, begin))
    assert first == second


def test_of_two_writers_at_once_one_is_told(house: tuple[Property, User]) -> None:
    tenant, actor = house
    with tenant_context(tenant.pk):
        draft = ready(tenant, actor)

    def write(text: str) -> Callable[[], Assessment]:
        return lambda: assessments.edit(tenant=tenant, assessment=draft, actor=actor, seen=draft.revision, harm=text)

    _first, second = interleave(job(tenant, write("first"), pauses=True), job(tenant, write("second")))
    assert isinstance(second, ValidationError)
    assert second.code == "edited_meanwhile"
    with tenant_context(tenant.pk):
        draft.refresh_from_db()
    assert draft.harm == "first"


def test_nothing_slips_into_what_is_being_signed(house: tuple[Property, User]) -> None:
    """Neither through the service, nor past it into the table of risks."""
    tenant, actor = house
    with tenant_context(tenant.pk):
        draft, signer = ready(tenant, actor), factories.colleague_of(tenant, actor)

    def sign() -> Assessment:
        return assessments.sign(tenant=tenant, assessment=draft, actor=signer, people_count=1)

    def slip_in() -> None:
        Risk(tenant=tenant, assessment=draft, number=99, title="x", likelihood=1, impact=1).save()

    signed, slipped = interleave(job(tenant, sign, pauses=True), job(tenant, slip_in))
    assert signed.state == AssessmentState.SIGNED
    assert isinstance(slipped, IntegrityError)
    with tenant_context(tenant.pk):
        kept = Assessment.objects.get(pk=draft.pk)
        assert kept.content_hash == content_hash(kept.content)
