"""The builder's hints, two managers at one draft, a day to come, and what changed between versions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.services import notices
from tests import factories

pytestmark = pytest.mark.django_db

FULL = dict.fromkeys(FIELDS, "text")
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def draft(tenant: Property) -> Notice:
    return notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL)


def fields(response: Any) -> dict[str, Any]:
    groups = response.context["groups"]
    return {e["field"].name: e for group in groups for item in group["items"] for e in item["fields"]}


def test_a_finding_stands_beside_its_field_with_what_to_write_instead(
    client: Client, draft: Notice, at: Callable[..., str]
) -> None:
    saved = client.post(at("notice_edit", draft), FULL | {"rights_zh": "进出小区必须刷脸"}, follow=True)
    assert [finding.code for finding in fields(saved)["rights_zh"]["findings"]] == ["must_use_face"]
    assert fields(saved)["rights_en"]["findings"] == []
    page = saved.content.decode()
    assert "必须刷脸" in page
    assert 'aria-describedby="about_rights_zh' in page
    assert 'id="about_rights_zh"' in page
    assert saved.context["complete"] == 8


def test_an_empty_draft_offers_what_the_portal_knows_and_an_example_for_the_rest(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    client.post(at("notice_draft"))
    enter_tenant(tenant.pk)
    page = client.get(at("notice_edit", Notice.objects.get()))
    empty = {name for name, entry in fields(page).items() if not entry["field"].value()}
    assert empty == {"purpose_method_zh", "purpose_method_en", "necessity_effect_zh", "necessity_effect_en"}
    assert {name for name, entry in fields(page).items() if entry["example"]} == empty
    assert page.context["complete"] == 7


class TestTwoManagers:
    def test_the_second_keeps_the_typed_words_sees_the_others_and_may_then_save(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str], as_role: Callable[[Role], Client]
    ) -> None:
        colleague = as_role(Role.MANAGER)
        forms = [browser.get(at("notice_edit", draft)).context["form"] for browser in (client, colleague)]
        seen = [form["seen"].value() for form in forms]
        colleague.post(at("notice_edit", draft), FULL | {"rights_zh": "可以停止。陈写的。", "seen": seen[1]})
        mine = FULL | {"rights_zh": "可以停止。王写的。", "seen": seen[0]}
        refused = client.post(at("notice_edit", draft), mine, **ENGLISH)
        page = refused.content.decode()
        assert "saved this draft at" in page
        assert "Your words are still here" in page
        assert "<del>陈写的。</del><ins>王写的。</ins>" in page
        assert list(refused.context["theirs"]) == ["rights_zh"]
        assert refused.context["form"]["rights_zh"].value() == "可以停止。王写的。"
        assert self.saved(tenant) == "可以停止。陈写的。"

        again = mine | {"rights_zh": "可以停止。两人写的。", "seen": refused.context["form"]["seen"].value()}
        assert client.post(at("notice_edit", draft), again).status_code == 302
        assert self.saved(tenant) == "可以停止。两人写的。"

    def test_a_draft_that_changed_under_the_question_is_not_published_unseen(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str]
    ) -> None:
        seen = client.get(at("notice_publish", draft)).context["form"]["seen"].value()
        enter_tenant(tenant.pk)
        notices.edit(tenant=tenant, notice=draft, rights_zh="陈改的")
        refused = client.post(at("notice_publish", draft), {"seen": seen}, **ENGLISH)
        assert "saved this draft at" in refused.content.decode()
        enter_tenant(tenant.pk)
        assert not Notice.objects.published().exists()
        client.post(at("notice_publish", draft), {"seen": refused.context["form"]["seen"].value()})
        enter_tenant(tenant.pk)
        assert Notice.objects.published().exists()

    def saved(self, tenant: Property) -> str:
        enter_tenant(tenant.pk)
        return Notice.objects.get(state=NoticeState.DRAFT).rights_zh


class TestADayToCome:
    def test_a_version_waits_for_the_day_that_was_chosen(
        self, client: Client, tenant: Property, at: Callable[..., str]
    ) -> None:
        first = factories.make_notice(tenant)
        client.post(at("notice_draft"))
        enter_tenant(tenant.pk)
        draft = Notice.objects.get(state=NoticeState.DRAFT)
        day = timezone.localdate() + timedelta(days=30)
        said = client.post(at("notice_publish", draft), {"effective_on": day.isoformat()}, follow=True, **ENGLISH)
        assert "It takes effect on" in said.content.decode()
        enter_tenant(tenant.pk)
        assert Notice.objects.filter(tenant=tenant).current() == first
        listed = client.get(at("notices"), **ENGLISH).content.decode()
        assert "Waits for its day" in listed
        assert f"Version {first.version} is in force" in listed

    @pytest.mark.parametrize("day", ["2020-01-01", "2999-01-01", "yesterday", "0000-00-00"])
    def test_a_day_that_cannot_be_is_refused_beside_the_field(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str], day: str
    ) -> None:
        refused = client.post(at("notice_publish", draft), {"effective_on": day})
        assert refused.status_code == 200
        assert refused.context["form"].errors["effective_on"]
        enter_tenant(tenant.pk)
        assert not Notice.objects.published().exists()

    def test_the_day_is_offered_in_the_form_that_browsers_read(
        self, client: Client, draft: Notice, at: Callable[..., str]
    ) -> None:
        for language in ("zh-hans", "en"):
            page = client.get(at("notice_publish", draft), HTTP_ACCEPT_LANGUAGE=language).content.decode()
            assert f'value="{timezone.localdate().isoformat()}"' in page


class TestDifference:
    @pytest.fixture
    def address(self, tenant: Property, at: Callable[..., str]) -> Callable[..., str]:
        return lambda notice, version: f"{at('notice', notice)}difference/{version}/"

    def test_changes_are_marked_and_who_is_asked_again_is_said(
        self, client: Client, tenant: Property, address: Callable[..., str]
    ) -> None:
        factories.make_notice(tenant, retention_zh="保存 180 天。到期删除。")
        second = factories.make_notice(tenant, retention_zh="保存 90 天。到期删除。")
        page = client.get(address(second, 1), **ENGLISH)
        assert "<del>保存 180 天。</del><ins>保存 90 天。</ins>到期删除。" in page.content.decode()
        assert (len(page.context["changed"]), page.context["kept"]) == (1, 8)
        assert "It is kept for another period." in page.content.decode()

    def test_the_same_words_are_said_to_be_the_same(
        self, client: Client, tenant: Property, address: Callable[..., str]
    ) -> None:
        factories.make_notice(tenant)
        page = client.get(address(factories.make_notice(tenant), 1), **ENGLISH).content.decode()
        assert "says the same as version 1" in page
        assert "Consents stay valid" in page

    @pytest.mark.parametrize("version", [3, 0, 10**20])
    def test_only_published_versions_are_compared(
        self, client: Client, tenant: Property, address: Callable[..., str], version: int
    ) -> None:
        factories.make_notice(tenant)
        second = factories.make_notice(tenant)
        notices.start_draft(tenant=tenant)
        assert client.get(address(second, version)).status_code == 404

    def test_a_draft_is_compared_with_what_is_in_force(
        self, client: Client, tenant: Property, address: Callable[..., str], owner: User
    ) -> None:
        factories.make_notice(tenant)
        draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), collected_zh="照片")
        assert len(client.get(address(draft, 1)).context["changed"]) == 1


def test_pages_ask_the_same_of_the_database_however_many_versions_there_are(
    client: Client, tenant: Property, at: Callable[..., str], queries: Callable[..., int]
) -> None:
    first = factories.make_notice(tenant)
    pages = [at("notices"), at("notice", first), at("notice_publish", notices.start_draft(tenant=tenant))]
    before = [queries(lambda page=page: client.get(page)) for page in pages]
    enter_tenant(tenant.pk)
    notices.discard_draft(tenant=tenant, notice=Notice.objects.get(state=NoticeState.DRAFT))
    for number in range(5):
        factories.make_notice(tenant, rights_zh=f"第 {number} 次改", retention_zh=f"{number + 1} 天")
        factories.make_consented_person(tenant)
    pages[2] = at("notice_publish", notices.start_draft(tenant=tenant))
    assert [queries(lambda page=page: client.get(page)) for page in pages] == before
