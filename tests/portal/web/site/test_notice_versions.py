"""The builder's hints, a day to come, and what changed between versions."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property, User
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


def publish_for(tenant: Property, owner: User, *, days: int, **texts: str) -> Notice:
    """Publish a version that waits."""
    enter_tenant(tenant.pk)
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **texts)
    day = timezone.localdate() + timedelta(days=days)
    return notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)


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

    def test_a_version_that_was_overtaken_is_not_announced(
        self, client: Client, tenant: Property, owner: User, at: Callable[..., str]
    ) -> None:
        factories.make_notice(tenant)
        overtaken = publish_for(tenant, owner, days=30, rights_zh="第一次改")
        publish_for(tenant, owner, days=20, rights_zh="第二次改")
        for page in (at("notices"), at("notice", overtaken)):
            assert "Overtaken by version 3" in client.get(page, **ENGLISH).content.decode()
        assert client.get(at("notices"), **ENGLISH).content.decode().count("Waits for its day") == 1
        for sheet in ("notice_poster", "notice_sign"):
            page = client.get(at(sheet, overtaken), **ENGLISH).content.decode()
            assert "Version 3 overtook this version" in page
            assert "Take its sheets down" in page

    def test_on_another_day_others_may_be_asked_again_and_that_is_said_first(
        self, client: Client, tenant: Property, owner: User, at: Callable[..., str]
    ) -> None:
        """The version that waits asks again; one that follows it says the same words and would not."""
        factories.make_notice(tenant)
        publish_for(tenant, owner, days=10, retention_en="Ninety days.")
        enter_tenant(tenant.pk)
        draft = notices.start_draft(tenant=tenant)
        question = client.get(at("notice_publish", draft), **ENGLISH)
        form = question.context["form"]
        assert form["shown"].value() == "retention"
        day = (timezone.localdate() + timedelta(days=20)).isoformat()
        sent = {"seen": form["seen"].value(), "shown": form["shown"].value(), "effective_on": day}
        again = client.post(at("notice_publish", draft), sent, **ENGLISH)
        assert "others are asked again than was said here" in again.content.decode()
        assert again.context["reasons"] == []
        assert again.context["form"]["shown"].value() == ""
        enter_tenant(tenant.pk)
        assert Notice.objects.filter(state=NoticeState.DRAFT).exists()
        client.post(at("notice_publish", draft), sent | {"shown": again.context["form"]["shown"].value()})
        enter_tenant(tenant.pk)
        assert Notice.objects.get(version=3).asks_again_for == []

    def test_a_form_that_showed_no_reason_asks_nobody_again(
        self, client: Client, tenant: Property, at: Callable[..., str]
    ) -> None:
        factories.make_notice(tenant)
        draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), retention_en="Ninety days.")
        refused = client.post(at("notice_publish", draft))
        assert refused.context["form"].has_error("__all__", "other_reasons")

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


def test_only_a_yes_that_holds_today_counts_as_a_person_who_is_asked_again(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    factories.make_consented_person(tenant)
    factories.rewrite(person.consents.all(), ends_on=timezone.localdate() - timedelta(days=1))
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), retention_en="Ninety days.")
    assert client.get(at("notice_publish", draft)).context["affected"]["people"] == 1
