"""What answering does for each of the eight kinds, and what a refusal must say before it closes."""

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.people.kinds import FaceState, PassKind
from tenants.people.models import Consent, Pass, Person
from tenants.people.services import persons
from tenants.people.services.passes import issue_card
from tenants.rights.kinds import (
    Delivery,
    ErasureReason,
    ErasureScope,
    PackageKind,
    RefusalCode,
    Requester,
    RequestKind,
    RequestState,
)
from tenants.rights.models import Erasure, Package, RightsRequest
from tenants.rights.services import answering, identity
from tests import factories
from tests.tenants.rights.asking import PHONE, confirmed, fresh, receive, told


@pytest.fixture
def actor(owner: User) -> User:
    return owner


def answer(request: RightsRequest, actor: User | None, text: str = "好的，已经办了。") -> RightsRequest:
    return answering.answer(tenant=request.tenant, request=request, text=text, actor=actor)


def refuse(request: RightsRequest, actor: User, **fields: str) -> RightsRequest:
    given = {"code": RefusalCode.NOT_HELD, "article": "PIPL 45", "text": "这里没有您的人脸。"} | fields
    return answering.refuse(tenant=request.tenant, request=request, actor=actor, **given)


class TestWhatAnsweringDoes:
    @pytest.mark.parametrize(
        ("kind", "package"),
        [
            (RequestKind.ACCESS, PackageKind.ACCESS),
            (RequestKind.COPY, PackageKind.ACCESS),
            (RequestKind.EXPLAIN, PackageKind.ACCESS),
            (RequestKind.TRANSFER, PackageKind.TRANSFER),
            (RequestKind.CORRECT, None),
            (RequestKind.RESTRICT, None),
            (RequestKind.WITHDRAW, None),
            (RequestKind.DELETE, None),
        ],
    )
    def test_whoever_asks_to_see_gets_a_package_and_nobody_else(
        self, tenant: Property, actor: User, kind: RequestKind, package: PackageKind | None
    ) -> None:
        request = answer(confirmed(tenant, kind), actor)
        assert request.state == RequestState.ANSWERED and request.closed_at is not None
        assert [row.kind for row in Package.objects.filter(request=request)] == ([package] if package else [])

    @pytest.mark.parametrize("kind", RequestKind)
    def test_the_answer_lies_on_the_tracking_page_before_it_closes(
        self, tenant: Property, actor: User, kind: RequestKind
    ) -> None:
        request = answer(confirmed(tenant, kind), actor)
        message = request.messages.get(template="answered")
        assert (message.text, message.author) == (request.answer, actor)
        assert message.at <= request.closed_at and message.delivery == Delivery.WAITING

    def test_a_deletion_orders_everything(self, tenant: Property, actor: User) -> None:
        request = answer(confirmed(tenant, RequestKind.DELETE), actor)
        erasure = Erasure.objects.get(request=request)
        assert (erasure.person, erasure.scope, erasure.reason) == (
            request.person,
            ErasureScope.PERSON,
            ErasureReason.REQUESTED,
        )

    def test_a_relative_s_deletion_says_that_the_person_has_died(self, tenant: Property, actor: User) -> None:
        person = persons.record_death(tenant=tenant, person=factories.make_person(tenant), died_on=timezone.localdate())
        asked = {"asked_by": Requester.RELATIVE, "relation": "女儿"}
        answer(confirmed(tenant, RequestKind.DELETE, person=person, **asked), actor)
        assert Erasure.objects.get().reason == ErasureReason.DIED

    def test_a_withdrawal_ends_the_face_and_leaves_the_pass(self, tenant: Property, actor: User) -> None:
        person, _visit = factories.make_consented_person(tenant)
        card = issue_card(tenant=tenant, person=person, number="04A2 1F33")
        request = answer(confirmed(tenant, RequestKind.WITHDRAW, person=person), actor)
        assert request.erasures.get().scope == ErasureScope.FACE
        assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASING
        assert set(Consent.objects.filter(person=person).values_list("withdrawn_by", flat=True)) == {"person_sheet"}
        assert Pass.objects.get(pk=card.pk).kind == PassKind.CARD and Pass.objects.get().state == "active"

    def test_who_never_agreed_is_answered_and_nothing_is_erased(self, tenant: Property, actor: User) -> None:
        assert answer(confirmed(tenant, RequestKind.WITHDRAW), actor).state == RequestState.ANSWERED
        assert not Erasure.objects.exists()

    def test_a_restriction_stops_every_use(self, tenant: Property, actor: User) -> None:
        request = answer(confirmed(tenant, RequestKind.RESTRICT), actor)
        assert request.person and Person.objects.get(pk=request.person_id).restricted_at is not None

    @pytest.mark.parametrize("kind", [RequestKind.DELETE, RequestKind.WITHDRAW, RequestKind.RESTRICT])
    def test_what_was_erased_meanwhile_is_not_erased_again(
        self, tenant: Property, actor: User, kind: RequestKind
    ) -> None:
        request = confirmed(tenant, kind)
        Person.objects.filter(pk=request.person_id).update(erased_at=timezone.now())
        assert answer(request, actor).state == RequestState.ANSWERED
        assert not Erasure.objects.exists()

    def test_a_guardian_does_not_withdraw_for_who_decides_alone(self, tenant: Property, actor: User) -> None:
        teen = factories.make_person(tenant, age_band="teen")
        asked = {"asked_by": Requester.GUARDIAN, "relation": "母亲"}
        request = confirmed(tenant, RequestKind.WITHDRAW, person=teen, **asked)
        with pytest.raises(ValidationError) as refused:
            answer(request, actor)
        assert refused.value.code == "decides_alone"
        assert fresh(request).state == RequestState.CONFIRMED and told(request) == []

    @pytest.mark.parametrize("text", ["", "  ", "\u3000\n"])
    def test_nothing_is_answered_without_words(self, tenant: Property, actor: User, text: str) -> None:
        request = confirmed(tenant)
        with pytest.raises(ValidationError) as refused:
            answer(request, actor, text)
        assert set(refused.value.error_dict) == {"text"}
        assert fresh(request).state == RequestState.CONFIRMED

    def test_nothing_is_answered_before_it_is_proved_who_asks(self, tenant: Property, actor: User) -> None:
        for channel in ("form", "paper", "phone", "api"):
            request = receive(tenant, channel=channel, entered_by=None if channel == "form" else actor)
            with pytest.raises(ValidationError) as refused:
                answer(request, actor)
            assert refused.value.code == "wrong_state" and told(request) == []


