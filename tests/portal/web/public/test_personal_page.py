"""The personal page: who may open it, and what it says first."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import override

from recognition.enrollment import jobs
from recognition.enrollment.models import Enrollment
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person, PersonalLink
from tenants.people.services.links import open_link
from tenants.people.services.persons import move_face
from tenants.rights.kinds import ErasureReason
from tenants.rights.services.erasures import order_erasure
from tenants.transparency.models import Notice
from tests import factories
from tests.fakes import FakeEngine, face_photo
from tests.portal.web.public.conftest import Own
from tests.roles import database_role


def agree(own: Own) -> None:
    factories.agree(open_link(tenant=own.tenant, token=own.token))


def send(client: Client, own: Own, photo: bytes, name: str = "脸.jpg") -> object:
    """Hand in a photo, in a property where some door may use faces."""
    factories.make_active_device(own.tenant)
    return client.post(own.url("me_photo"), {"photo": SimpleUploadedFile(name, photo)}, follow=True)


def test_a_wrong_link_says_whom_to_ask(client: Client, tenant: Property) -> None:
    response = client.get(reverse("me", args=[tenant.slug, "no-such-secret"]))
    assert response.status_code == 404
    assert "Ask the front desk for a new link" in response.content.decode()


def test_a_replaced_link_stops_working(client: Client, own: Own) -> None:
    factories.make_link(own.tenant, own.person)
    page = client.get(own.url())
    assert page.status_code == 410
    assert "This link is over" in page.content.decode()


def test_an_expired_link_stops_working(client: Client, own: Own) -> None:
    link = PersonalLink.objects.get()
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    for name, args in (("me", ()), ("me_consent", ("recognition",)), ("me_stop", ())):
        page = client.post(own.url(name, *args), {"decision": "agree"})
        assert page.status_code == 410
        assert "李" not in page.content.decode()


@pytest.mark.parametrize("name", ["me", "me_stop", "me_photo"])
def test_a_link_opens_nothing_in_another_property(client: Client, own: Own, name: str) -> None:
    other = factories.make_property()
    factories.make_notice(other)
    address = reverse(name, args=[other.slug, own.token])
    assert client.get(address).status_code == 404
    assert client.post(address).status_code == 404


def test_a_receipt_of_somebody_else_is_not_found(client: Client, own: Own, tenant: Property) -> None:
    stranger = Own(tenant)
    agree(stranger)
    receipt = stranger.person.consents.first()
    assert client.get(stranger.url("me_receipt", receipt.pk)).status_code == 200
    assert client.get(own.url("me_receipt", receipt.pk)).status_code == 404


def test_a_receipt_names_the_exact_notice(client: Client, own: Own, notice: Notice) -> None:
    agree(own)
    receipt = own.person.consents.first()
    assert notice.content_hash in client.get(own.url("me_receipt", receipt.pk)).content.decode()
    contents = client.get(own.url("me_receipt", receipt.pk), {"format": "json"}).json()
    told = contents["pii_processing"]
    assert (told["privacy_notice_sha256"], told["privacy_notice_version"]) == (notice.content_hash, notice.version)
    assert notice.content_hash[:8] in told["privacy_notice"]


def test_personal_pages_are_kept_by_nobody(client: Client, own: Own) -> None:
    response = client.get(own.url())
    assert response["Cache-Control"] == "no-store"
    assert response["X-Robots-Tag"].startswith("noindex")
    assert response["Referrer-Policy"] == "same-origin"


def test_the_first_sentence_says_how_many_doors(client: Client, own: Own) -> None:
    device, _code = factories.make_active_device(own.tenant)
    agree(own)
    move_face(person=own.person, target=FaceState.ENROLLED, enrolled_on=timezone.localdate())
    page = client.get(own.url()).content.decode()
    assert "Yes. Doors that use your face: 1." in page
    assert device.access_point.name in page
    assert "Stop using my face" in page


def test_the_page_asks_a_constant_number_of_queries(
    client: Client, own: Own, django_assert_max_num_queries: object
) -> None:
    for _number in range(4):
        factories.make_active_device(own.tenant)
    agree(own)
    with django_assert_max_num_queries(20):
        client.get(own.url())


def test_a_photo_is_watched_until_it_is_enrolled(client: Client, own: Own) -> None:
    agree(own)
    response = send(client, own, face_photo("li"))
    enrollment = Enrollment.objects.get()
    watched = own.url("me_enrollment", enrollment.pk)
    assert response.redirect_chain[-1][0] == watched
    assert "Look again" in response.content.decode()
    polled = client.get(watched, headers={"HX-Request": "true"})
    assert "HX-Refresh" not in polled and b"<html" not in polled.content
    with database_role("recognition"):
        jobs.process(tenant_id=own.tenant.pk, enrollment_id=enrollment.pk, engine=FakeEngine())
    assert client.get(watched, headers={"HX-Request": "true"})["HX-Refresh"] == "true"
    assert "Your face is enrolled" in client.get(watched).content.decode()


def test_a_photo_without_a_face_gets_its_sentence(client: Client, own: Own) -> None:
    agree(own)
    send(client, own, face_photo("")[:-4])
    enrollment = Enrollment.objects.get()
    with database_role("recognition"):
        jobs.process(tenant_id=own.tenant.pk, enrollment_id=enrollment.pk, engine=FakeEngine())
    assert "No face was found" in client.get(own.url("me_enrollment", enrollment.pk)).content.decode()
    assert "No face was found" in client.get(own.url()).content.decode()


@pytest.mark.parametrize(("photo", "sentence"), [(b"", "The file is empty"), (b"%PDF-1.7", "not a photo")])
def test_a_file_that_is_no_photo_gets_its_sentence(client: Client, own: Own, photo: bytes, sentence: str) -> None:
    agree(own)
    response = send(client, own, photo)
    assert sentence in response.content.decode()
    assert not Enrollment.objects.exists()


def test_a_photo_left_lying_is_given_up_on_the_page(client: Client, own: Own, settings: object) -> None:
    agree(own)
    send(client, own, face_photo("li"))
    settings.CAPTURE_LIFETIME_SECONDS = -1
    page = client.get(own.url("me_enrollment", Enrollment.objects.get().pk)).content.decode()
    assert "Nobody took up the photo in time" in page


def test_no_camera_before_every_yes(client: Client, own: Own) -> None:
    assert client.get(own.url("me_photo")).url == own.url("me_consent", "recognition")
    send(client, own, face_photo("li"))
    assert not Enrollment.objects.exists()


def test_where_faces_stay_on_the_device_no_photo_is_taken(client: Client, db: None) -> None:
    tenant = factories.make_property(storage_mode="on_device")
    factories.make_notice(tenant)
    own = Own(tenant)
    agree(own)
    assert "enrolled at the door" in client.get(own.url()).content.decode()
    assert "never receives a picture" in client.get(own.url("me_photo")).content.decode()
    assert send(client, own, face_photo("li")).status_code == 400


def test_when_the_erasure_is_over_there_is_no_yes_to_take_back(client: Client, own: Own) -> None:
    agree(own)
    assert "Take back my yes" in client.get(own.url()).content.decode()
    order_erasure(tenant=own.tenant, person=own.person, reason=ErasureReason.STAY_ENDED)
    move_face(person=own.person, target=FaceState.ERASED)
    page = client.get(own.url()).content.decode()
    assert 'data-situation="deleted"' in page
    assert "Take back my yes" not in page and "Holds until" not in page


def test_a_forwarded_link_says_whose_it_is_and_next_to_nothing_more(client: Client, own: Own) -> None:
    for page in (client.get(own.url()), client.get(own.url("me_consent", "recognition"))):
        text = page.content.decode()
        assert "李＊＊, ＊-＊＊02" in text
        assert "Not you?" in text
        assert not any(known in text for known in ("李阿姨", "3-1202", "13800138000"))


def test_a_yes_given_twice_is_one_yes(client: Client, own: Own, notice: Notice) -> None:
    """The same link on two screens: the second press finds the answer standing."""
    answer = {"notice": notice.pk, "decision": "agree"}
    for _screen in range(2):
        assert client.post(own.url("me_consent", "recognition"), answer).status_code == 302
    assert Consent.objects.count() == 1


def test_the_period_is_said_before_the_yes_and_shown_after_it(client: Client, own: Own, notice: Notice) -> None:
    with override("en"):
        until = date_format(timezone.localdate() + timedelta(days=own.tenant.face_days), "DATE_FORMAT")
    assert f"Until {until} at the latest" in client.get(own.url("me_consent", "recognition")).content.decode()
    agree(own)
    assert f"Holds until {until}" in client.get(own.url()).content.decode()


def test_when_the_period_is_over_the_page_says_so_and_asks_only_who_wants(client: Client, own: Own) -> None:
    agree(own)
    factories.rewrite(Consent.objects.all(), ends_on=timezone.localdate() - timedelta(days=1))
    assert 'data-situation="expired"' in client.get(own.url()).content.decode()
    assert "The period of the earlier yes is over" in client.get(own.url("me_consent", "recognition")).content.decode()


def test_a_pause_is_one_press_and_its_end_another(client: Client, own: Own) -> None:
    agree(own)
    for _press in range(2):
        client.post(own.url("me_restrict"))
    assert 'data-situation="restricted"' in client.get(own.url()).content.decode()
    for _press in range(2):
        page = client.post(own.url("me_restrict"), {"pause": "end"}, follow=True)
    assert 'data-situation="restricted"' not in page.content.decode()


def test_it_names_the_first_of_four_ends(client: Client, own: Own) -> None:
    agree(own)
    factories.make_active_device(own.tenant)
    today, person = timezone.localdate(), Person.objects.filter(pk=own.person.pk)
    factories.rewrite(person, face_state=FaceState.ENROLLED, face_enrolled_on=today)

    def until() -> str:
        return client.get(own.url()).content.decode().split("<dt>Until</dt>")[1].split("</dd>")[0]

    ends = [
        ({"face_last_used_on": today - timedelta(days=80)}, 100, "180 days without use"),
        ({"face_enrolled_on": today - timedelta(days=own.tenant.face_days - 90)}, 90, "End of the storage period"),
        ({"stay_ends_on": today + timedelta(days=70)}, 70, "End of the lease or stay"),
    ]
    for fields, days, why in ends:
        factories.rewrite(person, **fields)
        with override("en"):
            assert date_format(today + timedelta(days=days), "DATE_FORMAT") in until()
        assert why in until()
    factories.rewrite(Consent.objects.filter(person=own.person), ends_on=today + timedelta(days=60))
    assert "End of the yes" in until()
