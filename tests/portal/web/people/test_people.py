"""People: found, added, corrected; their link is shown once; nobody answers for them."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone
from django.utils.translation import override

from portal.web.reads.people import people_rows, tell_consents, with_consent
from portal.web.reads.timelines import timeline
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Role
from tenants.people.kinds import AgeBand, ConsentDecision, ConsentPurpose, ConsentStatus, LinkReason
from tenants.people.models import Consent, Guardian, Person, PersonalLink, PromptRecord
from tenants.people.services.consents import consent_statuses
from tenants.people.services.guardians import end_guardian
from tenants.people.services.links import open_link
from tenants.rights.services.withdrawals import withdraw
from tests import factories

Address = Callable[..., str]
ONE_DAY = timedelta(days=1)


def test_a_person_is_added_and_found_by_name_phone_room_and_code(
    manager: Client, tenant: Property, address: Address
) -> None:
    answer = manager.post(
        address("person_add"),
        {"name": "赵敏", "kind": "owner", "age_band": "adult", "phone": "13911112222", "room": "5-301"},
    )
    person = Person.objects.get(tenant=tenant)
    assert answer["Location"] == address("person", person.pk)
    factories.make_person(tenant, name="别人")
    for words in ("赵敏", "11112222", "5-301", person.code):
        page = manager.get(address("people"), {"q": words}).content.decode()
        assert "赵敏" in page
        assert "别人" not in page


def test_a_person_without_a_name_is_refused_beside_the_field(manager: Client, address: Address) -> None:
    answer = manager.post(address("person_add"), {"name": " ", "kind": "owner", "age_band": "adult"})
    assert answer.status_code == 200
    assert "name" in answer.context["form"].errors
    assert not Person.objects.exists()


def test_no_age_is_chosen_beforehand_and_under_18_the_date_of_birth_is_asked_for(
    manager: Client, address: Address
) -> None:
    page = manager.get(address("person_add")).content.decode()
    assert page.count('name="age_band"') == len(AgeBand) and "checked" not in page
    answer = manager.post(address("person_add"), {"name": "小宝", "kind": "family"})
    assert "age_band" in answer.context["form"].errors
    for band in (AgeBand.UNDER_14, AgeBand.TEEN):
        answer = manager.post(address("person_add"), {"name": "小宝", "kind": "family", "age_band": band})
        assert "birth_date" in answer.context["form"].errors
    assert not Person.objects.exists()


@pytest.mark.parametrize(
    ("filters", "found"),
    [({"consent": "agreed"}, "agreed"), ({"consent": "declined"}, "declined"), ({"consent": "unanswered"}, "silent")],
)
def test_the_list_says_what_the_answers_amount_to(
    manager: Client, tenant: Property, address: Address, filters: dict[str, str], found: str
) -> None:
    factories.make_notice(tenant)
    factories.make_person(tenant, name="silent")
    factories.agree(factories.make_visit(tenant, factories.make_person(tenant, name="agreed")))
    factories.agree(
        factories.make_visit(tenant, factories.make_person(tenant, name="declined")), ConsentDecision.DECLINE
    )
    rows = manager.get(address("people"), filters).context["object_list"]
    assert [row.identity.name for row in rows] == [found]


def test_a_new_notice_makes_the_answer_stale_in_the_list_too(
    manager: Client, tenant: Property, address: Address
) -> None:
    factories.make_consented_person(tenant)
    factories.make_notice(tenant, purpose_method_zh="另一个目的")
    assert [row.consent for row in manager.get(address("people")).context["object_list"]] == ["stale"]


def _fresh(tenant: Property) -> Person:
    return factories.make_person(tenant)


def _agreed(tenant: Property) -> Person:
    return factories.make_consented_person(tenant)[0]


def _expired(tenant: Property) -> Person:
    person = _agreed(tenant)
    factories.rewrite(Consent.objects.filter(person=person), ends_on=timezone.localdate() - ONE_DAY)
    return person


def _last_day(tenant: Property) -> Person:
    person = _agreed(tenant)
    factories.rewrite(Consent.objects.filter(person=person), ends_on=timezone.localdate())
    return person


def _by_guardian(tenant: Property, decision: ConsentDecision = ConsentDecision.AGREE) -> Guardian:
    guardian = factories.make_guardian(factories.allow_children(tenant))
    factories.agree(factories.make_guardian_visit(guardian), decision)
    return guardian


def _now_14(tenant: Property, decision: ConsentDecision = ConsentDecision.AGREE) -> Person:
    child = _by_guardian(tenant, decision).child
    child.age_band_until = timezone.localdate() - ONE_DAY
    child.save()
    return child


def _now_14_and_stopped(tenant: Property, *, by_guardian: bool) -> Person:
    """The child itself, or the guardian, took the guardian's yes back while the child was under 14."""
    guardian = _by_guardian(tenant)
    who = factories.make_guardian_visit(guardian) if by_guardian else factories.make_visit(tenant, guardian.child)
    withdraw(visit=who)
    Person.objects.filter(pk=guardian.child_id).update(age_band_until=timezone.localdate() - ONE_DAY)
    return guardian.child


