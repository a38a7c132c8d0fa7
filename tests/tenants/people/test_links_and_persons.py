"""Personal links and records of persons."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people import changes
from tenants.people.kinds import FaceState
from tenants.people.models import Person, PersonalLink
from tenants.people.rules.masks import mask_name, mask_room
from tenants.people.services.guardians import end_guardian
from tenants.people.services.links import LinkOver, open_link
from tenants.people.services.persons import (
    add_person,
    correct_death,
    lift_restriction,
    move_face,
    record_death,
    restrict,
    update_person,
)
from tests import factories


def test_a_link_opens_its_person_in_its_property_only(tenant: Property) -> None:
    person = factories.make_person(tenant)
    token = factories.make_link(tenant, person)
    assert open_link(tenant=tenant, token=token).person == person
    other = factories.make_property()
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=other, token=token)


def test_the_secret_is_long_and_is_not_stored(tenant: Property) -> None:
    token = factories.make_link(tenant, factories.make_person(tenant))
    assert len(token) >= 32
    assert token not in str(vars(PersonalLink.objects.get()))


def test_a_new_link_stops_the_old_one(tenant: Property) -> None:
    person = factories.make_person(tenant)
    old, new = (factories.make_link(tenant, person) for _time in range(2))
    assert open_link(tenant=tenant, token=new)
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=old)


def test_an_expired_link_opens_nothing(tenant: Property) -> None:
    token = factories.make_link(tenant, factories.make_person(tenant))
    link = PersonalLink.objects.get()
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


@pytest.mark.parametrize("token", ["", "x", "\x00", "李", "a" * 10_000])
def test_what_is_no_secret_opens_nothing(tenant: Property, token: str) -> None:
    factories.make_link(tenant, factories.make_person(tenant))
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


def test_a_link_for_a_person_of_another_property_is_refused(tenant: Property) -> None:
    other = factories.make_property()
    stranger = factories.make_person(other)
    with pytest.raises(ValidationError) as refused:
        factories.make_link(tenant, stranger)
    assert refused.value.code == "different_tenants"


def test_adding_a_person_says_nothing_about_a_face(tenant: Property) -> None:
    person = factories.make_person(tenant)
    assert (person.face_state, person.face_enrolled_on) == (FaceState.INVITED, None)
    assert (person.identity.name, person.identity.room) == ("李阿姨", "3-1202")


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 81}, {"kind": "tenant"}, {"age_band": "old"}, {"email": "no address"}]
)
def test_a_wrong_record_is_refused_and_nothing_is_kept(tenant: Property, wrong: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        add_person(**{"tenant": tenant, "name": "李阿姨", "age_band": "adult"} | wrong)
    assert not Person.objects.exists()


def test_an_erased_record_is_not_written_again(tenant: Property) -> None:
    person = factories.make_person(tenant)
    person.erased_at = timezone.now()
    person.save()
    with pytest.raises(ValidationError) as refused:
        update_person(tenant=tenant, person=person, name="李", kind="owner", age_band="adult")
    assert refused.value.code == "erased"
    with pytest.raises(ValidationError):
        factories.make_link(tenant, person)


def test_a_face_takes_no_step_that_its_life_does_not_have(tenant: Property) -> None:
    person = factories.make_person(tenant)
    for target in (FaceState.ENROLLED, FaceState.CAPTURED, FaceState.SUSPENDED, FaceState.ERASED):
        with pytest.raises(ValidationError) as refused:
            move_face(person=person, target=target)
        assert refused.value.code == "wrong_state"


def test_the_end_of_a_face_forgets_when_it_was_enrolled(tenant: Property) -> None:
    person, _visit = factories.make_consented_person(tenant)
    person = move_face(person=person, target=FaceState.ENROLLED, enrolled_on=date(2026, 3, 2))
    assert person.face_enrolled_on == date(2026, 3, 2)
    assert move_face(person=person, target=FaceState.ERASING).face_enrolled_on is None


def test_an_expired_and_a_replaced_link_are_told_from_a_wrong_one(tenant: Property) -> None:
    person = factories.make_person(tenant)
    old, new = (factories.make_link(tenant, person) for _time in range(2))
    PersonalLink.objects.filter(revoked_at__isnull=True).update(expires_at=timezone.now())
    for token in (old, new):
        with pytest.raises(LinkOver):
            open_link(tenant=tenant, token=token)
    with pytest.raises(PersonalLink.DoesNotExist) as wrong:
        open_link(tenant=tenant, token="never")
    assert not isinstance(wrong.value, LinkOver)


def test_a_restriction_stands_until_it_is_lifted(tenant: Property) -> None:
    person = factories.make_person(tenant)
    first = restrict(tenant=tenant, person=person).restricted_at
    assert restrict(tenant=tenant, person=person).restricted_at == first is not None
    assert lift_restriction(tenant=tenant, person=person).restricted_at is None
    with pytest.raises(ValidationError):
        lift_restriction(tenant=tenant, person=person)


def test_a_recorded_death_stops_the_links_and_can_be_corrected(tenant: Property) -> None:
    person, today = factories.make_person(tenant), timezone.localdate()
    token = factories.make_link(tenant, person)
    with pytest.raises(ValidationError) as refused:
        record_death(tenant=tenant, person=person, died_on=today + timedelta(days=1))
    assert "died_on" in refused.value.error_dict
    record_death(tenant=tenant, person=person, died_on=today)
    with pytest.raises(LinkOver):
        open_link(tenant=tenant, token=token)
    person.refresh_from_db()
    with pytest.raises(ValidationError):
        factories.make_link(tenant, person)
    assert correct_death(tenant=tenant, person=person).died_on is None
    person.refresh_from_db()
    assert factories.make_link(tenant, person)


def test_whoever_changes_a_fact_has_the_gate_judge_again(tenant: Property, monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[Person] = []
    monkeypatch.setattr(changes, "_listeners", [lambda *, person: told.append(person)])
    factories.make_notice(tenant)
    person = factories.make_person(tenant)
    factories.agree(factories.make_visit(tenant, person))
    facts = {"name": "李", "kind": "owner", "age_band": "adult"}
    for change in (
        lambda: update_person(tenant=tenant, person=person, **facts),
        lambda: restrict(tenant=tenant, person=person),
        lambda: lift_restriction(tenant=tenant, person=person),
        lambda: record_death(tenant=tenant, person=person, died_on=timezone.localdate()),
        lambda: correct_death(tenant=tenant, person=person),
    ):
        before = len(told)
        change()
        assert told[before:] == [person]
    assert len(told) >= 7
    guardian = factories.make_guardian(tenant)
    assert told[-1] == guardian.child
    end_guardian(tenant=tenant, guardian=guardian)
    assert told[-2:] == [guardian.child] * 2


@pytest.mark.parametrize(
    ("room", "shown"),
    [("3-1202", "＊-＊＊02"), ("806", "＊＊＊"), ("", ""), ("A 座 12-0801", "＊ ＊ ＊＊-＊＊01")],
)
def test_a_room_is_shown_by_its_last_two_signs(room: str, shown: str) -> None:
    assert mask_room(room) == shown


@pytest.mark.parametrize(("name", "shown"), [("李秀英", "李＊＊"), ("赵", "赵＊＊"), ("Zoë Smith", "Z＊＊"), (" ", "")])
def test_a_name_is_shown_by_its_first_sign_and_does_not_tell_its_length(name: str, shown: str) -> None:
    assert mask_name(name) == shown
