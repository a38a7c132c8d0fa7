"""After asking: proving who it is, following it, writing, taking it back; and asking from the own page."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.rights.kinds import MessageKind, Requester, RequestState
from tenants.rights.models import RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.services import answering, clocks, identity, messages
from tests import factories
from tests.portal.web.public.test_requests import EVIL, ask, page, post
from tests.tenants.rights.asking import ask_for_code


def confirmed(tenant: Property) -> RightsRequest:
    return identity.prove_in_person(
        tenant=tenant,
        request=RightsRequest.objects.get(),
        person=factories.make_person(tenant),
        actor=factories.somebody_of(tenant),
    )


class TestProof:
    def test_the_code_to_the_contact_on_file_proves_it(
        self, client: Client, tenant: Property, settings: Settings
    ) -> None:
        settings.SMS_SENDER = "tests.senders.Postbox"
        person = factories.make_person(tenant, name="李阿姨", phone="13800138000")
        _response, code = ask(client, tenant)
        assert "Send me a code" in page(client, tenant, code, "request_prove")
        post(client, tenant, code, "request_prove", send="on")
        assert "stand still" in page(client, tenant, code)
        RightsRequest.objects.update(language="zh-hans")  # the helper reads the code out of a Chinese message
        typed = ask_for_code(RightsRequest.objects.get())
        shown = post(client, tenant, code, "request_prove", code=typed).content.decode()
        request = RightsRequest.objects.get()
        assert (request.state, request.person) == (RequestState.CONFIRMED, person)
        assert "Now we know that it is you" in shown and "You do not need to do anything now" in shown

    def test_an_empty_code_is_named_and_counts_as_nothing(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        assert "Type the code" in post(client, tenant, code, "request_prove", code="").content.decode()

    def test_codes_cannot_be_asked_for_without_end(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        for _number in range(identity.SENDS_IN_AN_HOUR):
            post(client, tenant, code, "request_prove", send="on")
        assert "too often" in post(client, tenant, code, "request_prove", send="on").content.decode()

    def test_a_relative_is_asked_to_the_desk(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant, asked_by="relative", relation="我父亲")
        shown = page(client, tenant, code, "request_prove")
        assert "At the desk" in shown and "Send me a code" not in shown

    def test_what_is_proved_is_not_proved_again(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        confirmed(tenant)
        answer = client.get(reverse("request_prove", args=[tenant.slug, code]))
        assert answer["Location"] == reverse("request_track", args=[tenant.slug, code])


class TestTracking:
    def test_it_shows_steps_with_dates_and_what_is_asked_now(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        shown = page(client, tenant, code)
        assert "What we need from you: prove that it is you" in shown and 'aria-current="step"' in shown
        assert "To be answered by" in shown or "not before" in shown

    def test_a_day_of_an_unannounced_year_is_a_lower_bound(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        RightsRequest.objects.update(is_due_final=False)
        assert "not before" in page(client, tenant, code)

    def test_an_extension_says_why(self, client: Client, tenant: Property, owner: User) -> None:
        _response, code = ask(client, tenant)
        clocks.extend(tenant=tenant, request=confirmed(tenant), reason="资料在旧系统里", actor=owner)
        assert "we took more time: 资料在旧系统里" in page(client, tenant, code)

    def test_messages_go_both_ways_and_notes_stay_inside(self, client: Client, tenant: Property, owner: User) -> None:
        _response, code = ask(client, tenant)
        request = RightsRequest.objects.get()
        messages.write_to_person(tenant=tenant, request=request, text=f"请补充{EVIL}", author=owner)
        messages.note(tenant=tenant, request=request, text="只给同事看", author=owner)
        paper = SimpleUploadedFile(f"{EVIL}.txt", "地址写错了".encode())
        sent = post(client, tenant, code, "request_track", text=f"我的房号是 3-1202 {EVIL}", papers=paper)
        shown = sent.content.decode()
        assert "Sent. The desk reads it here." in shown and "3-1202" in shown and "请补充" in shown
        assert "只给同事看" not in shown and owner.email not in shown
        assert EVIL not in shown and "<img src=x" not in shown and "<script>alert" not in shown
        assert RequestAttachment.objects.get().message.kind == MessageKind.FROM_PERSON

    def test_a_picture_is_not_taken_and_the_words_are_not_lost(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        picture = SimpleUploadedFile("id-card.pdf", b"\xff\xd8\xff\xe0 not a paper")
        response = post(client, tenant, code, "request_track", text="这是我写的", papers=picture)
        assert "papers" in response.context["form"].errors and "这是我写的" in response.content.decode()
        assert not RequestMessage.objects.exists()

    def test_too_many_files_are_refused_before_they_are_read(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        papers = [SimpleUploadedFile(f"{number}.txt", b"x") for number in range(4)]
        response = post(client, tenant, code, "request_track", text="好", papers=papers)
        assert "Up to 3 files" in response.content.decode()
        assert not RequestMessage.objects.exists()

    def test_it_is_taken_back_after_one_question(self, client: Client, tenant: Property) -> None:
        _response, code = ask(client, tenant)
        assert "Nothing was done" not in page(client, tenant, code, "request_take_back")
        assert RightsRequest.objects.get().state == RequestState.RECEIVED
        shown = post(client, tenant, code, "request_take_back").content.decode()
        assert RightsRequest.objects.get().state == RequestState.TAKEN_BACK
        assert "You took this request back." in shown and "Send the message" not in shown
        again = post(client, tenant, code, "request_take_back")
        assert "cannot become" in again.content.decode()

    def test_a_refusal_says_why_and_how_to_complain(self, client: Client, tenant: Property, owner: User) -> None:
        _response, code = ask(client, tenant)
        answering.refuse(
            tenant=tenant,
            request=RightsRequest.objects.get(),
            code="not_held",
            article="PIPL 45",
            text="We do not know you.",
            actor=owner,
        )
        shown = page(client, tenant, code)
        assert "We do not know you." in shown and "PIPL Art 45" in shown and "12377" in shown

    def test_a_deletion_says_how_far_it_is(self, client: Client, tenant: Property, owner: User) -> None:
        _response, code = ask(client, tenant, kind="delete")
        answering.answer(tenant=tenant, request=confirmed(tenant), text="在删除", actor=owner)
        assert "Under way since" in page(client, tenant, code)

    def test_an_answer_with_a_package_links_to_it(self, client: Client, tenant: Property, owner: User) -> None:
        _response, code = ask(client, tenant)
        answering.answer(tenant=tenant, request=confirmed(tenant), text="Here it is.", actor=owner)
        shown = page(client, tenant, code)
        assert "Here it is." in shown and reverse("request_package", args=[tenant.slug, code]) in shown


class TestOwnPage:
    def test_one_press_sends_it_with_the_identity_proved(self, client: Client, own: object) -> None:
        shown = client.get(own.url("me_ask")).content.decode()
        assert 'value="access"' in shown and 'value="withdraw"' not in shown
        sent = client.post(own.url("me_ask"), {"kind": "access", "message": ""}, follow=True)
        request = RightsRequest.objects.get()
        assert (request.state, request.person) == (RequestState.CONFIRMED, own.person)
        assert "Your own page has proved that it is you" in sent.content.decode()
        mine = client.get(own.url()).content.decode()
        assert request.number in mine

    def test_a_correction_without_words_is_sent_back(self, client: Client, own: object) -> None:
        response = client.post(own.url("me_ask"), {"kind": "correct", "message": ""})
        assert "Write what is wrong" in response.content.decode()
        assert not RightsRequest.objects.exists()

    @pytest.mark.parametrize("kind", ["", "sing", EVIL])
    def test_nonsense_is_sent_back(self, client: Client, own: object, kind: str) -> None:
        assert client.post(own.url("me_ask"), {"kind": kind}).status_code == 200
        assert not RightsRequest.objects.exists()

    def test_staff_do_not_ask_for_a_person(self, client: Client, own: object, tenant: Property) -> None:
        client.force_login(factories.make_member(tenant, Role.MANAGER))
        assert client.post(own.url("me_ask"), {"kind": "access"}).status_code == 403
        assert not RightsRequest.objects.exists()

    def test_a_guardian_asks_for_the_child(self, client: Client, own: object, tenant: Property) -> None:
        guardian = factories.make_guardian(tenant, guardian=own.person)
        url = reverse("child_ask", args=[tenant.slug, own.token, guardian.child_id])
        client.post(url, {"kind": "access", "message": ""})
        request = RightsRequest.objects.get()
        assert (request.asked_by, request.person_id) == (Requester.GUARDIAN, guardian.child_id)
        assert timezone.localdate() <= request.due_on