def _guardian_gone(tenant: Property) -> Person:
    guardian = _by_guardian(tenant)
    end_guardian(tenant=tenant, guardian=guardian)
    return guardian.child


def _turned_out_a_child(tenant: Property) -> Person:
    person = _agreed(tenant)
    person.age_band = AgeBand.UNDER_14
    person.save()
    return person


def _withdrawn(tenant: Property) -> Person:
    person, visit = factories.make_consented_person(tenant)
    withdraw(visit=visit)
    return person


@pytest.mark.parametrize(
    ("made", "status"),
    [
        (_fresh, ConsentStatus.UNANSWERED),
        (_agreed, ConsentStatus.AGREED),
        (_last_day, ConsentStatus.AGREED),
        (_expired, ConsentStatus.EXPIRED),
        (_withdrawn, ConsentStatus.WITHDRAWN),
        (lambda tenant: _by_guardian(tenant).child, ConsentStatus.AGREED),
        (lambda tenant: _by_guardian(tenant, ConsentDecision.DECLINE).child, ConsentStatus.DECLINED),
        (_now_14, ConsentStatus.NEEDS_PERSON),
        (lambda tenant: _now_14(tenant, ConsentDecision.DECLINE), ConsentStatus.UNANSWERED),
        (lambda tenant: _now_14_and_stopped(tenant, by_guardian=False), ConsentStatus.WITHDRAWN),
        (lambda tenant: _now_14_and_stopped(tenant, by_guardian=True), ConsentStatus.UNANSWERED),
        (_guardian_gone, ConsentStatus.UNANSWERED),
        (_turned_out_a_child, ConsentStatus.UNANSWERED),
    ],
)
def test_the_list_says_of_everybody_what_the_rule_says(
    tenant: Property, owner: User, made: Callable[[Property], Person], status: ConsentStatus
) -> None:
    """The database says it to filter by it, the rule for those on a page and for one person. They must agree."""
    factories.make_notice(tenant)
    person = Person.objects.get(pk=made(tenant).pk)
    row = people_rows(tenant, owner).get(pk=person.pk)
    tell_consents(tenant, [row])
    assert row.consent == with_consent(people_rows(tenant, owner), tenant).get(pk=person.pk).consent == status
    assert consent_statuses(person)[ConsentPurpose.RECOGNITION] == status


def test_the_list_asks_the_same_number_of_questions_for_many_as_for_one(
    manager: Client, tenant: Property, address: Address, count_queries: Callable[[Client, str], int]
) -> None:
    factories.make_consented_person(tenant)
    few = count_queries(manager, address("people"))
    for number in range(20):
        factories.make_person(tenant, name=f"住户{number}")
    # One of them writes down who looked.
    assert count_queries(manager, address("people")) == few <= 18


def test_the_page_of_a_person_has_no_button_that_answers_for_them(
    manager: Client, tenant: Property, address: Address
) -> None:
    person, _visit = factories.make_consented_person(tenant)
    page = manager.get(address("person", person.pk)).content.decode()
    assert "by the person's own link" in page
    assert "/consent" not in page


