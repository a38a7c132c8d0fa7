"""The guide writes what its reader saw, with the typed answers in it, or leads to the full form; another one signs."""

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from portal.web.reads.setup import is_ready
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.premises.models import Device
from tenants.premises.services import devices
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments
from tests import factories
from tests.portal.web.site.test_setup import answers, walk

pytestmark = pytest.mark.django_db

At = Callable[..., str]
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}
TYPED = {"needed": "需要的理由", "not_enough": "不够的理由", "fits": "相称的理由", "acceptable": "on"}


@pytest.fixture
def opened(client: Client, tenant: Property, at: At) -> dict[str, Any]:
    """What the assessment step would send, opened and filled in, not sent yet."""
    client.post(at("setup_door"), answers(client, at("setup_door")) | {"name": "东门"})
    facts = {"vendor": "示例厂商", "algorithm": "A", "algorithm_version": "1"}
    client.post(at("setup_device"), answers(client, at("setup_device")) | facts)
    return answers(client, at("setup_assessment")) | TYPED


def officer_writes(tenant: Property, **texts: Any) -> Assessment:
    enter_tenant(tenant.pk)
    officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
    draft = Assessment.objects.get(tenant=tenant)
    return assessments.edit(tenant=tenant, assessment=draft, actor=officer, seen=draft.revision, **texts)


def written(tenant: Property) -> Assessment | None:
    """The draft, when nothing but a signature is missing from it."""
    enter_tenant(tenant.pk)
    draft = Assessment.objects.get(tenant=tenant, state="draft")
    return draft if is_ready(tenant, draft) else None


def test_what_waits_for_a_signature_holds_every_answer(
    client: Client, tenant: Property, owner: User, at: At, opened: dict[str, Any]
) -> None:
    client.post(at("setup_assessment"), opened | {"needed": "需要的理由。"})
    draft = written(tenant)
    assert assessments.current(tenant) is None
    assert assessments.writers(draft) == {owner.pk}
    text = " ".join(draft.texts.values())
    assert all(answer in text for answer in ("需要的理由", "不够的理由", "相称的理由"))
    assert "____" not in text and "理由。。" not in text and "理由。." not in text


def test_an_answer_that_says_nothing_is_refused_beside_its_field(
    client: Client, tenant: Property, at: At, opened: dict[str, Any]
) -> None:
    answer = client.post(at("setup_assessment"), opened | {"needed": "。", "seen_from": "____"})
    assert set(answer.context["form"].errors) == {"needed", "seen_from"}
    assert written(tenant) is None


def test_the_next_version_has_no_open_places_and_goes_on_in_the_full_form(
    client: Client, tenant: Property, at: At
) -> None:
    walk(client, tenant, at)
    enter_tenant(tenant.pk)
    device = Device.objects.get(tenant=tenant)
    devices.update(tenant=tenant, device=device, vendor="另一厂商")
    page = client.get(at("setup_assessment"), **ENGLISH)
    draft = Assessment.objects.get(tenant=tenant, state="draft")
    assert at("assessment_edit", draft) in page.content.decode()
    assert "Save for signing" not in page.content.decode()
    late = client.post(at("setup_assessment"), TYPED | {"seen": "0", "seen_from": "投诉", "months": "6"}, **ENGLISH)
    assert "需要的理由" in late.content.decode()
    assert "Nothing was saved here" in late.content.decode()
    enter_tenant(tenant.pk)
    assert assessments.current(tenant).version == 1


def test_what_a_colleague_found_not_acceptable_is_not_turned_round(
    client: Client, tenant: Property, at: At, opened: dict[str, Any]
) -> None:
    officer_writes(tenant, conclusion="not_acceptable", officer_comment="先停一停")
    late = client.post(at("setup_assessment"), opened, **ENGLISH)
    assert "A colleague found the risk not acceptable" in late.content.decode()
    assert "需要的理由" in late.content.decode()
    # A second press, with what that page knows, saves nothing either.
    seen = late.context["form"]["seen"].value()
    client.post(at("setup_assessment"), opened | {"seen": seen})
    assert written(tenant) is None
    draft = Assessment.objects.get(tenant=tenant)
    assert (draft.conclusion, draft.officer_comment) == ("not_acceptable", "先停一停")


def test_what_a_colleague_saved_meanwhile_is_shown_before_it_is_completed(
    client: Client, tenant: Property, at: At, opened: dict[str, Any]
) -> None:
    officer_writes(tenant, harm="同事刚补充的风险", officer_comment="建议同意")
    late = client.post(at("setup_assessment"), opened, **ENGLISH)
    page = late.content.decode()
    assert written(tenant) is None
    assert all(
        text in page for text in ("同事刚补充的风险", "建议同意", "需要的理由", "Somebody else saved this draft")
    )
    assert '<details class="card" open>' in page
    client.post(at("setup_assessment"), opened | {"seen": late.context["form"]["seen"].value()})
    assert written(tenant).harm == "同事刚补充的风险"


@pytest.mark.parametrize("change", [{"lawfulness": "同事写完了"}, {"harm": "这里还空着 ____"}])
def test_a_draft_with_other_places_than_the_guide_asks_for_goes_the_long_way(
    client: Client, tenant: Property, at: At, opened: dict[str, Any], change: dict[str, str]
) -> None:
    draft = officer_writes(tenant, **change)
    assert client.get(at("setup_assessment")).context["is_short"] is False
    for seen in ("0", str(draft.revision)):
        assert client.post(at("setup_assessment"), opened | {"seen": seen}).status_code == 200
    assert written(tenant) is None


def test_a_device_that_changed_after_the_page_was_opened_is_looked_at_again(
    client: Client, tenant: Property, owner: User, at: At, opened: dict[str, Any]
) -> None:
    enter_tenant(tenant.pk)
    devices.update(tenant=tenant, device=Device.objects.get(tenant=tenant), vendor="另一厂商")
    client.post(at("setup_assessment"), opened)
    assert written(tenant) is None
