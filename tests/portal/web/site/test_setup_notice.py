"""The guide's notice: the very first is published there, any other the long way, and no colleague's word is lost."""

from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_property
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.services import notices
from tests import factories
from tests.portal.web.site.test_setup import answers

pytestmark = pytest.mark.django_db

At = Callable[..., str]
OWN = {"purpose_method_zh": "只开东门", "purpose_method_en": "Only the east gate"}


@pytest.fixture
def colleague(tenant: Property) -> User:
    return factories.make_member(tenant, Role.MANAGER, email="chen@example.com")


def reach(client: Client, at: At) -> str:
    """Do what comes before the notice; return its address."""
    typed = {
        "door": {"name": "东门"},
        "device": {"vendor": "示例厂商", "algorithm": "ArcFace", "algorithm_version": "3.2"},
        "assessment": {"needed": "双手提物", "not_enough": "忘带卡", "fits": "人脸少", "acceptable": "on"},
    }
    for step, data in typed.items():
        address = at(f"setup_{step}")
        client.post(address, answers(client, address) | data)
    return at("setup_notice")


def published(tenant: Property) -> list[Notice]:
    enter_tenant(tenant.pk)
    return list(Notice.objects.filter(tenant=tenant).published())


def test_the_first_notice_is_published_with_the_name_of_who_wrote_it(
    client: Client, tenant: Property, owner: User, at: At
) -> None:
    address = reach(client, at)
    client.post(address, answers(client, address) | OWN)
    (notice,) = published(tenant)
    assert (notice.purpose_method_zh, notice.edited_by) == ("只开东门", owner)


def test_a_notice_of_another_storage_leads_to_the_question_who_is_asked_again(
    client: Client, tenant: Property, at: At
) -> None:
    first = factories.make_notice(tenant)
    update_property(tenant=tenant, storage_mode="on_device")
    address = reach(client, at)
    page = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "whether everybody is asked again" in page
    assert at("notice_draft") in page
    assert 'name="purpose_method_zh"' not in page
    refused = client.post(address, OWN | {"necessity_effect_zh": "提物", "necessity_effect_en": "Hands full"})
    assert refused.context["form"]["purpose_method_zh"].value() == "只开东门"
    assert published(tenant) == [first]

    client.post(at("notice_draft"))
    enter_tenant(tenant.pk)
    draft = Notice.objects.get(state=NoticeState.DRAFT)
    page = client.get(address).content.decode()
    assert at("notice_edit", draft) in page
    assert at("notice_publish", draft) in page


def test_a_colleagues_draft_is_neither_overwritten_nor_published(
    client: Client, tenant: Property, colleague: User, at: At
) -> None:
    address = reach(client, at)
    typed = answers(client, address) | OWN
    enter_tenant(tenant.pk)
    draft = notices.start_draft(tenant=tenant, actor=colleague)
    notices.edit(tenant=tenant, notice=draft, actor=colleague, purpose_method_zh="陈写到一半")
    refused = client.post(address, typed, HTTP_ACCEPT_LANGUAGE="en")
    assert "Your words are still here" in refused.content.decode()
    assert refused.context["form"]["purpose_method_zh"].value() == "只开东门"
    assert published(tenant) == []
    draft.refresh_from_db()
    assert draft.purpose_method_zh == "陈写到一半"

    page = client.get(address, HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "A colleague is writing the first notice" in page
    assert at("notice_edit", draft) in page


def test_words_from_another_window_are_pointed_out_once(client: Client, tenant: Property, owner: User, at: At) -> None:
    address = reach(client, at)
    typed = answers(client, address) | OWN
    enter_tenant(tenant.pk)
    notices.edit(tenant=tenant, notice=Notice.objects.get(), actor=owner, rights_zh="另一个窗口写的")
    refused = client.post(address, typed, HTTP_ACCEPT_LANGUAGE="en")
    assert "saved this draft at" in refused.content.decode()
    assert published(tenant) == []
    client.post(address, typed | {"seen": refused.context["form"]["seen"].value()})
    assert [notice.rights_zh for notice in published(tenant)] == ["另一个窗口写的"]


def test_a_form_that_saw_nothing_publishes_nothing(client: Client, tenant: Property, at: At) -> None:
    address = reach(client, at)
    client.post(address, answers(client, address) | OWN | {"seen": ""})
    assert published(tenant) == []
