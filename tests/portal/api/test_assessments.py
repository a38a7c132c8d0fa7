"""The impact assessment over the API: the same rules, the same refusals."""

import pytest
from rest_framework.test import APIClient

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.services import assessments
from tests import factories
from tests.portal.api.conftest import Caller

pytestmark = pytest.mark.django_db

FULL = dict.fromkeys(TEXTS, "written") | {"conclusion": "acceptable"}
RISK = {"title": "Leak", "likelihood": 4, "impact": 5}


def begin(api: APIClient, base: str) -> tuple[str, dict]:
    draft = api.post(f"{base}assessments/").json()
    return f"{base}assessments/{draft['id']}/", draft


@pytest.fixture
def officer(caller: Caller, tenant: Property) -> APIClient:
    """Somebody who writes in no assessment and may sign it."""
    return caller(factories.make_member(tenant, Role.PRIVACY_OFFICER))


def test_a_draft_is_written_by_one_and_signed_by_another(api: APIClient, officer: APIClient, base: str) -> None:
    url, draft = begin(api, base)
    assert len(draft["risks"]) == 9
    open_yet = api.post(f"{url}sign/", {"seen": draft["revision"]}, format="json").json()
    assert {"lawfulness", "conclusion"} <= set(open_yet["errors"])

    saved = api.patch(url, FULL | {"seen": draft["revision"]}, format="json").json()
    signed = officer.post(f"{url}sign/", {"seen": saved["revision"]}, format="json").json()
    assert (signed["state"], len(signed["content_hash"])) == ("signed", 64)
    changed = api.patch(url, {"harm": "x", "seen": saved["revision"]}, format="json")
    assert (changed.status_code, changed.json()["code"]) == (400, "signed")
    assert api.delete(f"{url}?seen={saved['revision']}").json()["code"] == "signed"
    assert [row["state"] for row in api.get(f"{base}assessments/?state=signed").json()["results"]] == ["signed"]


def test_the_second_of_two_writers_is_told(api: APIClient, base: str) -> None:
    url, draft = begin(api, base)
    assert api.patch(url, {"harm": "first", "seen": draft["revision"]}, format="json").status_code == 200
    late = api.patch(url, {"harm": "second", "seen": draft["revision"]}, format="json")
    assert (late.status_code, late.json()["code"]) == (400, "edited_meanwhile")
    assert api.get(url).json()["harm"] == "first"


def test_a_high_risk_without_an_owner_is_not_signed(api: APIClient, base: str) -> None:
    url, draft = begin(api, base)
    saved = api.patch(url, FULL | {"risks": [RISK], "seen": draft["revision"]}, format="json").json()
    assert [(risk["score"], risk["band"]) for risk in saved["risks"]] == [(20, "high")]
    refused = api.post(f"{url}sign/", {"seen": saved["revision"]}, format="json").json()
    assert [error["code"] for error in refused["errors"]["risks"]] == ["unsettled"]


@pytest.mark.parametrize(
    "broken",
    [
        {"risks": [RISK | {"likelihood": 6}]},
        {"risks": [RISK | {"kind": "unheard_of"}]},
        {"risks": [RISK] * 61},
        {"risks": "x"},
        {"track": "unheard_of"},
        {"harm": "x" * 8001},
        {"seen": None},
        {"scope": {}},
        {"state": "signed"},
    ],
)
def test_what_is_out_of_shape_changes_nothing(api: APIClient, base: str, broken: dict) -> None:
    url, draft = begin(api, base)
    assert api.patch(url, {"seen": 0} | broken, format="json").status_code == 400
    assert api.get(url).json() == draft


def test_a_draft_is_discarded(api: APIClient, base: str) -> None:
    url, draft = begin(api, base)
    assert api.delete(url).status_code == 400, "Which state of it is meant must be said"
    saved = api.patch(url, {"harm": "x", "seen": draft["revision"]}, format="json").json()
    late = api.delete(f"{url}?seen={draft['revision']}")
    assert (late.status_code, late.json()["code"]) == (400, "edited_meanwhile")
    assert api.delete(f"{url}?seen={saved['revision']}").status_code == 204
    assert api.get(url).status_code == 404


def test_who_wrote_and_who_signed_is_said(tenant: Property, api: APIClient, base: str, owner: User) -> None:
    author = factories.make_member(tenant)
    draft = assessments.start_draft(tenant=tenant, actor=author)
    assessments.edit(tenant=tenant, assessment=draft, actor=author, **FULL)
    url = f"{base}assessments/{draft.pk}/"
    before = api.get(url).json()
    assert (before["signed_by"], [one["email"] for one in before["contributors"]]) == (None, [author.email])
    api.post(f"{url}sign/", {"seen": before["revision"]}, format="json")
    assert api.get(url).json()["signed_by"] == owner.email
    assert api.get(f"{base}assessments/").json()["results"][0]["signed_by"] == owner.email


def test_something_serious_stops_everything_until_the_next_version(
    tenant: Property, api: APIClient, base: str, caller: Caller
) -> None:
    told = {"happened_on": "2026-03-01", "description": "一台终端被盗"}
    url = f"{base}assessments/incident/"
    assert api.post(url, told, format="json").json()["code"] == "nothing_signed"
    device, _code = factories.make_active_device(tenant)
    for broken in ({"description": " "}, {"happened_on": "2999-01-01"}, {"happened_on": None}, {"person": "x"}):
        assert api.post(url, told | broken, format="json").status_code == 400
    assert caller(factories.make_member(tenant, Role.AUDITOR)).post(url, told, format="json").status_code == 403
    stale = api.post(url, told, format="json")
    assert (stale.status_code, stale.json()["stale_for"]) == (201, ["incident"])
    assert [{name: one[name] for name in told} for one in stale.json()["incidents"]] == [told]
    assert api.get(f"{base}devices/{device.pk}/").json()["state"] == "suspended"


def test_a_manager_writes_and_does_not_sign(tenant: Property, base: str, caller: Caller) -> None:
    manager = caller(factories.make_member(tenant, Role.MANAGER))
    url, draft = begin(manager, base)
    saved = manager.patch(url, FULL | {"seen": draft["revision"]}, format="json").json()
    assert manager.post(f"{url}sign/", {"seen": saved["revision"]}, format="json").status_code == 403
