"""Batches of photos and their files, with what their pages show of each."""

from django.db.models import Case, Count, Exists, IntegerField, OuterRef, Q, QuerySet, Value, When

from portal.web.filters.batches import STATES
from recognition.enrollment import reasons
from recognition.enrollment.models import OPEN_STATES, EnrollmentState, PhotoBatch, PhotoBatchRow
from tenants.organizations.models import Property, User
from tenants.people.models import Person
from tenants.people.services.minors import visible_to

TONES = {
    EnrollmentState.QUEUED: "info",
    EnrollmentState.PROCESSING: "info",
    EnrollmentState.DONE: "ok",
    EnrollmentState.FAILED: "due",
    EnrollmentState.CANCELLED: "neutral",
}


def batches(tenant: Property) -> QuerySet[PhotoBatch]:
    """Return the batches with their numbers, newest first."""
    is_open, is_done = Q(rows__enrollment__state__in=OPEN_STATES), Q(rows__enrollment__state=EnrollmentState.DONE)
    rows = PhotoBatch.objects.filter(tenant=tenant).select_related("started_by")
    return rows.annotate(
        total=Count("rows"), done=Count("rows", filter=is_done), waiting=Count("rows", filter=is_open)
    ).order_by("-created_at")


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
