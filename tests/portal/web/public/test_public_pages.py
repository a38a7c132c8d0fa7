"""What anybody may read: the property's page and its notices."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.services import notices
from tests import factories


def test_without_a_notice_no_face_may_be_used(client: Client, tenant: Property) -> None:
    for name in ("public", "public_notice"):
        page = client.get(reverse(name, args=[tenant.slug])).content.decode()
        assert "No face recognition may be used here yet" in page


def test_the_page_names_the_doors_and_the_other_ways(client: Client, tenant: Property, notice: Notice) -> None:
    device, _code = factories.make_active_device(tenant)
    page = client.get(reverse("public", args=[tenant.slug])).content.decode()
    assert device.access_point.name in page and "Card" in page and tenant.handler.name in page


def test_a_notice_shows_its_items_and_its_fingerprint(client: Client, tenant: Property, notice: Notice) -> None:
    page = client.get(reverse("public_notice", args=[tenant.slug])).content.decode()
    for _item, text in notice.items:
        assert text in page
    assert notice.content_hash in page and "<svg" in page


def test_an_old_version_says_what_replaced_it(client: Client, tenant: Property, notice: Notice) -> None:
    factories.make_notice(tenant, rights_en="Call us.")
    page = client.get(reverse("public_notice_version", args=[tenant.slug, 1])).content.decode()
    assert "replaced by version 2" in page
    assert "Call us." not in page


@pytest.mark.parametrize("version", [2, 0, 99999999999999999999])
def test_drafts_and_unknown_versions_are_not_found(
    client: Client, tenant: Property, notice: Notice, version: int
) -> None:
    notices.start_draft(tenant=tenant)
    assert client.get(reverse("public_notice_version", args=[tenant.slug, version])).status_code == 404


def test_the_exact_text_has_an_address_for_good(client: Client, tenant: Property, notice: Notice) -> None:
    factories.make_notice(tenant, rights_en="Call us.")
    exact = lambda fingerprint: reverse("public_notice_exact", args=[tenant.slug, 1, fingerprint])  # noqa: E731
    for fingerprint in (notice.content_hash, notice.content_hash[:8]):
        assert notice.content_hash in client.get(exact(fingerprint)).content.decode()
    for fingerprint in ("f" * 64, notice.content_hash[:7], "no-such-thing"):
        assert client.get(exact(fingerprint)).status_code == 404


def test_a_waiting_version_says_from_when_it_holds(client: Client, tenant: Property, owner: User) -> None:
    day = timezone.localdate() + timedelta(days=9)
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **dict.fromkeys(FIELDS, "Soon."))
    notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)
    home = client.get(reverse("public_notice", args=[tenant.slug])).content.decode()
    assert "No face recognition may be used here yet" in home
    assert "Soon." not in home
    waiting = client.get(reverse("public_notice_version", args=[tenant.slug, 1])).content.decode()
    assert "not in force yet" in waiting
    assert "Soon." in waiting


def test_what_comes_is_told_before_it_comes(client: Client, tenant: Property, notice: Notice, owner: User) -> None:
    day = timezone.localdate() + timedelta(days=9)
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), retention_en="Nine days.")
    notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)
    page = client.get(reverse("public_notice", args=[tenant.slug])).content.decode()
    assert "A new version takes effect on" in page
    assert reverse("public_notice_version", args=[tenant.slug, 2]) in page


def test_a_version_that_never_takes_effect_is_not_announced_and_says_what_took_its_place(
    client: Client, tenant: Property, notice: Notice, owner: User
) -> None:
    for ahead in (9, 5):
        day = timezone.localdate() + timedelta(days=ahead)
        draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), rights_en=f"In {ahead} days.")
        notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)
    address = {number: reverse("public_notice_version", args=[tenant.slug, number]) for number in (2, 3)}
    assert client.get(reverse("public_notice", args=[tenant.slug])).context["coming"].version == 3
    overtaken = client.get(address[2]).content.decode()
    assert "This version never takes effect. Version 3 took its place" in overtaken
    assert "It takes effect on" not in overtaken
    assert address[3] in overtaken


def test_where_a_version_only_waits_nothing_is_in_force_yet(client: Client, tenant: Property, owner: User) -> None:
    draft = notices.edit(tenant=tenant, notice=notices.start_draft(tenant=tenant), **dict.fromkeys(FIELDS, "Soon."))
    day = timezone.localdate() + timedelta(days=9)
    notices.publish(tenant=tenant, notice=draft, actor=owner, effective_on=day)
    overtaking = notices.start_draft(tenant=tenant)
    for name in ("public", "public_notice"):
        page = client.get(reverse(name, args=[tenant.slug])).content.decode()
        assert "Nothing is in force yet" in page
        assert "Nothing has been published" not in page
    notices.publish(tenant=tenant, notice=overtaking, actor=owner, effective_on=day)
    assert client.get(reverse("public_notice_version", args=[tenant.slug, 1])).status_code == 200


def test_a_resident_reads_what_changed_and_whether_they_are_asked_again(
    client: Client, tenant: Property, notice: Notice
) -> None:
    factories.make_notice(tenant, rights_en="Call us.")
    factories.make_notice(tenant, rights_en="Call us.", retention_en="Ninety days.")

    def changes(version: int, earlier: int) -> str:
        return client.get(reverse("public_notice_changes", args=[tenant.slug, version, earlier])).content.decode()

    assert "Nothing that people agreed to has changed" in changes(2, 1)
    assert "<ins>Call us.</ins>" in changes(2, 1)
    assert "Whoever said yes before is asked again" in changes(3, 2)
    assert "<ins>Ninety days.</ins>" in changes(3, 2)
    assert "every word is the same" in changes(1, 1)
    for version, earlier in ((4, 1), (1, 4), (0, 1), (10**20, 1)):
        address = reverse("public_notice_changes", args=[tenant.slug, version, earlier])
        assert client.get(address).status_code == 404


def test_an_unknown_property_is_not_found(client: Client, db: None) -> None:
    assert client.get("/p/nowhere/").status_code == 404


def test_every_page_can_change_the_language(client: Client, tenant: Property, notice: Notice) -> None:
    page = client.get(reverse("public", args=[tenant.slug])).content.decode()
    assert 'name="language"' in page and "中文" in page


@pytest.mark.django_db(transaction=True)
def test_pages_show_their_rows_in_a_transaction_of_their_own(client: Client) -> None:
    """As in the running portal: row-level security shows nothing before or after the request's own transaction."""
    with transaction.atomic():
        tenant = factories.make_property()
        factories.make_notice(tenant, rights_en="First.")
        device, _code = factories.make_active_device(tenant)
        door = device.access_point.name
    assert door in client.get(reverse("public", args=[tenant.slug])).content.decode()
    assert "First." in client.get(reverse("public_notice", args=[tenant.slug])).content.decode()
