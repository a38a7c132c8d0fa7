"""The person's own answers: one question a page, two equal buttons, nobody else's hand."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from recognition.vault.models import PersonKey
from tenants.organizations.kinds import StorageMode
from tenants.organizations.models import Property, User
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, FaceState
from tenants.people.models import Consent
from tenants.people.services.links import open_link
from tenants.people.services.persons import move_face
from tenants.rights.models import Erasure
from tenants.transparency.models import Notice
from tests import factories
from tests.portal.web.public.conftest import Own


def answer(client: Client, own: Own, purpose: str, decision: str, notice: Notice) -> object:
    data = {"notice": notice.pk, "decision": decision}
    return client.post(own.url("me_consent", purpose), data, follow=True)


def test_recognition_and_transmission_are_asked_on_separate_pages(client: Client, own: Own, notice: Notice) -> None:
    first = client.get(own.url("me_consent", "recognition")).content.decode()
    assert "Question 1 of 2" in first
    response = answer(client, own, "recognition", "agree", notice)
    assert response.redirect_chain[-1][0] == own.url("me_consent", "transmission")
    assert list(Consent.objects.values_list("purpose", flat=True)) == [ConsentPurpose.RECOGNITION]
    response = answer(client, own, "transmission", "agree", notice)
    assert response.redirect_chain[-1][0] == own.url("me_photo")


def test_the_notice_stands_open_before_the_question(client: Client, own: Own, notice: Notice) -> None:
    page = client.get(own.url("me_consent", "recognition")).content.decode()
    read = page.index('<details class="card notice-first" open>')
    shown = page[read : page.index("</details>")]
    assert all(text in shown for text in (notice.handler_contact_en, notice.retention_en, notice.recipients_en))
    assert read < page.index("May the doors recognise you by your face?") < page.index('<div class="pair">')
    assert page.count('<div class="pair">') == 1


def test_transmission_is_not_asked_before_recognition(client: Client, own: Own) -> None:
    assert client.get(own.url("me_consent", "transmission")).url == own.url("me_consent", "recognition")


def test_transmission_is_not_asked_where_faces_stay_on_the_device(client: Client, db: None) -> None:
    tenant = factories.make_property(storage_mode=StorageMode.ON_DEVICE)
    factories.make_notice(tenant)
    own = Own(tenant)
    assert client.get(own.url("me_consent", "transmission")).status_code == 404


def test_agree_and_decline_are_the_same_button(client: Client, own: Own) -> None:
    page = client.get(own.url("me_consent", "recognition")).content.decode()
    pair = re.search(r'<div class="pair">(.*?)</div>', page, re.DOTALL).group(1)
    decline, agree = re.findall(r"<form.*?</form>", pair, re.DOTALL)
    same = re.sub(r'value="[^"]*"', "", decline).replace("Disagree", "Agree")
    assert same == re.sub(r'value="[^"]*"', "", agree)
    assert "checked" not in pair and "primary" not in pair and "autofocus" not in pair


def test_a_signed_in_member_of_staff_cannot_answer_for_anyone(
    client: Client, own: Own, notice: Notice, owner: User
) -> None:
    client.force_login(owner)
    page = client.get(own.url("me_consent", "recognition"))
    sent = client.post(own.url("me_consent", "recognition"), {"notice": notice.pk, "decision": "agree"})
    stopped = client.post(own.url("me_stop"))
    photo = client.post(own.url("me_photo"))
    assert [page.status_code, sent.status_code, stopped.status_code, photo.status_code] == [403] * 4
    assert "Only the person can answer" in sent.content.decode()
    assert not Consent.objects.exists()


def test_an_answer_to_an_older_notice_is_not_recorded(
    client: Client, own: Own, tenant: Property, notice: Notice
) -> None:
    factories.make_notice(tenant, purpose_method_en="To open the car park.")
    response = answer(client, own, "recognition", "agree", notice)
    page = response.content.decode()
    assert "The notice has changed" in page
    assert reverse("public_notice_version", args=[tenant.slug, 2]) in page
    assert f'value="{Notice.objects.filter(tenant=tenant).current().pk}"' in page, "The new one is asked about"
    assert not Consent.objects.exists()


@pytest.mark.parametrize("data", [{}, {"notice": "x", "decision": "agree"}, {"decision": "maybe"}])
def test_a_broken_answer_records_nothing(client: Client, own: Own, data: dict[str, str]) -> None:
    response = client.post(own.url("me_consent", "recognition"), data, follow=True)
    assert response.status_code == 200
    assert not Consent.objects.exists()


def test_after_a_no_the_page_is_calm_and_asks_nothing(
    client: Client, own: Own, tenant: Property, notice: Notice
) -> None:
    factories.make_active_device(tenant)
    page = answer(client, own, "recognition", "decline", notice).content.decode()
    assert 'data-situation="declined"' in page
    assert "Nobody will ask you again" in page
    assert "Other ways to pass" in page and "Card" in page
    assert "Question" not in page and 'class="btn"' not in page
    assert Consent.objects.get().decision == ConsentDecision.DECLINE


def test_a_person_who_said_no_can_change_their_mind_by_themselves(client: Client, own: Own, notice: Notice) -> None:
    answer(client, own, "recognition", "decline", notice)
    answer(client, own, "recognition", "agree", notice)
    assert Consent.objects.count() == 2
    assert 'data-situation="half_answered"' in client.get(own.url()).content.decode()


def test_stopping_takes_one_press_and_destroys_the_key(
    client: Client, own: Own, tenant: Property, notice: Notice
) -> None:
    factories.agree(open_link(tenant=tenant, token=own.token))
    own.person.refresh_from_db()
    assert own.person.face_state == FaceState.CONSENTED
    page = client.post(own.url("me_stop"), follow=True).content.decode()
    assert 'data-situation="erasing"' in page and "opens no door" in page
    assert Erasure.objects.get().person_id == own.person.pk
    assert not PersonKey.objects.filter(destroyed_at__isnull=True).only("id").exists()
    assert not Consent.objects.filter(withdrawn_at__isnull=True).exists()


def test_stopping_when_nothing_was_given_says_so(client: Client, own: Own) -> None:
    assert "nothing to stop" in client.post(own.url("me_stop"), follow=True).content.decode()


def test_a_no_to_a_changed_notice_erases_the_face(client: Client, own: Own, tenant: Property) -> None:
    factories.agree(open_link(tenant=tenant, token=own.token))
    move_face(person=own.person, target=FaceState.ENROLLED)
    changed = factories.make_notice(tenant, retention_zh="九十天，之后删除")
    assert 'data-situation="changed"' in client.get(own.url()).content.decode()
    answer(client, own, "recognition", "decline", changed)
    own.person.refresh_from_db()
    assert own.person.face_state == FaceState.ERASING


def test_children_under_14_are_not_asked(client: Client, tenant: Property, notice: Notice) -> None:
    child = Own(tenant, age_band=AgeBand.UNDER_14)
    assert "children under 14" in client.get(child.url()).content.decode()
    assert client.get(child.url("me_consent", "recognition")).url == child.url()
    answer(client, child, "recognition", "agree", notice)
    assert not Consent.objects.exists()


def test_nothing_is_asked_while_no_notice_is_published(client: Client, tenant: Property) -> None:
    own = Own(tenant)
    assert "No face recognition may be used here yet" in client.get(own.url()).content.decode()
    assert client.get(own.url("me_consent", "recognition")).url == own.url()