def test_a_link_is_shown_once_and_the_old_one_stops(manager: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    first = manager.post(address("person_link", person.pk), {"why": "asked"})
    assert first["Cache-Control"] == "no-store"
    page = first.content.decode()
    assert "<svg" in page
    assert "style=" not in page
    token = first.context["address"].rstrip("/").rsplit("/", 1)[-1]
    assert open_link(tenant=tenant, token=token).person == person
    assert token not in manager.get(address("person", person.pk)).content.decode()

    assert "The old link stops at once." in manager.get(address("person_link", person.pk)).content.decode()
    manager.post(address("person_link", person.pk), {"why": "asked"})
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


@pytest.mark.parametrize("why", [None, "", "because", "registered", "child-1"])
def test_no_link_is_made_without_a_reason(manager: Client, tenant: Property, address: Address, why: str | None) -> None:
    """After a no it matters who started: nothing is chosen for whoever makes the link."""
    factories.make_notice(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit, ConsentDecision.DECLINE)
    url = address("person_link", visit.person.pk)
    assert "checked" not in manager.get(url).content.decode()
    answer = manager.post(url, {} if why is None else {"why": why})
    assert answer.status_code == 400
    assert "Say why it is made" in answer.content.decode()
    assert PersonalLink.objects.count() == 1


def test_a_link_says_why_it_was_made_and_by_whom(manager: Client, tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    manager.post(address("person_link", person.pk), {"why": "asked"})
    link = PersonalLink.objects.get()
    assert (link.reason, str(link.made_by_id)) == (LinkReason.ASKED, manager.session["_auth_user_id"])
    page = manager.get(address("person", person.pk)).content.decode()
    assert f"The person asked for it; recorded by {link.made_by}" in page


def test_a_guardian_who_said_no_for_themselves_is_still_asked_for_the_child(
    manager: Client, tenant: Property, address: Address
) -> None:
    guardian = factories.make_guardian(factories.allow_children(tenant))
    factories.agree(factories.make_visit(tenant, guardian.guardian), ConsentDecision.DECLINE)
    url, why = address("person_link", guardian.guardian_id), f"child-{guardian.child_id}"
    page = manager.get(url).content.decode()
    assert 'value="invitation"' not in page and why in page and guardian.child.code in page
    assert manager.post(url, {"why": why}).status_code == 200
    assert {row.child for row in PromptRecord.objects.all()} == {guardian.child}
    # Asked once in 48 hours, for the child too.
    assert why not in manager.get(url).content.decode()
    assert manager.post(url, {"why": why}).status_code == 302


def test_after_a_refusal_the_page_says_so_and_does_not_invite_to_ask_again(
    manager: Client, tenant: Property, address: Address
) -> None:
    factories.make_lawful(tenant)
    visit = factories.make_visit(tenant)
    factories.agree(visit, ConsentDecision.DECLINE)
    answer = manager.get(address("person", visit.person.pk))
    assert "We do not ask again" in answer.content.decode()
    assert not any(check["url"] for check in answer.context["checks"])


def test_the_history_says_who_answered_and_who_took_it_back(tenant: Property) -> None:
    child = _by_guardian(tenant).child
    withdraw(visit=factories.make_visit(tenant, child))
    with override("en"):
        items = timeline(tenant=tenant, rows=list(child.consents.all())).items
        told = {(item["text"].split(":")[0], str(item["actor"])) for item in items}
    assert told == {("Withdrawn", "the person"), ("Agreed", "A guardian")}


@pytest.mark.parametrize("name", ["person", "person_edit", "person_link", "person_photo"])
def test_a_person_of_another_property_is_not_there(
    manager: Client, tenant: Property, address: Address, name: str
) -> None:
    stranger = factories.make_person(factories.make_property())
    assert manager.get(address(name, stranger.pk)).status_code == 404


def test_an_auditor_sees_no_people(sign_in: Callable[[Role], Client], tenant: Property, address: Address) -> None:
    person = factories.make_person(tenant)
    auditor = sign_in(Role.AUDITOR)
    assert auditor.get(address("people")).status_code == 403
    assert auditor.get(address("person", person.pk)).status_code == 403


def test_a_privacy_officer_reads_but_does_not_change(
    sign_in: Callable[[Role], Client], tenant: Property, address: Address
) -> None:
    person = factories.make_person(tenant)
    officer = sign_in(Role.PRIVACY_OFFICER)
    page = officer.get(address("person", person.pk))
    assert page.status_code == 200
    assert address("person_edit", person.pk) not in page.content.decode()
    assert officer.post(address("person_link", person.pk)).status_code == 403
