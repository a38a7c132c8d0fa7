"""Many faces of one property that end together: the step of `persons.move_face`, in a constant number of queries."""

import copy
from collections.abc import Mapping, Sequence

from django.db import transaction
from django.db.models import DateTimeField, Max, OuterRef, Subquery, Value
from django.db.models.functions import Greatest
from django.utils import timezone

from tenants.organizations.audit import log_changed
from tenants.people.changes import faces_moved
from tenants.people.kinds import FaceState
from tenants.people.models import Consent, Person
from tenants.people.rules.consents import TRANSITIONS


@transaction.atomic
def end_faces(*, people: Sequence[Person]) -> None:
    """Move these faces to `erasing`. The rows are locked and as they are now; each step is logged for itself.

    Raises ValueError for a face that cannot take this step, which the caller must not have chosen.
    """
    before = {person.pk: FaceState(person.face_state) for person in people}
    if any(FaceState.ERASING not in TRANSITIONS[state] for state in before.values()):
        raise ValueError("One of these faces is being erased already.")
    # Not before any answer, though the clock was set back: none of them may outlive the face.
    latest = Consent.objects.filter(person=OuterRef("pk")).order_by().values("person")
    answered = Subquery(latest.annotate(latest=Max("decided_at")).values("latest"))
    now = timezone.now()
    ended = {"face_state": FaceState.ERASING, "face_enrolled_on": None, "face_stored": "", "face_last_used_on": None}
    Person.objects.filter(pk__in=list(before)).update(
        **ended, face_ended_at=Greatest(Value(now, output_field=DateTimeField()), answered)
    )
    _log(people, ended)
    faces_moved(people=people, before=before, after=FaceState.ERASING)


@transaction.atomic
def forget_faces(*, people: Sequence[Person]) -> None:
    """Move these faces, whose stores are empty, to `erased`. The rows are locked and as they are now.

    Raises ValueError for a face that is not being erased.
    """
    before = {person.pk: FaceState(person.face_state) for person in people}
    if any(FaceState.ERASED not in TRANSITIONS[state] for state in before.values()):
        raise ValueError("One of these faces is not being erased.")
    Person.objects.filter(pk__in=list(before)).update(face_state=FaceState.ERASED)
    _log(people, {"face_state": FaceState.ERASED})
    faces_moved(people=people, before=before, after=FaceState.ERASED)


def _log(people: Sequence[Person], changes: Mapping[str, object]) -> None:
    pairs = []
    for person in people:
        was = copy.copy(person)
        for name, value in changes.items():
            setattr(person, name, value)
        pairs.append((was, person))
    log_changed(pairs=pairs)
