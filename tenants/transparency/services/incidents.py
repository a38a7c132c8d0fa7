"""Record that something serious happened: then the assessment in force is no longer enough (Measures Art 9)."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property, User
from tenants.transparency.models import Assessment
from tenants.transparency.services import assessments

MOST = 2000


@transaction.atomic
def record_incident(*, tenant: Property, actor: User, happened_on: date, description: str) -> Assessment:
    """Keep what happened, and when, with the assessment in force, which is out of date from this moment.

    Every device and face waits for the next version. Asks for no name: the description is kept as long as the
    assessment. Raises ValidationError by field; code `nothing_signed` when there is no assessment to mark.
    """
    hold_facts(tenant=tenant)
    description = description.strip()
    errors = {}
    if not description:
        errors["description"] = ValidationError(_("Say what happened."), code="required")
    elif len(description) > MOST:
        errors["description"] = ValidationError(_("At most 2,000 characters."), code="too_long")
    if happened_on > timezone.localdate():
        errors["happened_on"] = ValidationError(_("This day is still to come."), code="future")
    if errors:
        raise ValidationError(errors)
    assessment = Assessment.objects.select_for_update().filter(tenant=tenant).current()
    if assessment is None:
        raise ValidationError(_("No assessment is signed, so no face is used here yet."), code="nothing_signed")
    assessment.incidents = [
        *assessment.incidents,
        {
            "happened_on": happened_on.isoformat(),
            "description": description.replace("\r\n", "\n"),
            "recorded_at": timezone.now().isoformat(),
            "recorded_by": str(actor.pk),
        },
    ]
    assessment.save(update_fields=["incidents"])
    return assessments.mark_stale(tenant=tenant, codes=["incident"]) or assessment
