"""A second photo of one person, and two people with one face: what is refused, and what is only noted."""

import pytest
from auditlog.models import LogEntry

from recognition.enrollment import lookalikes, reasons
from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.organizations.models import Property
from tenants.organizations.scoping import enter_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.services.links import Visit
from tenants.rights.models import Erasure
from tenants.rights.services.withdrawals import withdraw
from tests import factories
from tests.recognition.steps import enroll, erase


def enrolled(tenant: Property, who: str) -> tuple[Person, Visit, Enrollment]:
    person, visit = factories.make_consented_person(tenant)
    return person, visit, enroll(tenant, person, who)


def test_another_photo_of_the_same_person_is_taken(tenant: Property) -> None:
    person, _visit, _first = enrolled(tenant, "li/1")
    second = enroll(tenant, person, "li/2")
    assert (second.state, second.warning, second.resembles) == (EnrollmentState.DONE, "", None)


def test_a_photo_of_somebody_else_ends_with_its_own_reason_and_the_face_stays(tenant: Property) -> None:
    person, _visit, _first = enrolled(tenant, "li")
    failed = enroll(tenant, person, "wang")
    assert (failed.state, failed.reason) == (EnrollmentState.FAILED, reasons.ANOTHER_PERSON)
    assert str(reasons.sentence(failed.reason))
    person.refresh_from_db()
    assert person.face_state == FaceState.ENROLLED


def test_two_people_with_one_face_are_both_enrolled_and_the_second_is_noted(tenant: Property) -> None:
    li, _visit, first = enrolled(tenant, "li/1")
    _twin, _visit, second = enrolled(tenant, "li/2")
    assert (first.state, first.resembles) == (EnrollmentState.DONE, None)
    assert (second.state, second.warning, second.resembles) == (
        EnrollmentState.DONE, lookalikes.RESEMBLES_ANOTHER, li,
    )  # fmt: skip
    entries = LogEntry.objects.filter(object_pk=str(second.pk))
    assert any("warning" in (entry.changes or {}) for entry in entries)
    assert not any("resembles" in (entry.changes or {}) for entry in entries), "Whom it resembles is in no log."


def test_a_face_of_another_property_is_never_looked_at(tenant: Property) -> None:
    enrolled(tenant, "li/1")
    other = factories.make_property()
    _person, _visit, second = enrolled(other, "li/2")
    assert second.resembles is None
    enter_tenant(tenant.pk)


@pytest.mark.parametrize("whose", ["the earlier", "the later"])
def test_the_note_goes_with_either_face(tenant: Property, whose: str) -> None:
    li, li_visit, _first = enrolled(tenant, "li/1")
    twin, twin_visit, second = enrolled(tenant, "li/2")
    person, visit = (li, li_visit) if whose == "the earlier" else (twin, twin_visit)
    withdraw(visit=visit)
    erase(Erasure.objects.get(person=person))
    second.refresh_from_db()
    assert (second.warning, second.resembles) == ("", None)