class TestRefusals:
    def test_a_refusal_says_why_by_which_article_and_how_to_complain_or_sue(
        self, tenant: Property, actor: User
    ) -> None:
        tenant.authority_name, tenant.authority_phone = "杭州市网信办", "0571-88889999"
        tenant.save()
        request = refuse(receive(tenant, language="en"), actor)
        assert (request.state, request.refusal_code, request.refusal_article) == ("refused", "not_held", "PIPL 45")
        for words in (
            "这里没有您的人脸。",
            "(PIPL Art 45)",
            "sue",
            "complain",
            "杭州市网信办",
            "0571-88889999",
            "12377",
        ):
            assert words in request.answer
        message = request.messages.get(template="refused")
        assert message.text == request.answer and message.at <= request.closed_at

    @pytest.mark.parametrize(
        ("field", "value"),
        [("code", ""), ("code", "because"), ("article", " "), ("text", "\u3000"), ("text", "长" * 3001)],
    )
    def test_nothing_is_refused_without_reason_article_and_words(
        self, tenant: Property, actor: User, field: str, value: str
    ) -> None:
        request = receive(tenant)
        with pytest.raises(ValidationError) as refused:
            refuse(request, actor, **{field: value})
        assert set(refused.value.error_dict) == {field}
        assert fresh(request).state == RequestState.RECEIVED and told(request) == []

    def test_who_was_proved_is_not_refused_for_want_of_proof(self, tenant: Property, actor: User) -> None:
        with pytest.raises(ValidationError) as refused:
            refuse(confirmed(tenant), actor, code=RefusalCode.NOT_PROVED)
        assert refused.value.error_dict["code"][0].code == "proved"

    def test_an_end_is_an_end(self, tenant: Property, actor: User) -> None:
        for request in (refuse(receive(tenant), actor), answer(confirmed(tenant), actor)):
            for act in (answer, refuse):
                with pytest.raises(ValidationError) as refused:
                    act(request, actor)
                assert refused.value.code == "wrong_state"
            with pytest.raises(ValidationError):
                identity.prove_in_person(
                    tenant=tenant, request=request, person=factories.make_person(tenant), actor=actor
                )


def test_a_handler_whose_contract_has_ended_still_answers(tenant: Property, actor: User) -> None:
    request = confirmed(tenant, RequestKind.DELETE, person=factories.make_person(tenant, phone=PHONE))
    tenant.handler.contract_ends_on = timezone.localdate().replace(year=2025)
    tenant.handler.save()
    assert answer(request, actor).state == RequestState.ANSWERED
