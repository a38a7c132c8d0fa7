"""The desk enters, talks, extends and merges; a list of move-outs is looked at before it goes."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.organizations.roles import Role
from tenants.rights import ready_texts
from tenants.rights.kinds import ErasureReason, ErasureScope, MessageKind, RequestChannel, RequestState
from tenants.rights.models import Erasure, RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.services import messages, move_outs
from tests import factories
from tests.portal.web.people.test_requests import make_confirmed, make_request

Address = Callable[..., str]
EVIL = "<script>alert(1)</script>"
ENTRY = {
    "channel": "paper",
    "kind": "access",
    "asked_by": "self",
    "relation": "",
    "name": "王伯",
    "contact": "",
    "room": "2-301",
    "message": "想看看存了什么",
    "language": "zh-hans",
}


class TestEntering:
    def test_the_slip_with_the_code_is_in_one_answer_only(
        self, desk: Client, client: Client, tenant: Property, address: Address
    ) -> None:
        page = desk.post(address("request_enter"), ENTRY)
        request, code = RightsRequest.objects.get(), page.context["code"]
        assert page["Cache-Control"] == "no-store" and code in page.content.decode()
        assert (request.channel, request.name, request.state) == (RequestChannel.PAPER, "王伯", RequestState.RECEIVED)
        assert request.entered_by is not None
        assert code not in desk.get(address("request", request.pk)).content.decode()
        tracked = client.get(f"/p/{tenant.slug}/requests/{code}/")
        assert tracked.status_code == 200 and request.number in tracked.content.decode()

    @pytest.mark.parametrize(
        ("data", "field"),
        [
            ({"kind": ""}, "kind"),
            ({"name": ""}, "name"),
            ({"channel": "form"}, "channel"),
            ({"channel": "api"}, "channel"),
            ({"asked_by": "guardian"}, "relation"),
            ({"asked_by": "relative", "relation": "父亲", "kind": "withdraw"}, "kind"),
        ],
    )
    def test_what_is_missing_stands_beside_its_field_and_nothing_is_lost(
        self, desk: Client, address: Address, data: dict[str, str], field: str
    ) -> None:
        page = desk.post(address("request_enter"), ENTRY | data)
        assert page.context["form"].errors.keys() == {field}
        assert "想看看存了什么" in page.content.decode()
        assert not RightsRequest.objects.exists()

    def test_a_person_on_file_fills_the_form_and_a_stranger_does_not(
        self, desk: Client, tenant: Property, address: Address
    ) -> None:
        person = factories.make_person(tenant)
        page = desk.get(address("request_enter"), {"q": "李阿姨"})
        assert f"?person={person.pk}" in page.content.decode()
        assert desk.get(address("request_enter"), {"person": person.pk}).context["form"].initial["name"] == "李阿姨"
        stranger = factories.make_person(factories.make_property())
        for wanted in (str(stranger.pk), "nonsense"):
            assert desk.get(address("request_enter"), {"person": wanted}).context["form"].initial == {}
        assert "Nobody fits" in desk.get(address("request_enter"), {"q": "没有这个人"}).content.decode()

    def test_an_auditor_enters_nothing(self, sign_in: Callable[[Role], Client], address: Address) -> None:
        assert sign_in(Role.AUDITOR).post(address("request_enter"), ENTRY).status_code == 403


class TestTalking:
    def test_a_note_and_a_message_are_shown_without_running(
        self, manager: Client, desk: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant, name=EVIL, message=EVIL)
        desk.post(address("request_note", request.pk), {"text": f"来过前台 {EVIL}"})
        manager.post(address("request_write", request.pk), {"text": "请补充", "template": "more"})
        kinds = set(RequestMessage.objects.values_list("kind", flat=True))
        assert kinds == {MessageKind.NOTE, MessageKind.TO_PERSON}
        page = manager.get(address("request", request.pk)).content.decode()
        assert "来过前台" in page and "请补充" in page and EVIL not in page

    def test_an_empty_note_comes_back_with_a_sentence(self, desk: Client, tenant: Property, address: Address) -> None:
        request = make_request(tenant)
        assert "Write something." in desk.post(address("request_note", request.pk), {"text": " "}).content.decode()

    @pytest.mark.parametrize("language", ["zh-hans", "en"])
    def test_ready_texts_are_in_the_language_of_the_person(
        self, manager: Client, tenant: Property, address: Address, language: str
    ) -> None:
        request = make_request(tenant, language=language)
        page = manager.get(address("request_write", request.pk), {"ready": "more"})
        assert page.context["form"].initial["text"] == ready_texts.ready_texts(request)["more"]
        assert manager.get(address("request_write", request.pk), {"ready": "nonsense"}).context["form"].initial == {}

    def test_a_paper_is_handed_out_as_a_file_and_only_to_those_who_answer(
        self, manager: Client, desk: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        paper = (f'a"{EVIL}.txt', "<h1>我的地址</h1>".encode())
        messages.write_from_person(tenant=tenant, request=request, text="见附件", papers=[paper])
        row = RequestAttachment.objects.get()
        answer = manager.get(address("attachment", row.pk))
        assert answer.content == paper[1] and answer["Content-Disposition"].startswith("attachment;")
        assert answer["Content-Type"].startswith("text/plain") and "script" not in answer["Content-Disposition"]
        assert desk.get(address("attachment", row.pk)).status_code == 403
        RequestAttachment.objects.update(expires_at=timezone.now() - timedelta(days=1))
        gone = manager.get(address("attachment", row.pk))
        assert gone.status_code == 410 and "its time was over" in gone.content.decode()


class TestTime:
    def test_proof_is_asked_for_once_and_the_clock_waits(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        assert "30 days" in manager.get(address("request_ask_proof", request.pk)).content.decode()
        manager.post(address("request_ask_proof", request.pk))
        request.refresh_from_db()
        assert request.paused_on == timezone.localdate()

    def test_more_time_is_taken_once_and_with_a_reason(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request, _person = make_confirmed(tenant, "access")
        before = request.due_on
        assert "reason" in manager.post(address("request_extend", request.pk), {"reason": " "}).context["form"].errors
        manager.post(address("request_extend", request.pk), {"reason": "资料在旧系统里"})
        request.refresh_from_db()
        assert request.due_on > before
        again = manager.post(address("request_extend", request.pk), {"reason": "再来"})
        assert "extended once" in again.content.decode()

    def test_it_is_assigned_to_a_member_who_answers_and_to_nobody_else(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        officer = factories.make_member(tenant, Role.PRIVACY_OFFICER)
        manager.post(address("request_assign", request.pk), {"to": officer.pk})
        request.refresh_from_db()
        assert request.assigned_to == officer
        for other in (factories.make_member(tenant, Role.FRONT_DESK), factories.make_member(factories.make_property())):
            assert "to" in manager.post(address("request_assign", request.pk), {"to": other.pk}).context["form"].errors
        manager.post(address("request_assign", request.pk), {"to": ""})
        request.refresh_from_db()
        assert request.assigned_to is None


class TestMerging:
    def test_the_same_is_shown_and_merged_only_when_both_are_proved(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        first, person = make_confirmed(tenant, "access")
        second = make_request(tenant, "access")
        page = manager.get(address("request", second.pk)).content.decode()
        assert first.number in page and "Merge into it" not in page
        broken = manager.post(address("request_merge", second.pk), {"into": first.pk})
        assert broken.status_code == 200 and broken.context["form"].errors
        manager.post(address("request_confirm", second.pk), {"person": person.pk})
        assert "Merge into it" in manager.get(address("request", second.pk)).content.decode()
        manager.post(address("request_merge", second.pk), {"into": first.pk})
        second.refresh_from_db()
        assert (second.state, second.merged_into) == (RequestState.MERGED, first)
        assert second.number in manager.get(address("request", first.pk)).content.decode()

    def test_a_request_that_is_not_the_same_is_no_choice(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        request = make_request(tenant)
        for other in (make_request(tenant, "access", contact="x@y.example"), make_request(factories.make_property())):
            assert manager.post(address("request_merge", request.pk), {"into": other.pk}).context["form"].errors


class TestMoveOuts:
    def look(self, client: Client, address: Address, **data: object) -> object:
        return client.post(address("move_outs"), {"listed": ""} | data)

    def test_a_list_is_looked_at_before_anything_goes(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        home = [factories.make_person(tenant, name=name, room="9-901") for name in ("甲", "乙")]
        by_phone = factories.make_person(tenant, name="丙", phone="139 0000 0001", room="9-902")
        factories.make_person(tenant, name="留下", room="9-903")
        page = self.look(manager, address, listed=f"9-901\n13900000001，{home[0].code}、没有这个人\n{EVIL}")
        listed = page.context["listed"]
        assert {person.pk for person in listed.people} == {home[0].pk, home[1].pk, by_phone.pk}
        assert "没有这个人" in listed.missing and EVIL not in page.content.decode()
        assert "留下" not in page.content.decode() and not Erasure.objects.exists()

    def test_one_confirmation_erases_everybody_ticked_and_twice_changes_nothing(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        people = [factories.make_person(tenant, room="9-901") for _number in range(3)]
        data = {"confirmed": "on", "people": [str(person.pk) for person in people[:2]]}
        page = manager.post(address("move_outs"), data)
        orders = Erasure.objects.all()
        assert {order.person_id for order in orders} == {people[0].pk, people[1].pk}
        assert {(o.reason, o.scope) for o in orders} == {(ErasureReason.STAY_ENDED, ErasureScope.PERSON)}
        assert people[0].code in page.content.decode()
        again = manager.post(address("move_outs"), data)
        assert Erasure.objects.count() == 2 and "was being erased already" in again.content.decode()

    def test_of_several_with_one_name_nobody_is_ticked(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        for room in ("1-101", "1-102"):
            factories.make_person(tenant, name="王伟", room=room)
        listed = self.look(manager, address, listed="王伟").context["listed"]
        assert not listed.people and len(listed.doubtful) == 2

    def test_a_hidden_minor_is_found_by_the_code_alone_and_not_named(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        child = factories.make_child(tenant, name="小宝贝", room="9-901")
        assert self.look(manager, address, listed="9-901\n小宝贝").context["listed"].people == []
        page = self.look(manager, address, listed=child.code)
        assert [person.pk for person in page.context["listed"].people] == [child.pk]
        shown = page.content.decode()
        assert "小宝贝" not in shown and "9-901" not in shown

    def test_a_table_counts_and_an_empty_list_is_sent_back(
        self, manager: Client, tenant: Property, address: Address
    ) -> None:
        person = factories.make_person(tenant, room="9-901")
        table = SimpleUploadedFile("out.csv", "房号,备注\n9-901,搬走\n".encode("gb18030"))
        listed = self.look(manager, address, file=table).context["listed"]
        assert [row.pk for row in listed.people] == [person.pk] and listed.missing == ["房号"]
        assert self.look(manager, address).context["form"].errors
        assert self.look(manager, address, file=SimpleUploadedFile("x.csv", b"\x00\xff\x00")).context["form"].errors
        assert "Nobody on this list" in self.look(manager, address, listed="没有").content.decode()

    def test_people_are_picked_by_search(self, manager: Client, tenant: Property, address: Address) -> None:
        person = factories.make_person(tenant)
        assert str(person.pk) in manager.get(address("move_outs"), {"q": "李阿姨"}).content.decode()
        listed = self.look(manager, address, people=[str(person.pk)]).context["listed"]
        assert [row.pk for row in listed.people] == [person.pk]

    def test_another_propertys_people_are_no_choice(self, manager: Client, tenant: Property, address: Address) -> None:
        stranger = factories.make_person(factories.make_property(), room="7-701")
        for data in ({"people": [str(stranger.pk)]}, {"people": ["nonsense"]}, {"people": []}):
            assert manager.post(address("move_outs"), {"confirmed": "on"} | data).status_code == 200
        assert self.look(manager, address, listed=f"7-701\n{stranger.code}").context["listed"].people == []
        assert not Erasure.objects.exists()

    def test_a_list_that_is_too_long_is_sent_back(
        self, manager: Client, tenant: Property, address: Address, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        page = self.look(manager, address, listed="\n".join(f"1-{number}" for number in range(201)))
        assert "At most 200" in page.content.decode()
        monkeypatch.setattr(move_outs, "MOST_AT_ONCE", 1)
        people = [factories.make_person(tenant, room="9-901") for _number in range(2)]
        page = manager.post(address("move_outs"), {"confirmed": "on", "people": [str(p.pk) for p in people]})
        assert "At most 200" in page.content.decode() and not Erasure.objects.exists()

    def test_the_preview_asks_the_same_number_of_questions_for_many(
        self, manager: Client, tenant: Property, address: Address, django_assert_max_num_queries: object
    ) -> None:
        for _number in range(12):
            factories.make_person(tenant, room="9-901")
        with django_assert_max_num_queries(30):
            assert len(self.look(manager, address, listed="9-901").context["listed"].people) == 12


@pytest.mark.parametrize("page", ["request_enter", "request_confirm", "move_outs"])
def test_a_search_with_a_sign_that_no_record_can_hold_finds_nobody(
    manager: Client, tenant: Property, address: Address, page: str
) -> None:
    keys = [make_request(tenant).pk] if page == "request_confirm" else []
    assert manager.get(address(page, *keys), {"q": "李\x00"}).status_code == 200
