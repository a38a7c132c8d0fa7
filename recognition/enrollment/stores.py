"""Enrolments' answer to the personal-data stores: photos in flight."""

import uuid
from collections import Counter
from collections.abc import Sequence

from django.utils.translation import gettext_lazy as _

from recognition.enrollment import batches, lookalikes
from recognition.enrollment.models import OPEN_STATES, Capture, Enrollment, PhotoBatchRow
from recognition.enrollment.services import cancel_open
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope
from tenants.rights.stores import RunsAs, rows_of


class CaptureStore:
    """Photos on their way. The record that an enrolment took place stays, without anything of the face."""

    name = "captures"
    label = _("Photos on their way")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "recognition"
    models: tuple[str, ...] = ("enrollment.Capture", "enrollment.Enrollment")

    def count(self, person: Person) -> int:
        waiting = Capture.objects.filter(enrollment__person=person).count()
        return waiting + Enrollment.objects.filter(person=person, state__in=OPEN_STATES).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        rows = Enrollment.objects.filter(person=person)
        return rows_of(rows.values("state", "reason", "model_version", "created_at", "finished_at"))

    def erase(self, person: Person) -> int:
        return cancel_open(person=person)

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        held = self.holding(people)
        return {person.pk: self.erase(person) for person in people if person.pk in held}

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        ids = [person.pk for person in people]
        waiting = Capture.objects.filter(enrollment__person__in=ids).values_list("enrollment__person_id", flat=True)
        begun = Enrollment.objects.filter(person__in=ids, state__in=OPEN_STATES).values_list("person_id", flat=True)
        return {*waiting, *begun}


class LikenessStore:
    """Notes that two people here look nearly the same. They are about both, and go with either face.

    They are not in anybody's copy: it would tell one person about the face of another.
    """

    name = "likenesses"
    label = _("Notes that two faces look alike")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "recognition"
    models: tuple[str, ...] = ()

    def count(self, person: Person) -> int:
        return lookalikes.notes_of(person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        return []

    def erase(self, person: Person) -> int:
        return lookalikes.forget(person=person)

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        held = self.holding(people)
        return {person.pk: self.erase(person) for person in people if person.pk in held}

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        return lookalikes.noted_among(people)


class BatchStore:
    """Which file of a batch was whose. It goes with the face, before its week is over."""

    name = "batches"
    label = _("Lists of photos handed in together")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("enrollment.PhotoBatchRow",)

    def count(self, person: Person) -> int:
        return PhotoBatchRow.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        return rows_of(PhotoBatchRow.objects.filter(person=person).values("label", "created_at"))

    def erase(self, person: Person) -> int:
        return PhotoBatchRow.objects.filter(person=person).delete()[0]

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        rows = PhotoBatchRow.objects.filter(person__in=[person.pk for person in people])
        held = Counter(person_id for person_id in rows.values_list("person_id", flat=True) if person_id)
        rows.delete()
        return dict(held)

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        rows = PhotoBatchRow.objects.filter(person__in=[person.pk for person in people])
        return {person_id for person_id in rows.values_list("person_id", flat=True) if person_id}


def _cancel(*, person: Person) -> int:
    """Part of ordering an erasure: a photo on its way is deleted at once. Destroys no key."""
    cancel_open(person=person)
    return 0


def _cancel_many(*, tenant: Property, people: Sequence[Person]) -> dict[uuid.UUID, int]:
    """The same for many: one query when nobody has a photo on its way."""
    rows = Enrollment.objects.filter(person__in=[person.pk for person in people], state__in=OPEN_STATES)
    waiting = set(rows.values_list("person_id", flat=True))
    for person in people:
        if person.pk in waiting:
            cancel_open(person=person)
    return {}


_STORES: tuple[stores.PersonalDataStore, ...] = (CaptureStore(), LikenessStore(), BatchStore())


def register() -> None:
    for store in _STORES:
        stores.register(store)
    stores.register_revoker(_cancel, many=_cancel_many)
    stores.register_expirer(batches.expire, due=batches.DUE)
