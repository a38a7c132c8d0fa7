"""Notices: a draft, a version in force, and nothing that changes afterwards."""

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.utils import IntegrityError

from tenants.organizations.models import Property, User
from tenants.organizations.services.properties import update_property
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules.notices import FIELDS, content_hash
from tenants.transparency.services import notices
from tests import factories

FULL = dict.fromkeys(FIELDS, "text")


def test_a_draft_starts_from_what_the_portal_knows(tenant: Property) -> None:
    draft = notices.start_draft(tenant=tenant)
    assert tenant.handler.name in draft.handler_contact_zh
    assert (draft.version, draft.state) == (1, NoticeState.DRAFT)
    assert notices.start_draft(tenant=tenant) == draft, "One draft at a time"


def test_a_draft_may_be_unfinished_and_a_published_notice_may_not(tenant: Property, owner: User) -> None:
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), purpose_method_zh="开门")
    with pytest.raises(ValidationError) as refused:
        notices.publish(tenant=tenant, notice=draft, actor=owner)
    assert set(refused.value.error_dict) == {"purpose_method_en", "necessity_effect_zh", "necessity_effect_en"}


@pytest.mark.parametrize("field", ["retention_zh", "retention_en"])
def test_a_period_without_an_end_is_refused_beside_its_field(tenant: Property, owner: User, field: str) -> None:
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL | {field: "永久保存"})
    with pytest.raises(ValidationError) as refused:
        notices.publish(tenant=tenant, notice=draft, actor=owner)
    assert [error.code for error in refused.value.error_dict[field]] == ["endless"]


def test_publishing_freezes_the_exact_text(tenant: Property, owner: User) -> None:
    notice = factories.make_notice(tenant, actor=owner)
    assert notice.content_hash == content_hash(notice.texts, storage_mode=notice.storage_mode, allows_under_14=False)
    assert (notice.published_by, notice.published_at is not None) == (owner, True)
    for act in (
        lambda: notices.edit(tenant=tenant, notice=notice, rights_zh="x"),
        lambda: notices.publish(tenant=tenant, notice=notice, actor=owner),
        lambda: notices.discard_draft(tenant=tenant, notice=notice),
    ):
        with pytest.raises(ValidationError) as refused:
            act()
        assert refused.value.code == "published"


def test_the_database_refuses_what_the_service_would(tenant: Property) -> None:
    notice = factories.make_notice(tenant)
    notice.rights_zh = "x"
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        notice.save()
    with pytest.raises(IntegrityError, match="never changes"), transaction.atomic():
        notice.delete()


def test_the_next_version_replaces_the_one_in_force_and_keeps_it(tenant: Property) -> None:
    first, second = factories.make_notice(tenant), factories.make_notice(tenant)
    assert [notice.version for notice in (first, second)] == [1, 2]
    assert Notice.objects.filter(tenant=tenant).current() == second
    assert Notice.objects.filter(tenant=tenant).published().count() == 2


def test_a_discarded_draft_leaves_its_number_free(tenant: Property) -> None:
    factories.make_notice(tenant)
    notices.discard_draft(tenant=tenant, notice=notices.start_draft(tenant=tenant))
    assert notices.start_draft(tenant=tenant).version == 2


def test_only_a_material_change_asks_everybody_again(tenant: Property) -> None:
    factories.make_notice(tenant)
    assert not factories.make_notice(tenant, rights_zh="改了措辞").needs_new_consent
    assert factories.make_notice(tenant, purpose_method_zh="新的用途").needs_new_consent


def test_another_place_of_storage_asks_everybody_again(tenant: Property) -> None:
    factories.make_notice(tenant)
    update_property(tenant=tenant, storage_mode="on_device")
    assert factories.make_notice(tenant).needs_new_consent


def test_publishing_stores_why_everybody_is_asked_again(tenant: Property) -> None:
    factories.make_notice(tenant)
    changed = factories.make_notice(tenant, collected_zh="体温", retention_zh="三十天")
    assert changed.asks_again_for == ["collected", "retention"]
    assert len(changed.reasons) == 2


@pytest.mark.parametrize(
    ("field", "text", "code"),
    [
        ("purpose_method_zh", "进出小区必须刷脸", "must_use_face"),
        ("necessity_effect_en", "For better service.", "better_service"),
        ("collected_zh", "照片\n姓名", "lists_differ"),
        ("minors_en", "", "missing"),
    ],
)
def test_what_misleads_or_is_missing_is_refused_beside_its_field(
    tenant: Property, owner: User, field: str, text: str, code: str
) -> None:
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL | {field: text})
    with pytest.raises(ValidationError) as refused:
        notices.publish(tenant=tenant, notice=draft, actor=owner)
    assert [error.code for error in refused.value.error_dict[field]] == [code]
    assert not Notice.objects.published().exists()


def test_a_notice_of_another_property_is_refused(tenant: Property, owner: User) -> None:
    other = factories.make_property()
    foreign = notices.start_draft(tenant=other)
    with pytest.raises(ValidationError) as refused:
        notices.publish(tenant=tenant, notice=foreign, actor=owner)
    assert refused.value.code == "different_tenants"
