"""Legal holds: a second member, an end, and never a face."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.utils import timezone

from recognition.matching.models import DoorEvent
from recognition.vault.models import FaceTemplate, PersonKey
from tenants.organizations.models import Property, User
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.rights import retention_jobs, stores
from tenants.rights.kinds import ErasureReason, ErasureScope, HoldKind
from tenants.rights.models import LegalHold
from tenants.rights.services import holds
from tenants.rights.services.erasures import order_erasure, preview
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.steps import enroll, erase, knock
from tests.roles import database_role

TODAY = timezone.localdate()


def ask(tenant: Property, actor: User, **about: object) -> LegalHold:
    known = {
        "kind": HoldKind.EVENTS,
        "reason": "东门丢了一辆车",
        "article": "刑事诉讼法 54",
        "ends_on": TODAY + timedelta(days=60),
    }
    return holds.ask(tenant=tenant, actor=actor, **(known | about))


def hold(tenant: Property, **about: object) -> LegalHold:
    """A hold in force."""
    asked = ask(tenant, factories.make_member(tenant), **about)
    return holds.approve(tenant=tenant, hold=asked, actor=factories.make_member(tenant))


def codes(broken: ValidationError) -> dict[str, str]:
    return {name: errors[0].code for name, errors in broken.error_dict.items()}


def test_nothing_is_held_until_a_second_member_approves(tenant: Property, owner: User) -> None:
    asked = ask(tenant, owner)
    assert holds.standing(tenant=tenant) == []
    with pytest.raises(ValidationError) as same:
        holds.approve(tenant=tenant, hold=asked, actor=owner)
    assert same.value.code == "same_member"
    holds.approve(tenant=tenant, hold=asked, actor=factories.make_member(tenant))
    assert holds.standing(tenant=tenant) == [asked]


def test_a_hold_says_why_by_which_article_and_until_when(tenant: Property, owner: User) -> None:
    with pytest.raises(ValidationError) as empty:
        ask(tenant, owner, reason=" ", article="", ends_on=TODAY - timedelta(days=1))
    assert codes(empty.value) == {"reason": "required", "article": "required", "ends_on": "past"}
    with pytest.raises(ValidationError) as endless:
        ask(tenant, owner, ends_on=TODAY + timedelta(days=4 * 365))
    assert codes(endless.value) == {"ends_on": "too_long"}


def test_a_hold_ends_by_itself_and_can_be_lifted(tenant: Property, owner: User) -> None:
    lifted, passing = hold(tenant), hold(tenant)
    holds.lift(tenant=tenant, hold=lifted, actor=owner)
    assert holds.standing(tenant=tenant) == [passing]
    LegalHold.objects.filter(pk=passing.pk).update(ends_on=TODAY - timedelta(days=1))
    assert holds.standing(tenant=tenant) == []
    retention_jobs.sweep_retention()
    assert not LegalHold.objects.filter(ended_at__isnull=True).exists()
    with pytest.raises(ValidationError):
        holds.lift(tenant=tenant, hold=passing, actor=owner)


def test_a_hold_on_one_person_keeps_nobody_elses_rows(tenant: Property) -> None:
    ours, other = factories.make_person(tenant), factories.make_person(tenant)
    kept = hold(tenant, person=ours)
    assert holds.standing(tenant=tenant, person=ours) == [kept]
    assert holds.standing(tenant=tenant, person=other) == []
    assert holds.is_held(store="events", person=ours)
    assert not holds.is_held(store="events", person=other)
    assert not holds.is_held(store="requests", person=ours), "Events are held, not what was written"


def test_a_hold_of_another_property_holds_nothing_here(tenant: Property) -> None:
    person = factories.make_person(tenant)
    other = factories.make_property()
    hold(other)
    assert not holds.is_held(store="events", person=person)
    with pytest.raises(ValidationError):
        hold(other, person=person)


def test_no_store_of_a_face_can_be_held() -> None:
    of_faces = {store.name for store in stores.stores_for(ErasureScope.FACE)}
    assert of_faces.isdisjoint(holds.STORES)
    assert of_faces >= {"templates", "captures", "gallery", "devices"}


@pytest.mark.parametrize("kind", HoldKind)
def test_a_hold_keeps_no_face_usable(tenant: Property, kind: HoldKind) -> None:
    device, _code = factories.make_active_device(tenant)
    person, visit = factories.make_consented_person(tenant)
    enroll(tenant, person, "a")
    assert knock(tenant, device, "a", person).allowed
    hold(tenant, kind=kind)
    hold(tenant, kind=kind, person=person)
    erasure = withdraw(visit=visit)
    assert not knock(tenant, device, "a", person).allowed
    assert not PersonKey.objects.filter(person=person, destroyed_at__isnull=True).exists()
    assert erase(erasure).completed_at
    assert Person.objects.get(pk=person.pk).face_state == FaceState.ERASED
    with database_role("recognition"):
        assert not FaceTemplate.objects.filter(person=person).exists()


def test_held_events_outlive_their_clock_until_the_hold_is_over(tenant: Property, owner: User) -> None:
    device, _code = factories.make_active_device(tenant)
    person, other = (factories.make_consented_person(tenant)[0] for _each in range(2))
    for number, who in enumerate((person, other)):
        enroll(tenant, who, str(number))
        knock(tenant, device, str(number), who)
    DoorEvent.objects.update(at=timezone.now() - timedelta(days=200))
    kept = hold(tenant, person=person)
    retention_jobs.sweep_retention()
    assert [event.person_id for event in DoorEvent.objects.all()] == [person.pk]
    holds.lift(tenant=tenant, hold=kept, actor=owner)
    retention_jobs.sweep_retention()
    assert not DoorEvent.objects.exists()


def test_a_hold_on_the_whole_property_keeps_every_event(tenant: Property) -> None:
    device, _code = factories.make_active_device(tenant)
    knock(tenant, device, "stranger")
    DoorEvent.objects.update(at=timezone.now() - timedelta(days=200))
    hold(tenant)
    retention_jobs.sweep_retention()
    assert DoorEvent.objects.count() == 1


def test_the_preview_of_an_erasure_names_the_hold(tenant: Property) -> None:
    person = factories.make_person(tenant)
    kept = hold(tenant, person=person)
    [line] = preview(person=person).held
    assert (line.name, line.until, line.article) == ("events", kept.ends_on, kept.article)


def test_the_reason_goes_with_a_hold_about_somebody_who_was_erased(tenant: Property, owner: User) -> None:
    person = factories.make_person(tenant)
    kept = hold(tenant, person=person)
    erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON))
    assert LegalHold.objects.get(pk=kept.pk).reason
    holds.lift(tenant=tenant, hold=kept, actor=owner)
    retention_jobs.sweep_retention()
    assert LegalHold.objects.get(pk=kept.pk).reason == ""


def test_the_reason_of_a_hold_that_keeps_nothing_goes_with_the_record(tenant: Property, owner: User) -> None:
    person, neighbour = factories.make_person(tenant), factories.make_person(tenant)
    lifted, others, standing = (hold(tenant, person=about) for about in (person, neighbour, person))
    asked = ask(tenant, owner, person=person)
    for kept in (lifted, others):
        holds.lift(tenant=tenant, hold=kept, actor=owner)
    retention_jobs.sweep_retention()
    erase(order_erasure(tenant=tenant, person=person, reason=ErasureReason.REQUESTED, scope=ErasureScope.PERSON))
    reasons = {row.pk: row.reason for row in LegalHold.objects.all()}
    assert reasons[lifted.pk] == reasons[asked.pk] == ""
    assert reasons[others.pk] and reasons[standing.pk], "the neighbour's, and one that still stands"
