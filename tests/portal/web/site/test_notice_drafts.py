"""Two managers at one draft: no typed word is lost, and none is published or thrown away unseen."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS, LONGEST_TEXT
from tenants.transparency.services import notices

pytestmark = pytest.mark.django_db

FULL = dict.fromkeys(FIELDS, "text")
ENGLISH = {"HTTP_ACCEPT_LANGUAGE": "en"}


@pytest.fixture
def draft(tenant: Property) -> Notice:
    return notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL)


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

    def test_a_draft_that_changed_under_the_question_is_not_discarded_unseen(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str]
    ) -> None:
        seen = client.get(at("notice_discard", draft)).context["form"]["seen"].value()
        enter_tenant(tenant.pk)
        notices.edit(tenant=tenant, notice=draft, rights_zh="陈改的")
        refused = client.post(at("notice_discard", draft), {"seen": seen}, **ENGLISH)
        assert "saved this draft at" in refused.content.decode()
        assert self.saved(tenant) == "陈改的"
        client.post(at("notice_discard", draft), {"seen": refused.context["form"]["seen"].value()})
        enter_tenant(tenant.pk)
        assert not Notice.objects.exists()

    @pytest.mark.parametrize("end", ["discarded", "published"])
    def test_words_for_a_draft_that_is_gone_go_into_the_next(
        self, client: Client, tenant: Property, owner: User, draft: Notice, at: Callable[..., str], end: str
    ) -> None:
        seen = client.get(at("notice_edit", draft)).context["form"]["seen"].value()
        enter_tenant(tenant.pk)
        if end == "discarded":
            notices.discard_draft(tenant=tenant, notice=draft)
        else:
            notices.publish(tenant=tenant, notice=draft, actor=owner)
        mine = FULL | {"rights_zh": "王写的。", "collected_zh": "照片\r\n姓名", "seen": seen}
        refused = client.post(at("notice_edit", draft), mine, **ENGLISH)
        assert f"This draft was {end} meanwhile" in refused.content.decode()
        form = refused.context["form"]
        assert form["rights_zh"].value() == "王写的。"
        carried = {name: form[name].value() for name in form.fields}
        assert client.post(at("notice_draft"), carried).status_code == 302
        assert self.saved(tenant) == "王写的。"
        enter_tenant(tenant.pk)
        assert Notice.objects.get(state=NoticeState.DRAFT).edited_by == owner

    def test_words_for_a_draft_that_is_gone_do_not_overwrite_the_next_of_a_colleague(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str]
    ) -> None:
        notices.discard_draft(tenant=tenant, notice=draft)
        refused = client.post(at("notice_edit", draft), FULL | {"rights_zh": "可以停止。王写的。"})
        carried = {name: refused.context["form"][name].value() for name in refused.context["form"].fields}
        enter_tenant(tenant.pk)
        theirs = notices.edit(
            tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL | {"rights_zh": "可以停止。陈写的。"}
        )
        compared = client.post(at("notice_draft"), carried, **ENGLISH)
        assert "<del>陈写的。</del><ins>王写的。</ins>" in compared.content.decode()
        assert f'action="{at("notice_edit", theirs)}"' in compared.content.decode()
        assert self.saved(tenant) == "可以停止。陈写的。"

    def test_an_address_that_never_was_a_draft_is_not_found(
        self, client: Client, draft: Notice, at: Callable[..., str]
    ) -> None:
        notices.discard_draft(tenant=draft.tenant, notice=Notice.objects.get())
        assert client.get(at("notice_edit", draft)).status_code == 404
        assert client.post(at("notice_edit", draft), {"next": "publish"}).status_code == 404

    def test_only_fields_that_differ_are_shown_however_a_line_ends(
        self, client: Client, tenant: Property, draft: Notice, at: Callable[..., str]
    ) -> None:
        texts = FULL | {"collected_zh": "照片\n姓名", "collected_en": "a photo\na name"}
        seen = client.get(at("notice_edit", draft)).context["form"]["seen"].value()
        enter_tenant(tenant.pk)
        notices.edit(tenant=tenant, notice=draft, **texts | {"rights_zh": "陈写的"})
        mine = {field: text.replace("\n", "\r\n") for field, text in texts.items()} | {"seen": seen}
        assert list(client.post(at("notice_edit", draft), mine).context["theirs"]) == ["rights_zh"]

    def saved(self, tenant: Property) -> str:
        enter_tenant(tenant.pk)
        return Notice.objects.get(state=NoticeState.DRAFT).rights_zh


def test_a_text_as_long_as_the_page_allows_is_as_long_as_the_api_allows(
    client: Client, tenant: Property, draft: Notice, at: Callable[..., str]
) -> None:
    """A browser counts the end of a line as one character and sends two."""
    longest = "字" * (LONGEST_TEXT - 4) + "\r\n字\r\n字"
    assert client.post(at("notice_edit", draft), FULL | {"rights_zh": longest}).status_code == 302
    api = f"/api/v1/properties/{tenant.slug}/notices/{draft.pk}/"
    for length, status in ((LONGEST_TEXT, 200), (LONGEST_TEXT + 1, 400)):
        sent = client.patch(api, {"rights_zh": "字" * length}, content_type="application/json")
        assert sent.status_code == status
        page = client.post(at("notice_edit", draft), FULL | {"rights_zh": "字" * length})
        assert page.status_code == (302 if status == 200 else 200)
