"""Whose face was enrolled with an older model than the one in use, by the enrolments: templates are closed here."""

from django.db.models import OuterRef, Subquery

from recognition.enrollment.models import Enrollment, EnrollmentState
from tenants.organizations.models import Property
from tenants.people.kinds import FaceState
from tenants.people.models import Person


def count_older_faces(tenant: Property) -> int:
    """Return how many people of a property must still enrol again after the last change of the model."""
    done = Enrollment.objects.filter(tenant=tenant, state=EnrollmentState.DONE).order_by("-finished_at")
    in_use = done.values_list("model_version", flat=True).first()
    if in_use is None:
        return 0
    own = Subquery(done.filter(person=OuterRef("pk")).values("model_version")[:1])
    kept = Person.objects.filter(tenant=tenant, face_state__in=[FaceState.ENROLLED, FaceState.SUSPENDED])
    return kept.annotate(own_model=own).exclude(own_model=in_use).exclude(own_model__isnull=True).count()
