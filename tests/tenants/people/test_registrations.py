"""Registering oneself: one ticket, one person, once; nothing about a face."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import AgeBand, FaceState, RegistrationState
from tenants.people.models import Consent, Person, PersonalLink, PersonIdentity, PromptRecord, Registration
from tenants.people.rules.registrations import state_of
from tenants.people.services.links import LinkOver, open_link
from tenants.people.services.persons import add_person
from tenants.people.services.registrations import Registered, cancel, find_ticket, make_ticket, register
from tenants.rights.people_stores import EvidenceStore
from tests import factories
from tests.threads import Job, interleave

NOW = timezone.now()
MINUTE = timedelta(minutes=1)
ENTRIES = {"name": "周己", "kind": "renter", "age_band": "adult", "room": "5-301", "phone": "13911112222"}
DOCUMENT = "E12345678"


@pytest.fixture
def token(tenant: Property, owner: User) -> str:
    _registration, token = make_ticket(tenant=tenant, made_by=owner)
    return token


def write_in(tenant: Property, token: str, submission: str = "form-1", **entries: object) -> Registered:
    return register(tenant=tenant, token=token, submission=submission, **(ENTRIES | entries))


def code_of(broken: pytest.ExceptionInfo[ValidationError]) -> str:
    return broken.value.error_list[0].code


def let_it_expire(ago: timedelta = MINUTE) -> None:
    ticket = Registration.objects.get()
    Registration.objects.update(made_at=ticket.made_at - timedelta(days=1), expires_at=timezone.now() - ago)


@pytest.mark.parametrize(
    ("used_at", "cancelled_at", "expires_at", "state"),
    [
        (None, None, NOW + MINUTE, RegistrationState.OPEN),
        (None, None, NOW, RegistrationState.EXPIRED),
        (NOW - MINUTE, None, NOW + MINUTE, RegistrationState.USED),
        (NOW - MINUTE, None, NOW, RegistrationState.USED),
        (None, NOW - MINUTE, NOW + MINUTE, RegistrationState.CANCELLED),
        (None, NOW - MINUTE, NOW, RegistrationState.CANCELLED),
    ],
)
def test_the_state_follows_from_the_times(
    used_at: object, cancelled_at: object, expires_at: object, state: RegistrationState
) -> None:
    assert state_of(used_at=used_at, cancelled_at=cancelled_at, expires_at=expires_at, now=NOW) == state


def test_a_ticket_lives_for_half_an_hour_and_its_secret_is_not_stored(tenant: Property, token: str) -> None:
    ticket = find_ticket(tenant=tenant, token=token)
    assert timedelta(minutes=29) < ticket.expires_at - timezone.now() <= timedelta(minutes=30)
    assert len(token) >= 32 and token not in str(vars(ticket))


def test_somebody_registers_and_gets_a_link_of_their_own(tenant: Property, token: str, owner: User) -> None:
    done = write_in(tenant, token)
    person = open_link(tenant=tenant, token=done.token).person
    assert (person.identity.name, person.identity.room, person.kind) == ("周己", "5-301", "renter")
    ticket = Registration.objects.get()
    assert (ticket.person, ticket.state, ticket.made_by) == (person, RegistrationState.USED, owner)


def test_nothing_about_a_face_happens(tenant: Property, token: str) -> None:
    factories.make_lawful(tenant)
    person = write_in(tenant, token).registration.person
    assert person.face_state == FaceState.INVITED
    assert not Consent.objects.exists() and not PromptRecord.objects.exists()


def test_a_used_ticket_takes_nobody_else(tenant: Property, token: str) -> None:
    write_in(tenant, token)
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token, "form-2", name="别人")
    assert code_of(broken) == "used"
    assert PersonIdentity.objects.get().name == "周己"


def test_the_same_form_sent_twice_is_one_person_who_gets_a_working_link(tenant: Property, token: str) -> None:
    first, second = (write_in(tenant, token) for _time in range(2))
    assert (first.is_new, second.is_new) == (True, False)
    assert Person.objects.count() == 1
    assert open_link(tenant=tenant, token=second.token).person == first.registration.person
    with pytest.raises(LinkOver):
        open_link(tenant=tenant, token=first.token)


@pytest.mark.parametrize("submission", ["", "form-1"])
def test_a_form_without_a_secret_or_after_its_time_is_no_second_way_in(
    tenant: Property, token: str, submission: str
) -> None:
    write_in(tenant, token, submission)
    if submission:
        let_it_expire()
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token, submission)
    assert code_of(broken) == "used"
    assert PersonalLink.objects.count() == 1


def test_an_expired_ticket_takes_nobody(tenant: Property, token: str) -> None:
    let_it_expire(timedelta())
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token)
    assert code_of(broken) == "expired"
    assert not Person.objects.exists()


def test_a_stopped_ticket_takes_nobody(tenant: Property, token: str) -> None:
    for _time in range(2):
        cancel(tenant=tenant, registration=Registration.objects.get())
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token)
    assert code_of(broken) == "cancelled"
    assert not Person.objects.exists()


def test_a_used_or_expired_ticket_is_not_stopped(tenant: Property, token: str) -> None:
    write_in(tenant, token)
    with pytest.raises(ValidationError):
        cancel(tenant=tenant, registration=Registration.objects.get())
    assert Registration.objects.get().cancelled_at is None


def test_a_ticket_opens_nothing_in_another_property(token: str) -> None:
    other = factories.make_property()
    with pytest.raises(Registration.DoesNotExist):
        write_in(other, token)


def test_a_child_under_14_is_sent_to_the_desk_and_nothing_is_written(tenant: Property, token: str) -> None:
    born = {age: timezone.localdate() - timedelta(days=366 * age) for age in (10, 15)}
    for entries in (
        {"age_band": AgeBand.UNDER_14},
        {"age_band": AgeBand.UNDER_14, "birth_date": born[15]},
        {"age_band": AgeBand.TEEN, "birth_date": born[10]},
        {"age_band": AgeBand.ADULT, "birth_date": born[10]},
    ):
        with pytest.raises(ValidationError) as broken:
            write_in(tenant, token, **entries)
        assert broken.value.error_dict["age_band"][0].code == "under_14"
    assert not Person.objects.exists()
    person = write_in(tenant, token, age_band=AgeBand.TEEN, birth_date=born[15]).registration.person
    assert person.age_band == AgeBand.TEEN and person.age_band_until is not None


def test_one_way_to_be_reached_is_enough_and_none_is_not(tenant: Property, token: str) -> None:
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token, phone="")
    assert code_of(broken) == "contact"
    assert write_in(tenant, token, phone="", email="zhou@example.com").is_new


@pytest.mark.parametrize(
    "entries", [{"name": ""}, {"kind": "boss"}, {"age_band": "old"}, {"age_band": "teen"}, {"document": "?"}]
)
def test_a_bad_entry_leaves_the_ticket_as_it_was(tenant: Property, token: str, entries: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        write_in(tenant, token, **entries)
    assert not Person.objects.exists()
    assert find_ticket(tenant=tenant, token=token).state == RegistrationState.OPEN


def test_who_is_on_record_already_is_not_told_to_a_stranger(tenant: Property, token: str) -> None:
    known = add_person(tenant=tenant, name="李阿姨", age_band=AgeBand.ADULT, document=DOCUMENT)
    with pytest.raises(ValidationError) as broken:
        write_in(tenant, token, document=DOCUMENT)
    assert code_of(broken) == "ask_at_the_desk"
    assert known.code not in str(broken.value) and not hasattr(broken.value, "error_dict")
    assert write_in(tenant, token).is_new


def test_the_database_says_the_same(tenant: Property, token: str, owner: User) -> None:
    ticket, person = find_ticket(tenant=tenant, token=token), factories.make_person(tenant)
    for broken in (
        {"person": person},
        {"used_at": NOW},
        {"person": person, "used_at": NOW, "cancelled_at": NOW},
        {"expires_at": ticket.made_at},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Registration.objects.filter(pk=ticket.pk).update(**broken)


def test_what_is_held_about_it_is_two_times_and_no_name(tenant: Property, token: str) -> None:
    person = write_in(tenant, token).registration.person
    rows = [row["registration"] for row in EvidenceStore().export(person) if "registration" in row]
    assert [set(row) for row in rows] == [{"made_at", "used_at"}]


@pytest.mark.django_db(transaction=True)
class TestAtOnce:
    @pytest.fixture
    def open_ticket(self) -> tuple[Property, str]:
        with transaction.atomic():
            tenant = factories.make_property()
            _registration, token = make_ticket(tenant=tenant, made_by=factories.make_member(tenant))
        return tenant, token

    def job(self, tenant: Property, token: str, submission: str, *, pauses: bool = False) -> Job:
        def work() -> Registered:
            with tenant_context(tenant.pk):
                return write_in(tenant, token, submission)

        return Job(work, pause_before='INSERT INTO "people_personidentity"' if pauses else "")

    def test_two_who_share_a_code_are_one_person(self, open_ticket: tuple[Property, str]) -> None:
        first, second = interleave(self.job(*open_ticket, "form-1", pauses=True), self.job(*open_ticket, "form-2"))
        assert isinstance(first, Registered) and isinstance(second, ValidationError)
        with tenant_context(open_ticket[0].pk):
            assert Person.objects.count() == 1

    def test_a_button_pressed_twice_is_one_person(self, open_ticket: tuple[Property, str]) -> None:
        first, second = interleave(self.job(*open_ticket, "form-1", pauses=True), self.job(*open_ticket, "form-1"))
        assert (first.is_new, second.is_new) == (True, False)
        with tenant_context(open_ticket[0].pk):
            assert open_link(tenant=open_ticket[0], token=second.token).person == Person.objects.get()

    def test_a_code_stopped_meanwhile_is_used_or_stopped_and_never_both(
        self, open_ticket: tuple[Property, str]
    ) -> None:
        tenant, token = open_ticket

        def stop() -> Registration:
            with tenant_context(tenant.pk):
                return cancel(tenant=tenant, registration=find_ticket(tenant=tenant, token=token))

        done, stopped = interleave(self.job(tenant, token, "form-1", pauses=True), Job(stop))
        assert isinstance(done, Registered) and isinstance(stopped, ValidationError)
