"""People, enrolments, requests, erasures over the API."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from rest_framework.test import APIClient

from recognition.enrollment.models import Capture, Enrollment
from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.properties import update_property
from tenants.people.kinds import ConsentDecision
from tenants.people.models import MinorAccess, MinorAccessView, PersonalLink
from tenants.people.services import minors, persons
from tests import factories, photos
from tests.fakes import face_photo


def upload(content: bytes, name: str = "自拍.jpg") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content, content_type="image/jpeg")


def test_a_person_is_added_corrected_and_gets_a_link(api: APIClient, tenant: Property, base: str) -> None:
    data = {"name": "李阿姨", "kind": "owner", "age_band": "adult", "room": "3-1202"}
    person = api.post(f"{base}people/", data, format="json").json()
    url = f"{base}people/{person['id']}/"
    assert api.put(url, data | {"room": "3-1203"}, format="json").json()["room"] == "3-1203"
    assert {check["code"] for check in api.get(url).json()["checks"]} >= {"consent_recognition_unanswered"}
    assert api.post(f"{url}link/").json()["errors"]["why"][0]["code"] == "required"
    link = api.post(f"{url}link/", {"why": "asked"}, format="json")
    assert link.status_code == 201
    assert f"/p/{tenant.slug}/me/" in link.json()["url"]


def test_staff_cannot_consent_or_delete(api: APIClient, tenant: Property, base: str) -> None:
    url = f"{base}people/{factories.make_person(tenant).pk}/"
    assert api.delete(url).status_code == 405
    assert api.post(f"{url}consents/", {"decision": "agree"}, format="json").status_code == 404


def test_a_photo_without_consent_is_refused(api: APIClient, tenant: Property, base: str) -> None:
    person = factories.make_person(tenant)
    answer = api.post(f"{base}enrollments/", {"person": str(person.pk), "photo": upload(face_photo("li"))})
    assert answer.status_code == 400
    codes = {entry["code"] for entry in answer.json()["errors"]["non_field_errors"]}
    assert "consent_recognition_unanswered" in codes
    assert not Capture.objects.values("id").exists()


def test_a_photo_waits_for_the_worker(api: APIClient, tenant: Property, base: str) -> None:
    person, _visit = factories.make_consented_person(tenant)
    answer = api.post(f"{base}enrollments/", {"person": str(person.pk), "photo": upload(face_photo("li"))})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")
    assert api.get(answer["Location"]).json()["progress"] == 0
    assert api.get(f"{base}enrollments/?person={person.pk}").json()["count"] == 1


@pytest.mark.parametrize("code", ["not_a_photo", "empty_file", "animated", "too_many_pixels"])
def test_a_file_that_is_no_photo_is_named(api: APIClient, tenant: Property, base: str, code: str) -> None:
    makers = {
        "not_a_photo": photos.pdf_named_jpg,
        "empty_file": photos.empty,
        "animated": photos.animated_gif,
        "too_many_pixels": photos.bomb_100mp,
    }
    person, _visit = factories.make_consented_person(tenant)
    answer = api.post(f"{base}enrollments/", {"person": str(person.pk), "photo": upload(makers[code]())})
    assert (answer.status_code, answer.json()["code"]) == (400, code)
    assert answer.json()["errors"]["photo"][0]["message"]
    assert not Enrollment.objects.exists()


def test_a_file_over_the_limit_is_too_large(api: APIClient, tenant: Property, base: str) -> None:
    person, _visit = factories.make_consented_person(tenant)
    answer = api.post(
        f"{base}enrollments/", {"person": str(person.pk), "photo": upload(b"\xff\xd8" + b"0" * 11_000_000)}
    )
    assert (answer.status_code, answer.json()["code"]) == (400, "too_large_file")


def test_a_photo_comes_as_a_file_only(api: APIClient, tenant: Property, base: str) -> None:
    person, _visit = factories.make_consented_person(tenant)
    data = {"person": str(person.pk), "photo": "aGVsbG8="}
    assert api.post(f"{base}enrollments/", data, format="json").status_code == 415
    assert api.post(f"{base}enrollments/", data).json()["errors"]["photo"][0]["code"] == "invalid"
    broken = api.generic("POST", f"{base}enrollments/", b"--x\r\n", content_type="multipart/form-data; boundary=x")
    assert broken.status_code == 400
    assert api.generic("POST", f"{base}enrollments/", b"", content_type="multipart/form-data").status_code == 400


def test_where_faces_stay_on_the_device_no_photo_is_taken(api: APIClient, tenant: Property, base: str) -> None:
    person, _visit = factories.make_consented_person(tenant)
    update_property(tenant=tenant, storage_mode="on_device")
    answer = api.post(f"{base}enrollments/", {"person": str(person.pk), "photo": upload(face_photo("li"))})
    assert answer.json()["code"] == "face_bytes"


def test_a_person_of_another_property_cannot_be_enrolled(api: APIClient, tenant: Property, base: str) -> None:
    foreign = factories.make_person(factories.make_property())
    enter_tenant(tenant.pk)
    answer = api.post(f"{base}enrollments/", {"person": str(foreign.pk), "photo": upload(face_photo("li"))})
    assert answer.json()["errors"]["person"][0]["code"] == "does_not_exist"


def test_a_request_goes_from_the_public_form_to_the_package(api: APIClient, tenant: Property, base: str) -> None:
    public = f"/api/v1/public/{tenant.slug}/"
    asked = APIClient().post(
        f"{public}requests/", {"kind": "access", "name": "李阿姨", "contact": "13800138000"}, format="json"
    )
    assert asked.status_code == 201
    track = f"{public}requests/{asked.json()['tracking_code']}/"
    assert APIClient().get(f"{track}package/").json()["code"] == "no_package"

    row = api.get(f"{base}requests/?state=received").json()["results"][0]
    assert (row["number"], row["working_days_left"]) == (asked.json()["number"], 15)
    url = f"{base}requests/{row['id']}/"
    assert api.post(f"{url}answer/", {"text": "x"}, format="json").json()["code"] == "wrong_state"
    enter_tenant(tenant.pk)
    person = factories.make_person(tenant)
    assert api.post(f"{url}confirm/", {"person": str(person.pk)}, format="json").json()["state"] == "confirmed"
    assert api.post(f"{url}answer/", {"text": "在这里"}, format="json").json()["state"] == "answered"

    status = APIClient().get(track.lower()).json()
    assert (status["state"], status["answer"]) == ("answered", "在这里")
    assert "name" not in status
    assert APIClient().get(f"{track}package/").json()["code"] == "no_package"  # no worker has built it yet


def test_a_deletion_request_orders_an_erasure(api: APIClient, tenant: Property, base: str) -> None:
    public = f"/api/v1/public/{tenant.slug}/requests/"
    APIClient().post(public, {"kind": "delete", "name": "李", "contact": "138"}, format="json")
    row = api.get(f"{base}requests/").json()["results"][0]
    url = f"{base}requests/{row['id']}/"
    enter_tenant(tenant.pk)
    person = factories.make_person(tenant)
    api.post(f"{url}confirm/", {"person": str(person.pk)}, format="json")
    assert api.post(f"{url}answer/", {"text": "好的"}, format="json").status_code == 200
    erasure = api.get(f"{base}erasures/?person={person.pk}").json()["results"][0]
    assert (erasure["reason"], erasure["scope"], erasure["completed_at"]) == ("requested", "person", None)
    assert api.get(f"{base}erasures/{erasure['id']}/").json()["receipts"] == []
    refusal = {"code": "other", "article": "PIPL 50", "text": "no"}
    assert api.post(f"{url}refuse/", refusal, format="json").json()["code"] == "wrong_state"


def test_the_public_door_shows_the_notice_and_bounds_questions(tenant: Property) -> None:
    url = f"/api/v1/public/{tenant.slug}/"
    client = APIClient()
    assert client.get(f"{url}notice/").status_code == 404
    enter_tenant(tenant.pk)
    factories.make_notice(tenant)
    assert client.get(f"{url}notice/").json()["version"] == 1
    assert client.get("/api/v1/public/nowhere/notice/").status_code == 404
    assert client.get(f"{url}requests/0000-0000-0000-0000/").status_code == 404
    restrict = {"kind": "restrict", "name": "李", "contact": "138", "asked_by": "relative", "relation": "女儿"}
    assert client.post(f"{url}requests/", restrict, format="json").json()["errors"]["kind"][0]["code"] == "kind"
    answers = [client.get(f"{url}notice/") for _unused in range(31)]
    assert answers[-1].status_code == 429
    assert int(answers[-1]["Retry-After"]) >= 1
    assert client.get(f"{url}notice/", HTTP_X_FORWARDED_FOR="6.6.6.6").status_code == 429


def test_a_minors_record_shows_no_name_until_a_second_member_said_yes(
    api: APIClient, tenant: Property, base: str
) -> None:
    child = factories.make_child(tenant, "李小宝")
    url = f"{base}people/{child.pk}/"
    row = api.get(f"{base}people/").json()["results"][0]
    assert (row["is_hidden"], row["code"]) == (True, child.code)
    assert {row[field] for field in ("name", "phone", "email", "room")} == {None}
    assert {row[name] for name in ("age_band_until", "stay_ends_on", "face_enrolled_on", "died_on")} == {None}
    assert api.get(f"{base}people/?q=小宝").json()["count"] == 0
    facts = {"name": "x", "kind": "family", "age_band": "adult"}
    for answer in (api.get(url), api.put(url, facts, format="json"), api.post(f"{url}link/", {}, format="json")):
        assert (answer.status_code, answer.json()["code"]) == (403, "minor")
    asked = api.post(f"{url}access/", {"reason": "核对"}, format="json").json()
    decide = f"{base}minor-accesses/{asked['id']}/decide/"
    assert api.post(decide, {"is_approved": True}, format="json").json()["code"] == "second_member"
    enter_tenant(tenant.pk)
    minors.decide_access(
        tenant=tenant,
        access=MinorAccess.objects.get(),
        actor=factories.make_member(tenant, Role.OWNER),
        is_approved=True,
    )
    assert api.get(url).json()["name"] == "李小宝"
    assert api.get(f"{base}people/?q=小宝").json()["count"] == 1
    enter_tenant(tenant.pk)
    assert MinorAccessView.objects.count() == 1


def test_what_was_noted_about_a_child_is_in_no_list_while_the_record_is_closed(
    api: APIClient, tenant: Property, base: str
) -> None:
    kinship = factories.make_guardian(tenant)
    [row] = api.get(f"{base}guardians/").json()["results"]
    assert (row["id"], row["note"]) == (str(kinship.pk), None)
    enter_tenant(tenant.pk)
    persons.update_person(tenant=tenant, person=kinship.child, name="小宝", kind="family", age_band="adult")
    assert api.get(f"{base}guardians/").json()["results"][0]["note"] == kinship.note


def test_a_guardian_a_pause_and_a_death_are_recorded(api: APIClient, tenant: Property, base: str) -> None:
    child, mother = factories.make_person(tenant, age_band="teen"), factories.make_person(tenant)
    url = f"{base}people/{mother.pk}/"
    wrong = {"guardian": str(child.pk), "relationship": "parent", "evidence": "court_decision"}
    assert api.post(f"{url}guardian/", wrong, format="json").json()["code"] == "not_a_minor"
    assert api.post(f"{url}restrict/").json()["restricted_at"]
    assert api.post(f"{url}release/").json()["restricted_at"] is None
    assert api.post(f"{url}release/").json()["code"] == "not_restricted"
    assert api.post(f"{url}death/", {"died_on": "2999-01-01"}, format="json").json()["code"] == "future"
    assert api.post(f"{url}death/", {"died_on": "2026-01-01"}, format="json").json()["died_on"] == "2026-01-01"
    assert api.delete(f"{url}death/").json()["died_on"] is None
    assert api.delete(f"{url}death/").json()["code"] == "not_recorded"


def test_an_invitation_is_refused_after_a_no(api: APIClient, tenant: Property, base: str) -> None:
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit, ConsentDecision.DECLINE)
    url = f"{base}people/{visit.person.pk}/link/"
    assert api.post(url, {"why": "invitation"}, format="json").json()["code"] == "refused_before"
    assert api.post(url, {"why": "asked"}, format="json").status_code == 201
    assert api.post(url, {"why": "registered"}, format="json").json()["errors"]["why"][0]["code"] == "invalid_choice"
    enter_tenant(tenant.pk)
    link = PersonalLink.objects.get(revoked_at__isnull=True)
    assert (link.reason, str(link.made_by_id)) == ("asked", api.session["_auth_user_id"])


def test_a_guardian_is_invited_for_a_child(api: APIClient, tenant: Property, base: str) -> None:
    guardian = factories.make_guardian(factories.allow_children(tenant))
    url = f"{base}people/{guardian.guardian_id}/link/"
    data = {"why": "invitation", "child": str(guardian.child_id)}
    assert api.post(url, data, format="json").status_code == 201
    assert api.post(url, data, format="json").json()["code"] == "asked_recently"
    other = factories.make_child(tenant)
    wrong = api.post(url, data | {"child": str(other.pk)}, format="json")
    assert wrong.json()["code"] == "not_the_guardian"


def test_nobody_under_18_is_added_without_a_date_of_birth(api: APIClient, base: str) -> None:
    data = {"name": "小宝", "kind": "family", "age_band": "teen"}
    assert api.post(f"{base}people/", data, format="json").json()["errors"]["birth_date"][0]["code"] == "required"


def test_one_person_with_many_answers_is_read_in_the_same_number_of_queries(
    api: APIClient, tenant: Property, base: str
) -> None:
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    url = f"{base}people/{visit.person.pk}/"

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert api.get(url).status_code == 200
        enter_tenant(tenant.pk)
        return len(captured)

    factories.agree(visit)
    queries()  # the first one writes down when the session began
    few = queries()
    for number in range(4):
        factories.make_notice(tenant, retention_zh=f"{number + 1} 天")
        factories.agree(visit)
    assert queries() == few
