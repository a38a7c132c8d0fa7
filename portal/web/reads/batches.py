"""The files of a batch of photos, with what its page shows of each."""

from django.db.models import Case, Exists, IntegerField, OuterRef, QuerySet, Value, When

from portal.web.filters.batches import STATES
from recognition.enrollment import reasons
from recognition.enrollment.models import EnrollmentState, PhotoBatch, PhotoBatchRow
from tenants.organizations.models import User
from tenants.people.models import Person
from tenants.people.services.minors import visible_to

TONES = {
    EnrollmentState.QUEUED: "info",
    EnrollmentState.PROCESSING: "info",
    EnrollmentState.DONE: "ok",
    EnrollmentState.FAILED: "due",
    EnrollmentState.CANCELLED: "neutral",
}


def rows(batch: PhotoBatch, actor: User) -> QuerySet[PhotoBatchRow]:
    """Return the files: what was not taken first, then what waits. `is_shown` says whose name this member may see."""
    shown = Person.objects.filter(visible_to(tenant=batch.tenant, actor=actor), pk=OuterRef("person"))
    places = Case(
        When(STATES["refused"], then=Value(0)),
        When(STATES["waiting"], then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    found = batch.rows.select_related("enrollment", "person__identity")
    return found.annotate(place=places, is_shown=Exists(shown)).order_by("place", "created_at", "pk")


def explain(row: PhotoBatchRow) -> None:
    """Put beside a row what the list shows: its state, its tone and the sentence of its reason."""
    attempt = row.enrollment
    row.state = EnrollmentState(attempt.state).label if attempt else EnrollmentState.FAILED.label
    row.tone = TONES[EnrollmentState(attempt.state)] if attempt else "due"
    row.sentence = reasons.sentence(attempt.reason if attempt else row.refused)
