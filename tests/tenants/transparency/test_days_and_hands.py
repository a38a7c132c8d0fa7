"""A version that waits for its day, two managers at one draft, and what a draft starts with."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations import changes
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentStatus
from tenants.people.services.consents import consent_statuses, oldest_valid_version
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.rules.starting_texts import storage_texts
from tenants.transparency.services import notices
from tests import factories

FULL = dict.fromkeys(FIELDS, "text")


def ready(tenant: Property, **texts: str) -> Notice:
    return notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **FULL | texts)


class TestTheFirstDay:
    def test_a_version_is_in_force_from_today_unless_told(self, tenant: Property, owner: User) -> None:
        notice = notices.publish(tenant=tenant, notice=ready(tenant), actor=owner)
        assert notice.effective_on == timezone.localdate()

    @pytest.mark.parametrize(("ahead", "code"), [(-1, "too_early"), (91, "too_late")])
    def test_a_day_that_is_past_or_too_far_is_refused_beside_its_field(
        self, tenant: Property, owner: User, ahead: int, code: str
    ) -> None:
        day = timezone.localdate() + timedelta(days=ahead)
        with pytest.raises(ValidationError) as refused:
            notices.publish(tenant=tenant, notice=ready(tenant), actor=owner, effective_on=day)
        assert [error.code for error in refused.value.error_dict["effective_on"]] == [code]

    def test_until_its_day_the_old_version_holds_and_is_asked(self, tenant: Property, owner: User) -> None:
        person, _visit = factories.make_consented_person(tenant)
        first, day = Notice.objects.get(), timezone.localdate() + timedelta(days=30)
        draft = ready(tenant, **first.texts | {"retention_zh": "三十天"})
        second = notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)
        rows = Notice.objects.filter(tenant=tenant)
        assert (second.needs_new_consent, rows.current(), list(rows.waiting())) == (True, first, [second])
        assert set(consent_statuses(person).values()) == {ConsentStatus.AGREED}
        factories.agree(factories.make_visit(tenant))

        assert rows.current(on=day) == second
        assert (oldest_valid_version(tenant), oldest_valid_version(tenant, on=day)) == (1, 2)

    def test_the_next_draft_goes_on_from_the_waiting_version(self, tenant: Property, owner: User) -> None:
        factories.make_notice(tenant)
        day = timezone.localdate() + timedelta(days=30)
        notices.publish(tenant=tenant, notice=ready(tenant, rights_zh="新的"), actor=owner, effective_on=day)
        draft = notices.start_draft(tenant=tenant)
        assert (draft.version, draft.rights_zh) == (3, "新的")

    def test_a_version_that_was_overtaken_does_not_wait(self, tenant: Property, owner: User) -> None:
        factories.make_notice(tenant)
        day = timezone.localdate() + timedelta(days=30)
        for text in ("三十天", "六十天"):
            notices.publish(tenant=tenant, notice=ready(tenant, retention_zh=text), actor=owner, effective_on=day)
        last = notices.publish(tenant=tenant, notice=ready(tenant), actor=owner, effective_on=day - timedelta(days=10))
        assert list(Notice.objects.waiting()) == [last]
        later = notices.publish(tenant=tenant, notice=ready(tenant), actor=owner, effective_on=day + timedelta(days=10))
        assert set(Notice.objects.waiting()) == {last, later}, "A later day takes nobody's place"

    def test_the_gate_hears_of_a_publication(
        self, tenant: Property, owner: User, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        heard: list[Property] = []
        monkeypatch.setattr(changes, "_listeners", [lambda *, tenant: heard.append(tenant)])
        notices.publish(tenant=tenant, notice=ready(tenant), actor=owner)
        assert heard == [tenant]


class TestTwoManagers:
    def test_the_second_to_save_is_told_who_and_when_and_overwrites_nothing(
        self, tenant: Property, owner: User
    ) -> None:
        colleague = factories.make_member(tenant, Role.MANAGER, email="chen@example.com")
        opened = notices.start_draft(tenant=tenant)
        notices.edit(tenant=tenant, notice=opened, actor=colleague, seen=opened.updated_at, rights_zh="陈写的")
        with pytest.raises(ValidationError) as refused:
            notices.edit(tenant=tenant, notice=opened, actor=owner, seen=opened.updated_at, rights_zh="王写的")
        assert refused.value.code == "edited_meanwhile"
        assert "chen@example.com" in refused.value.messages[0]
        assert str(timezone.localdate().year) in refused.value.messages[0]
        assert Notice.objects.get().rights_zh == "陈写的"

    def test_whoever_has_seen_the_others_words_may_save(self, tenant: Property, owner: User) -> None:
        opened = notices.start_draft(tenant=tenant)
        saved = notices.edit(tenant=tenant, notice=opened, actor=owner, rights_zh="陈写的")
        seen = saved.updated_at.isoformat()
        again = notices.edit(tenant=tenant, notice=opened, actor=owner, seen=seen, rights_zh="两人写的")
        assert again.rights_zh == "两人写的"

    @pytest.mark.parametrize("seen", ["", "yesterday", "2026-99-99T00:00:00", "2026-01-01T00:00:00"])
    def test_a_time_that_says_nothing_counts_as_another(self, tenant: Property, seen: str) -> None:
        with pytest.raises(ValidationError) as refused:
            notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), seen=seen, rights_zh="x")
        assert refused.value.code == "edited_meanwhile"

    def test_nobody_discards_words_that_they_have_not_seen(self, tenant: Property, owner: User) -> None:
        opened = notices.start_draft(tenant=tenant)
        saved = notices.edit(tenant=tenant, notice=opened, rights_zh="陈改的")
        with pytest.raises(ValidationError) as refused:
            notices.discard_draft(tenant=tenant, notice=opened, seen=opened.updated_at)
        assert refused.value.code == "edited_meanwhile"
        notices.discard_draft(tenant=tenant, notice=opened, seen=saved.updated_at)
        with pytest.raises(ValidationError) as gone:
            notices.edit(tenant=tenant, notice=opened, rights_zh="王写的")
        assert gone.value.code == "gone"

    def test_nobody_is_asked_again_for_reasons_that_were_not_shown(self, tenant: Property, owner: User) -> None:
        factories.make_notice(tenant)
        draft = ready(tenant, retention_zh="三十天")
        with pytest.raises(ValidationError) as refused:
            notices.publish(tenant=tenant, notice=draft, actor=owner, shown=["retention"])
        assert refused.value.code == "other_reasons"
        shown = notices.asks_again(tenant=tenant, draft=draft)
        assert notices.publish(tenant=tenant, notice=draft, actor=owner, shown=shown).asks_again_for == list(shown)

    def test_nobody_publishes_words_that_they_have_not_seen(self, tenant: Property, owner: User) -> None:
        opened = ready(tenant)
        notices.edit(tenant=tenant, notice=opened, rights_zh="陈改的")
        with pytest.raises(ValidationError) as refused:
            notices.publish(tenant=tenant, notice=opened, actor=owner, seen=opened.updated_at)
        assert refused.value.code == "edited_meanwhile"
        assert not Notice.objects.published().exists()


class TestStartingTexts:
    def test_a_new_place_of_storage_brings_its_own_texts_where_nobody_wrote_others(
        self, tenant: Property, owner: User
    ) -> None:
        first = notices.start_draft(tenant=tenant)
        own = FULL | first.texts | {"minors_zh": "我们自己写的规则"}
        own |= {field: "text" for field in FIELDS if field.startswith(("purpose", "necessity"))}
        notices.publish(tenant=tenant, notice=notices.edit(tenant=tenant, notice=first, **own), actor=owner)
        update_property(tenant=tenant, storage_mode="on_device")
        draft = notices.start_draft(tenant=tenant)
        assert draft.collected_zh != first.collected_zh
        assert "门口的设备" in draft.collected_zh
        assert draft.minors_zh == "我们自己写的规则"


def test_how_a_line_ends_is_nothing_that_people_agreed_to(tenant: Property, owner: User) -> None:
    """A browser sends another line end than an API caller."""
    lines = "One purpose.\r\nNothing else."
    first = notices.publish(tenant=tenant, notice=ready(tenant, purpose_method_en=lines), actor=owner)
    assert first.purpose_method_en == "One purpose.\nNothing else."
    second = notices.publish(
        tenant=tenant, notice=ready(tenant, purpose_method_en=first.purpose_method_en), actor=owner
    )
    assert second.asks_again_for == []


def test_a_text_about_the_other_place_of_storage_is_not_published(tenant: Property, owner: User) -> None:
    draft = notices.start_draft(tenant=tenant)
    own = {field: text or "text" for field, text in draft.texts.items()}
    draft = notices.edit(tenant=tenant, notice=draft, **own)
    update_property(tenant=tenant, storage_mode="on_device")
    with pytest.raises(ValidationError) as refused:
        notices.publish(tenant=tenant, notice=draft, actor=owner)
    fields = {"collected_zh", "collected_en", "recipients_zh", "recipients_en"}
    found = {name: [error.code for error in errors] for name, errors in refused.value.error_dict.items()}
    assert found == {field: ["other_storage"] for field in fields}
    now = {field: storage_texts("on_device")[field] for field in fields}
    assert (
        notices.publish(
            tenant=tenant, notice=notices.edit(tenant=tenant, notice=draft, **now), actor=owner
        ).storage_mode
        == "on_device"
    )


def test_a_published_version_is_found_by_its_number_and_fingerprint(tenant: Property) -> None:
    notice = factories.make_notice(tenant)
    rows = Notice.objects.filter(tenant=tenant)
    assert rows.exact(1) == rows.exact(1, notice.content_hash[:8]) == rows.exact(1, notice.content_hash) == notice
    wrong = "0" * 8 if notice.content_hash[:8] != "0" * 8 else "1" * 8
    assert rows.exact(1, wrong) is None
    assert rows.exact(1, notice.content_hash[:7]) is None, "Seven digits could be met by chance"
    assert rows.exact(2) is None
    notices.start_draft(tenant=tenant)
    assert rows.exact(2) is None, "A draft has no address"
