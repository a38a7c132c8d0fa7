"""The impact assessment over the API: the same rules, the same refusals."""

import pytest
from rest_framework.test import APIClient

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.transparency.rules.assessments import TEXTS
from tests import factories
from tests.portal.api.conftest import Caller

pytestmark = pytest.mark.django_db

FULL = dict.fromkeys(TEXTS, "written") | {"conclusion": "acceptable"}
RISK = {"title": "Leak", "likelihood": 4, "impact": 5}


def begin(api: APIClient, base: str) -> tuple[str, dict]:
    draft = api.post(f"{base}assessments/").json()
    return f"{base}assessments/{draft['id']}/", draft


def test_a_draft_is_written_and_signed(api: APIClient, base: str) -> None:
    url, draft = begin(api, base)
    assert len(draft["risks"]) == 9
    open_yet = api.post(f"{url}sign/", {"seen": draft["revision"]}, format="json").json()
    assert {"lawfulness", "conclusion"} <= set(open_yet["errors"])

    saved = api.patch(url, FULL | {"seen": draft["revision"]}, format="json").json()
    signed = api.post(f"{url}sign/", {"seen": saved["revision"]}, format="json").json()
    assert (signed["state"], len(signed["content_hash"])) == ("signed", 64)
    changed = api.patch(url, {"harm": "x", "seen": saved["revision"]}, format="json")
    assert (changed.status_code, changed.json()["code"]) == (400, "signed")
    assert api.delete(url).json()["code"] == "signed"
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
    url, _draft = begin(api, base)
    assert api.delete(url).status_code == 204
    assert api.get(url).status_code == 404


def test_a_manager_writes_and_does_not_sign(tenant: Property, base: str, caller: Caller) -> None:
    manager = caller(factories.make_member(tenant, Role.MANAGER))
    url, draft = begin(manager, base)
    saved = manager.patch(url, FULL | {"seen": draft["revision"]}, format="json").json()
    assert manager.post(f"{url}sign/", {"seen": saved["revision"]}, format="json").status_code == 403
