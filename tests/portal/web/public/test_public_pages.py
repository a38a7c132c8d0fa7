"""What anybody may read: the property's page and its notices."""

import pytest
from django.db import transaction
from django.test import Client
from django.urls import reverse

from tenants.organizations.models import Property
from tenants.transparency.models import Notice
from tenants.transparency.services import notices
from tests import factories


def test_without_a_notice_no_face_may_be_used(client: Client, tenant: Property) -> None:
    for name in ("public", "public_notice"):
        page = client.get(reverse(name, args=[tenant.slug])).content.decode()
        assert "No face recognition may be used here yet" in page


def test_the_page_names_the_doors_and_the_other_ways(client: Client, tenant: Property, notice: Notice) -> None:
    device, _credential = factories.make_active_device(tenant)
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
        device, _credential = factories.make_active_device(tenant)
        door = device.access_point.name
    assert door in client.get(reverse("public", args=[tenant.slug])).content.decode()
    assert "First." in client.get(reverse("public_notice", args=[tenant.slug])).content.decode()
