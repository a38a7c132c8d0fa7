"""Personal links and records of persons."""

from datetime import date, timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import PersonalLink
from tenants.people.services.links import issue_link, open_link
from tenants.people.services.persons import add_person, move_face, update_person
from tests import factories


def test_a_link_opens_its_person_in_its_property_only(tenant: Property) -> None:
    person = factories.make_person(tenant)
    token = issue_link(tenant=tenant, person=person)
    assert open_link(tenant=tenant, token=token).person == person
    other = factories.make_property()
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=other, token=token)


def test_the_secret_is_long_and_is_not_stored(tenant: Property) -> None:
    token = issue_link(tenant=tenant, person=factories.make_person(tenant))
    assert len(token) >= 32
    assert token not in str(vars(PersonalLink.objects.get()))


def test_a_new_link_stops_the_old_one(tenant: Property) -> None:
    person = factories.make_person(tenant)
    old, new = (issue_link(tenant=tenant, person=person) for _time in range(2))
    assert open_link(tenant=tenant, token=new)
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=old)


def test_an_expired_link_opens_nothing(tenant: Property) -> None:
    token = issue_link(tenant=tenant, person=factories.make_person(tenant))
    link = PersonalLink.objects.get()
    link.expires_at = timezone.now() - timedelta(seconds=1)
    link.save()
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


@pytest.mark.parametrize("token", ["", "x", "\x00", "李", "a" * 10_000])
def test_what_is_no_secret_opens_nothing(tenant: Property, token: str) -> None:
    issue_link(tenant=tenant, person=factories.make_person(tenant))
    with pytest.raises(PersonalLink.DoesNotExist):
        open_link(tenant=tenant, token=token)


def test_a_link_for_a_person_of_another_property_is_refused(tenant: Property) -> None:
    other = factories.make_property()
    stranger = factories.make_person(other)
    with pytest.raises(ValidationError) as refused:
        issue_link(tenant=tenant, person=stranger)
    assert refused.value.code == "different_tenants"


def test_adding_a_person_says_nothing_about_a_face(tenant: Property) -> None:
    person = factories.make_person(tenant)
    assert (person.face_state, person.face_enrolled_on) == (FaceState.INVITED, None)
    assert (person.identity.name, person.identity.room) == ("李阿姨", "3-1202")


@pytest.mark.parametrize(
    "wrong", [{"name": ""}, {"name": "x" * 81}, {"kind": "tenant"}, {"age_band": "old"}, {"email": "no address"}]
)
def test_a_wrong_record_is_refused_and_nothing_is_kept(tenant: Property, wrong: dict[str, str]) -> None:
    from tenants.people.models import Person

    with pytest.raises(ValidationError):
        add_person(**{"tenant": tenant, "name": "李阿姨"} | wrong)
    assert not Person.objects.exists()


def test_an_erased_record_is_not_written_again(tenant: Property) -> None:
    person = factories.make_person(tenant)
    person.erased_at = timezone.now()
    person.save()
    with pytest.raises(ValidationError) as refused:
        update_person(tenant=tenant, person=person, name="李", kind="resident", age_band="adult")
    assert refused.value.code == "erased"
    with pytest.raises(ValidationError):
        issue_link(tenant=tenant, person=person)


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
