"""Enrolments' answer to the personal-data stores: photos in flight."""

from django.utils.translation import gettext_lazy as _

from recognition.enrollment.models import OPEN_STATES, Capture, Enrollment
from recognition.enrollment.services import cancel_open
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


def _cancel(*, person: Person) -> int:
    """Part of ordering an erasure: a photo on its way is deleted at once. Destroys no key."""
    cancel_open(person=person)
    return 0


_STORE = CaptureStore()


def register() -> None:
    stores.register(_STORE)
    stores.register_revoker(_cancel)
