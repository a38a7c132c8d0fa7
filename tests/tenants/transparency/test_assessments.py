"""Impact assessments: drafted by several, signed when finished."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone, translation

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.transparency.models import Assessment, AssessmentState
from tenants.transparency.rules.assessments import BLANK, TEXTS
from tenants.transparency.services import assessments
from tenants.transparency.services.scopes import scope_of
from tests import factories
from tests.tenants.transparency.steps import HIGH, ready, refused, sign


@pytest.fixture
def draft(tenant: Property, owner: User) -> Assessment:
    return ready(tenant, owner)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_draft_starts_with_texts_risks_and_the_portals_facts(tenant: Property, owner: User, language: str) -> None:
    factories.make_device(tenant)
    with translation.override(language):
        draft = assessments.start_draft(tenant=tenant, actor=owner)
    assert (draft.version, draft.state, draft.drafted_by) == (1, AssessmentState.DRAFT, owner)
    assert all(draft.texts.values())
    assert BLANK in draft.lawfulness, "What only people know stays open"
    assert draft.scope == scope_of(tenant)
    risks = list(draft.risks.all())
    assert len(risks) == 9
    assert all(risk.measure for risk in risks)
    assert assessments.start_draft(tenant=tenant, actor=owner) == draft, "One draft at a time"


def test_the_first_texts_name_the_ways_that_work_here(tenant: Property, owner: User) -> None:
    factories.make_door(tenant)
    with translation.override("en"):
        draft = assessments.start_draft(tenant=tenant, actor=owner)
    assert "Card" in draft.alternative_considered
    assert "PIN" not in draft.alternative_considered


def test_an_untouched_draft_cannot_be_signed(tenant: Property, owner: User) -> None:
    draft = assessments.start_draft(tenant=tenant, actor=owner)
    codes = refused(lambda: sign(tenant, draft, owner))
    assert codes["lawfulness"] == ["blank"]
    assert codes["conclusion"] == ["not_acceptable"]


@pytest.mark.parametrize(
    ("change", "risks", "people", "codes"),
    [
        *[({field: " "}, None, 1, {field: ["missing"]}) for field in TEXTS],
        ({"safeguards": "Because ____."}, None, 1, {"safeguards": ["blank"]}),
        ({"conclusion": "not_acceptable"}, None, 1, {"conclusion": ["not_acceptable"]}),
        ({"conclusion": ""}, None, 1, {"conclusion": ["not_acceptable"]}),
        ({"track": "small"}, None, 100_000, {"track": ["not_small"]}),
        ({}, [], 1, {"risks": ["no_risks"]}),
        ({}, [HIGH | {"measure": " "}], 1, {"risks": ["unsettled"]}),
        ({}, [HIGH | {"owner": ""}], 1, {"risks": ["unsettled"]}),
        ({}, [HIGH | {"due_on": None}], 1, {"risks": ["unsettled"]}),
    ],
)
def test_what_is_not_finished_is_not_signed(
    tenant: Property, owner: User, draft: Assessment, change: dict, risks: list | None, people: int, codes: dict
) -> None:
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=risks, **change)
    assert refused(lambda: sign(tenant, draft, owner, people)) == codes


@pytest.mark.parametrize("risk", [HIGH, HIGH | {"due_on": None, "done_on": date(2026, 11, 1)}])
def test_a_high_risk_with_measure_owner_and_date_is_signed(
    tenant: Property, owner: User, draft: Assessment, risk: dict
) -> None:
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=[risk], track="small")
    assert sign(tenant, draft, owner, 99_999).state == AssessmentState.SIGNED


def test_a_device_added_since_the_draft_was_saved_is_read_before_signing(
    tenant: Property, owner: User, draft: Assessment
) -> None:
    factories.make_device(tenant)
    assert refused(lambda: sign(tenant, draft, owner)) == {"scope": ["scope_changed"]}
    assessments.edit(tenant=tenant, assessment=draft, actor=owner)
    assert sign(tenant, draft, owner).scope == scope_of(tenant)


def test_two_members_do_not_overwrite_each_other(tenant: Property, owner: User, draft: Assessment) -> None:
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    seen = draft.revision
    assessments.edit(tenant=tenant, assessment=draft, actor=officer, seen=seen, harm="The officer's")
    codes = refused(
        lambda: assessments.edit(tenant=tenant, assessment=draft, actor=owner, seen=seen, harm="The owner's")
    )
    assert codes == {"": ["edited_meanwhile"]}
    draft.refresh_from_db()
    assert draft.harm == "The officer's"
    assert refused(
        lambda: assessments.sign(tenant=tenant, assessment=draft, actor=owner, people_count=1, seen=seen)
    ) == {"": ["edited_meanwhile"]}
    assert {contribution.user for contribution in draft.contributions.all()} == {owner, officer}


def test_the_list_of_risks_is_replaced_in_order(tenant: Property, owner: User, draft: Assessment) -> None:
    rows = [HIGH | {"title": "B"}, HIGH | {"title": "A"}]
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=rows)
    assert [(risk.number, risk.title) for risk in draft.risks.all()] == [(1, "B"), (2, "A")]
    assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=rows[1:])
    assert [(risk.number, risk.title) for risk in draft.risks.all()] == [(1, "A")]


@pytest.mark.parametrize("change", [{"likelihood": 0}, {"impact": 6}, {"title": ""}, {"kind": "unheard_of"}])
def test_a_risk_out_of_shape_is_refused_by_its_number(
    tenant: Property, owner: User, draft: Assessment, change: dict
) -> None:
    with pytest.raises(ValidationError, match="2"):
        assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=[HIGH, HIGH | change])


def test_sixty_risks_are_enough(tenant: Property, owner: User, draft: Assessment) -> None:
    codes = refused(lambda: assessments.edit(tenant=tenant, assessment=draft, actor=owner, risks=[HIGH] * 61))
    assert codes == {"risks": ["too_many"]}


def test_the_next_version_starts_from_the_last_and_ends_what_it_covers(
    tenant: Property, owner: User, draft: Assessment
) -> None:
    first = sign(tenant, draft, owner)
    following = assessments.start_draft(tenant=tenant, actor=owner)
    assert (following.version, following.harm, following.conclusion) == (2, "written", "")
    assert following.risks.count() == first.risks.count()
    assessments.edit(tenant=tenant, assessment=following, actor=owner, conclusion="acceptable")
    sign(tenant, following, owner)
    first.refresh_from_db()
    assert first.covers_until == timezone.localdate()
    assert assessments.current(tenant) == following


def test_a_discarded_draft_leaves_its_number_free(tenant: Property, owner: User, draft: Assessment) -> None:
    assessments.discard_draft(tenant=tenant, assessment=draft)
    assert not Assessment.objects.filter(tenant=tenant).exists()
    assert assessments.start_draft(tenant=tenant, actor=owner).version == 1


def test_an_assessment_of_another_property_is_refused(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    foreign = assessments.start_draft(tenant=other, actor=owner)
    assert refused(lambda: sign(tenant, foreign, owner)) == {"": ["different_tenants"]}
