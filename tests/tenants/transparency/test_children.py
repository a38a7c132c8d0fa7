"""Whether children's faces are used is frozen with a notice: rules for children are rules only where it says so."""

import pytest
from django.core.exceptions import ValidationError

from tenants.clearance.checks import blockers
from tenants.clearance.services import check_person
from tenants.organizations.models import Property
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentStatus
from tenants.people.models import Person
from tenants.people.services.consents import consent_statuses
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import content_hash
from tenants.transparency.rules.publishing import must_ask_again
from tenants.transparency.rules.starting_texts import NO_CHILDREN
from tenants.transparency.services import notices
from tests import factories


def codes(person: Person) -> set[str]:
    return {check.code for check in blockers(check_person(Person.objects.get(pk=person.pk)))}


def test_a_notice_from_before_children_were_allowed_has_no_rules_for_them(tenant: Property) -> None:
    old = factories.make_notice(tenant, **NO_CHILDREN)
    update_property(tenant=tenant, allows_under_14=True)
    guardian = factories.make_guardian(tenant)
    assert "no_minors_rules" in codes(guardian.child)
    with pytest.raises(ValidationError) as refused:
        factories.agree(factories.make_guardian_visit(guardian))
    assert refused.value.code == "no_minors_rules"
    assert not Notice.objects.get(pk=old.pk).allows_under_14
    factories.make_notice(tenant)
    factories.agree(factories.make_guardian_visit(guardian))
    assert "no_minors_rules" not in codes(guardian.child)


def test_where_children_are_allowed_a_text_that_says_they_are_not_is_not_published(tenant: Property) -> None:
    update_property(tenant=tenant, allows_under_14=True)
    with pytest.raises(ValidationError) as refused:
        factories.make_notice(tenant, **NO_CHILDREN)
    found = {name: [error.code for error in errors] for name, errors in refused.value.error_dict.items()}
    assert found == {"minors_zh": ["says_no_children"], "minors_en": ["says_no_children"]}


def test_the_next_draft_asks_for_the_rules_and_does_not_keep_the_portals_own_no(tenant: Property) -> None:
    factories.make_notice(tenant, **NO_CHILDREN)
    assert notices.start_draft(tenant=tenant).texts["minors_zh"] == NO_CHILDREN["minors_zh"]
    notices.discard_draft(tenant=tenant, notice=Notice.objects.get(state="draft"))
    tenant = update_property(tenant=tenant, allows_under_14=True)
    assert {notices.start_draft(tenant=tenant).texts[name] for name in NO_CHILDREN} == {""}


def test_using_childrens_faces_asks_everybody_again_and_leaving_it_nobody(tenant: Property) -> None:
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit)
    tenant = factories.allow_children(tenant)
    allowed = Notice.objects.filter(tenant=tenant).current()
    assert (allowed.asks_again_for, allowed.allows_under_14) == (["children"], True)
    assert set(consent_statuses(visit.person).values()) == {ConsentStatus.STALE}
    tenant = update_property(tenant=tenant, allows_under_14=False)
    assert factories.make_notice(tenant).asks_again_for == []
    assert Notice.objects.get(pk=allowed.pk).allows_under_14


@pytest.mark.parametrize(("before", "after", "reasons"), [(0, 0, ()), (1, 1, ()), (1, 0, ()), (0, 1, ("children",))])
def test_only_more_than_before_is_asked_again(before: int, after: int, reasons: tuple[str, ...]) -> None:
    places = {"storage_before": "portal", "storage_after": "portal"}
    children = {"children_before": bool(before), "children_after": bool(after)}
    assert must_ask_again({}, {}, **places, **children) == reasons


def test_the_fingerprint_tells_them_apart(tenant: Property) -> None:
    texts = {"minors_zh": "x"}
    with_children, without = (
        content_hash(texts, storage_mode="portal", allows_under_14=allowed) for allowed in (True, False)
    )
    assert with_children != without
