"""Complaints through the API, for members and for everybody."""

from rest_framework.test import APIClient

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights.models import Complaint
from tests import factories
from tests.portal.api.conftest import Caller


def test_a_complaint_is_sent_without_an_account_followed_and_answered(
    caller: Caller, api: APIClient, base: str, tenant: Property
) -> None:
    public = f"/api/v1/public/{tenant.slug}/complaints/"
    sent = caller(None).post(public, {"text": "摄像头太多"}, format="json")
    assert sent.status_code == 201
    assert [a["phone"] for a in sent.json()["authorities"]] == ["12377", "12345"]
    row = api.get(f"{base}complaints/").json()["results"][0]
    assert (row["state"], row["text"], row["number"]) == ("received", "摄像头太多", sent.json()["number"])
    assert api.get(f"{base}complaints/", {"state": "answered"}).json()["results"] == []
    answered = api.post(f"{base}complaints/{row['id']}/answer/", {"text": "已减少"}, format="json")
    assert (answered.json()["state"], answered.json()["working_days_left"]) == ("answered", None)
    shown = caller(None).get(f"{public}{sent.json()['tracking_code']}/").json()
    assert (shown["answer"], shown["state"], len(shown["authorities"])) == ("已减少", "answered", 2)


def test_what_is_wrong_is_named(caller: Caller, api: APIClient, base: str, tenant: Property) -> None:
    public = f"/api/v1/public/{tenant.slug}/complaints/"
    assert caller(None).post(public, {"text": ""}, format="json").status_code == 400
    assert caller(None).get(f"{public}0000-0000-0000-0000/").status_code == 404
    caller(None).post(public, {"text": "摄像头太多"}, format="json")
    answer = f"{base}complaints/{Complaint.objects.get().pk}/answer/"
    desk = caller(factories.make_member(tenant, Role.FRONT_DESK))
    assert desk.post(answer, {"text": "好"}, format="json").status_code == 403
    assert api.post(answer, {"text": "好"}, format="json").status_code == 200
    assert api.post(answer, {"text": "再"}, format="json").status_code == 400
