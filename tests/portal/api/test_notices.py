"""Notices over the API: checked, published from a day, not overwritten, and public by version and fingerprint."""

from datetime import timedelta
from urllib.parse import urlencode

import pytest
from django.utils import timezone
from rest_framework.test import APIClient

from tenants.organizations.models import Property
from tenants.transparency.rules.notices import FIELDS
from tests import factories

FULL = dict.fromkeys(FIELDS, "text")


@pytest.fixture
def draft(api: APIClient, base: str) -> str:
    """The address of a complete draft."""
    url = f"{base}notices/{api.post(f'{base}notices/').json()['id']}/"
    assert api.patch(url, FULL, format="json").status_code == 200
    return url


def test_a_draft_is_checked_before_anybody_publishes_it(api: APIClient, draft: str) -> None:
    assert api.get(f"{draft}check/").json() == {"findings": [], "asks_again_for": []}
    api.patch(draft, {"rights_en": "You must use your face."}, format="json")
    (finding,) = api.get(f"{draft}check/").json()["findings"]
    assert (finding["code"], finding["field"], finding["severity"]) == ("must_use_face", "rights_en", "block")
    assert finding["suggestion"]
    refused = api.post(f"{draft}publish/")
    assert (refused.status_code, refused.json()["code"]) == (400, "must_use_face")


def test_a_version_takes_effect_on_the_day_that_is_sent(api: APIClient, draft: str) -> None:
    day = timezone.localdate() + timedelta(days=10)
    assert api.post(f"{draft}publish/", {"effective_on": "2020-01-01"}, format="json").json()["code"] == "too_early"
    published = api.post(f"{draft}publish/", {"effective_on": day.isoformat()}, format="json").json()
    assert (published["state"], published["effective_on"]) == ("published", day.isoformat())


def test_nobody_overwrites_what_they_have_not_read(api: APIClient, draft: str) -> None:
    seen = api.get(draft).json()["updated_at"]
    read = api.patch(draft, {"rights_en": "One.", "seen": seen}, format="json")
    assert read.status_code == 200
    late = api.patch(draft, {"rights_en": "Two.", "seen": seen}, format="json")
    assert (late.status_code, late.json()["code"]) == (400, "edited_meanwhile")
    assert api.post(f"{draft}publish/", {"seen": seen}, format="json").json()["code"] == "edited_meanwhile"
    assert api.post(f"{draft}publish/", {"seen": read.json()["updated_at"]}, format="json").status_code == 200


def test_what_a_change_asks_is_said_beforehand_and_stored(api: APIClient, base: str, tenant: Property) -> None:
    factories.make_notice(tenant, **FULL)
    url = f"{base}notices/{api.post(f'{base}notices/').json()['id']}/"
    api.patch(url, {"collected_en": "a photo"}, format="json")
    assert api.get(f"{url}check/").json()["asks_again_for"] == ["collected"]
    assert api.post(f"{url}publish/").json()["asks_again_for"] == ["collected"]


def test_who_is_asked_again_is_said_of_the_day_that_is_meant(api: APIClient, base: str, tenant: Property) -> None:
    factories.make_notice(tenant, **FULL)
    first = f"{base}notices/{api.post(f'{base}notices/').json()['id']}/"
    api.patch(first, {"collected_en": "a photo"}, format="json")
    days = [(timezone.localdate() + timedelta(days=ahead)).isoformat() for ahead in (10, 20)]
    assert api.post(f"{first}publish/", {"effective_on": days[0]}, format="json").status_code == 200
    second = f"{base}notices/{api.post(f'{base}notices/').json()['id']}/"
    assert api.get(f"{second}check/").json()["asks_again_for"] == ["collected"]
    assert api.get(f"{second}check/", {"effective_on": days[1]}).json()["asks_again_for"] == []
    assert api.get(f"{second}check/", {"effective_on": "soon"}).status_code == 400
    told = {"effective_on": days[1], "asks_again_for": ["collected"]}
    assert api.post(f"{second}publish/", told, format="json").json()["code"] == "other_reasons"
    assert api.post(f"{second}publish/", told | {"asks_again_for": []}, format="json").status_code == 200


def test_nobody_discards_what_they_have_not_read(api: APIClient, draft: str) -> None:
    seen = api.get(draft).json()["updated_at"]
    api.patch(draft, {"rights_en": "One."}, format="json")
    late = api.delete(f"{draft}?{urlencode({'seen': seen})}")
    assert (late.status_code, late.json()["code"]) == (400, "edited_meanwhile")
    assert api.delete(f"{draft}?{urlencode({'seen': api.get(draft).json()['updated_at']})}").status_code == 204


def test_every_published_version_is_public_by_number_and_fingerprint(tenant: Property) -> None:
    notice = factories.make_notice(tenant)
    factories.make_notice(tenant, rights_zh="改了措辞")
    url, client = f"/api/v1/public/{tenant.slug}/notice/", APIClient()
    assert client.get(url).json()["version"] == 2
    assert client.get(f"{url}1/").json()["content_hash"] == notice.content_hash
    assert client.get(f"{url}1/{notice.content_hash[:8]}/").json()["version"] == 1
    for wrong in (
        f"{url}2/{notice.content_hash}/",
        f"{url}1/{notice.content_hash[:7]}/",
        f"{url}3/",
        f"{url}{10**20}/",
    ):
        assert client.get(wrong).status_code == 404
