"""Notices: an unfinished draft, the question before publishing, and a version for good."""

import re
from collections.abc import Callable

import pytest
from django.test import Client

from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS
from tests import factories

pytestmark = pytest.mark.django_db

TEXTS = {field: f"{field} 写好了" for field in FIELDS}


def draft(client: Client, tenant: Property, at: Callable[..., str]) -> Notice:
    client.post(at("notice_draft"))
    enter_tenant(tenant.pk)
    return Notice.objects.get(tenant=tenant, state=NoticeState.DRAFT)


def test_a_notice_is_written_and_published(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = draft(client, tenant, at)
    client.post(at("notice_edit", notice), {"purpose_method_zh": "开门"})
    refused = client.post(at("notice_publish", notice))
    assert refused.context["missing"] == 9

    saved = client.post(at("notice_edit", notice), TEXTS | {"next": "publish"})
    assert saved["Location"] == at("notice_publish", notice)
    published = client.post(at("notice_publish", notice), follow=True)
    assert published.context["is_current"]
    assert f"/p/{tenant.slug}/" in published.content.decode()
    enter_tenant(tenant.pk)
    notice.refresh_from_db()
    assert notice.state == NoticeState.PUBLISHED


def test_a_published_notice_cannot_be_changed(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = factories.make_notice(tenant)
    for page in ("notice_edit", "notice_publish", "notice_discard"):
        assert client.get(at(page, notice))["Location"] == at("notice", notice)
        assert client.post(at(page, notice), TEXTS).status_code == 200
    enter_tenant(tenant.pk)
    notice.refresh_from_db()
    assert notice.state == NoticeState.PUBLISHED
    assert notice.purpose_method_zh != TEXTS["purpose_method_zh"]


def test_endless_retention_is_not_published(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = draft(client, tenant, at)
    client.post(at("notice_edit", notice), TEXTS | {"retention_zh": "永久保存"})
    assert "永久" in client.post(at("notice_publish", notice)).content.decode()
    enter_tenant(tenant.pk)
    assert Notice.objects.filter(tenant=tenant).current() is None


def test_publishing_a_material_change_says_who_is_asked_again(
    client: Client, tenant: Property, at: Callable[..., str]
) -> None:
    factories.make_consented_person(tenant)
    notice = draft(client, tenant, at)
    same = client.get(at("notice_publish", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "consents stay valid" in same
    client.post(at("notice_edit", notice), TEXTS)
    changed = client.get(at("notice_publish", notice), HTTP_ACCEPT_LANGUAGE="en").content.decode()
    assert "The purpose or the method is another." in changed
    assert re.search(r"People who agreed</dt>\s*<dd[^>]*>1<", changed)


def test_a_draft_is_discarded(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = draft(client, tenant, at)
    client.post(at("notice_discard", notice))
    enter_tenant(tenant.pk)
    assert not Notice.objects.filter(tenant=tenant).exists()


def test_preview_and_poster_show_the_text(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = factories.make_notice(tenant, rights_zh="随时可以停止", rights_en="Stop at any time")
    preview = client.get(at("notice_preview", notice)).content.decode()
    assert "随时可以停止" in preview
    assert "Stop at any time" in preview
    for sheet in ("notice_poster", "notice_sign"):
        page = client.get(at(sheet, notice)).content.decode()
        assert "<svg" in page
        assert "style=" not in page


def test_a_draft_has_no_poster(client: Client, tenant: Property, at: Callable[..., str]) -> None:
    notice = draft(client, tenant, at)
    for sheet in ("notice_poster", "notice_sign", "notice_poster_pdf", "notice_sign_pdf"):
        assert client.get(at(sheet, notice))["Location"] == at("notice", notice)
