"""Publishing while a person is consenting: whoever comes first, no yes stands for words that were not shown."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import ConsentDecision, ConsentPurpose, ConsentStatus, FaceState
from tenants.people.models import Consent, Person
from tenants.people.services.consents import consent_statuses, decide
from tenants.people.services.links import Visit
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.services import notices
from tests import factories
from tests.threads import PATIENCE, Job, interleave

pytestmark = pytest.mark.django_db(transaction=True)

FACE = ConsentPurpose.RECOGNITION


@pytest.fixture
def scene() -> tuple[Property, User, Visit]:
    """A notice in force, a person reading it, and a draft with another purpose, ready to be published."""
    with transaction.atomic():
        tenant = factories.make_property(storage_mode="on_device")
        owner = factories.make_member(tenant)
        factories.make_notice(tenant, actor=owner)
        visit = factories.make_visit(tenant)
        notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), purpose_method_en="Another purpose.")
    return tenant, owner, visit


def publishing(tenant: Property, owner: User, pause_before: str = "") -> Job:
    def run() -> object:
        with tenant_context(tenant.pk):
            draft = Notice.objects.get(tenant=tenant, state=NoticeState.DRAFT)
            return notices.publish(tenant=tenant, notice=draft, actor=owner)

    return Job(run, pause_before=pause_before)


def consenting(tenant: Property, visit: Visit, pause_before: str = "") -> Job:
    def run() -> object:
        with tenant_context(tenant.pk):
            shown = Notice.objects.get(tenant=tenant, version=1)
            return decide(visit=visit, purpose=FACE, decision=ConsentDecision.AGREE, notice=shown, language="en")

    return Job(run, pause_before=pause_before)


def test_an_answer_that_comes_while_the_next_version_is_published_is_not_recorded(
    scene: tuple[Property, User, Visit],
) -> None:
    tenant, owner, visit = scene
    published, refused = interleave(
        publishing(tenant, owner, pause_before='UPDATE "transparency_notice"'), consenting(tenant, visit)
    )
    assert published.version == 2
    assert isinstance(refused, ValidationError)
    assert refused.code == "notice_changed"
    with tenant_context(tenant.pk):
        assert not Consent.objects.exists()


def test_an_answer_that_was_first_counts_for_the_old_version_and_is_asked_again(
    scene: tuple[Property, User, Visit],
) -> None:
    tenant, owner, visit = scene
    given, published = interleave(
        consenting(tenant, visit, pause_before='INSERT INTO "people_consent"'), publishing(tenant, owner)
    )
    assert isinstance(given, Consent)
    assert (published.version, published.needs_new_consent) == (2, True)
    with tenant_context(tenant.pk):
        person = Person.objects.select_related("tenant").get(pk=visit.person.pk)
        assert consent_statuses(person) == {FACE: ConsentStatus.STALE}
        assert given.notice.version == 1
        assert person.face_state == FaceState.CONSENTED


def test_two_who_begin_at_once_get_the_same_draft(scene: tuple[Property, User, Visit]) -> None:
    tenant, owner, _visit = scene
    with tenant_context(tenant.pk):
        notices.discard_draft(tenant=tenant, notice=Notice.objects.get(state=NoticeState.DRAFT))

    def beginning(pause_before: str = "") -> Job:
        def run() -> object:
            with tenant_context(tenant.pk):
                return notices.start_draft(tenant=tenant, actor=owner)

        return Job(run, pause_before=pause_before)

    first, second = interleave(beginning(pause_before='INSERT INTO "transparency_notice"'), beginning())
    assert first == second


def test_many_people_answer_at_once_without_waiting_for_each_other(scene: tuple[Property, User, Visit]) -> None:
    tenant, _owner, visit = scene
    with tenant_context(tenant.pk):
        other = factories.make_visit(tenant)
    first = consenting(tenant, visit, pause_before='INSERT INTO "people_consent"').start()
    assert first.reached.wait(PATIENCE)
    assert isinstance(consenting(tenant, other).start().join(), Consent), "The first has not committed yet"
    assert not first.is_over
    assert isinstance(first.join(), Consent)
