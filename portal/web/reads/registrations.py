"""The tickets of today: what became of each, and who registered with it."""

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from tenants.organizations.models import Property, User
from tenants.people.kinds import RegistrationState
from tenants.people.models import Person, Registration
from tenants.people.services.minors import visible_to

TONES = {
    RegistrationState.OPEN: "info",
    RegistrationState.USED: "ok",
    RegistrationState.CANCELLED: "neutral",
    RegistrationState.EXPIRED: "neutral",
}


def registration_rows(tenant: Property, actor: User) -> QuerySet[Registration]:
    """Return the tickets of a property; `is_shown` says whether the actor may see who registered."""
    shown = Person.objects.filter(visible_to(tenant=tenant, actor=actor), pk=OuterRef("person"))
    rows = Registration.objects.filter(tenant=tenant).select_related("made_by", "person__identity")
    return rows.annotate(is_shown=Exists(shown))


def todays(tenant: Property, actor: User) -> QuerySet[Registration]:
    """Return those made on this Beijing day, and those of yesterday that somebody may still use."""
    now = timezone.localtime()
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    return registration_rows(tenant, actor).filter(Q(made_at__gte=midnight) | Q(expires_at__gt=now))
