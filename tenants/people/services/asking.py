"""Whose answer it is, and whether it may be asked for at all."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property
from tenants.people.kinds import AgeBand
from tenants.people.models import Guardian, Person
from tenants.transparency.models import Notice


def require_may_be_asked(*, tenant: Property, person: Person, guardian: Guardian | None = None) -> None:
    """Raise ValidationError unless this is whose answer counts: the person's from 14 on, else a guardian's.

    For a child the day on which this age ends must be known, or the guardian's yes would never end, and the
    notice in force must say how children's faces are used (PIPL 31; Measures Art 7).
    """
    if person.erased_at or person.died_on:
        raise ValidationError(_("Nothing is asked here any more."), code="over")
    if person.band != AgeBand.UNDER_14:
        if guardian is not None:
            raise ValidationError(_("From the age of 14 on the person decides alone."), code="needs_person")
        return
    if not tenant.allows_under_14:
        raise ValidationError(_("Faces of children under 14 are not used here."), code="under_14")
    if guardian is None:
        raise ValidationError(_("For a child under 14 a guardian answers, on their own page."), code="needs_guardian")
    if guardian.child_id != person.pk or guardian.ended_at is not None:
        raise ValidationError(_("This guardian does not answer for this child."), code="not_the_guardian")
    if person.age_band_until is None:
        message = _("The desk writes down the child's date of birth first: a yes ends with the 14th birthday.")
        raise ValidationError(message, code="no_birth_date")
    notice = Notice.objects.filter(tenant=tenant).current()
    if notice is None or not notice.allows_under_14:
        message = _("The notice says nothing yet of how children's faces are used. A new one is published first.")
        raise ValidationError(message, code="no_minors_rules")
