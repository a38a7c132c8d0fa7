"""Decoys: a person who does not exist and a key that nobody works with. Whoever touches one rings.

A decoy person is an ordinary record that never agrees to anything and has no pass, so it opens no door. A decoy key is
an API token that can see the start page and nothing else; it is laid out where a thief would look.
"""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security import tokens
from portal.security.detection.counting import DECOYS, connection
from portal.security.models import ApiToken, Decoy
from tenants.organizations.models import Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import require_same_tenant, tenant_context
from tenants.people.kinds import AgeBand, PersonKind
from tenants.people.services.persons import add_person

KEY_DAYS = 365
MOST = 20


def live(tenant: Property) -> QuerySet[Decoy]:
    """Return the decoys of a property, the newest first."""
    return Decoy.objects.filter(tenant=tenant, ended_at__isnull=True)


@transaction.atomic
def invent_person(*, tenant: Property, actor: User, name: str, room: str = "", phone: str = "") -> Decoy:
    """Add a person who does not exist. Raises ValidationError."""
    person = add_person(tenant=tenant, name=name, kind=PersonKind.OWNER, age_band=AgeBand.ADULT, room=room, phone=phone)
    return _lay_out(tenant, actor, f"person:{person.pk}")


@transaction.atomic
def invent_key(*, tenant: Property, actor: User, name: str) -> tuple[Decoy, str]:
    """Make an API token to be found; return it with its text, which nobody can show again. Raises ValidationError."""
    token, text = tokens.issue(tenant=tenant, actor=actor, name=name, scopes=[Permission.VIEW_HOME], days=KEY_DAYS)
    return _lay_out(tenant, actor, f"token:{token.pk}"), text


@transaction.atomic
def end(*, tenant: Property, decoy: Decoy, actor: User) -> Decoy:
    """Whoever touches it does not ring any more. A key is stopped; a record is deleted as any other."""
    require_same_tenant(tenant, decoy)
    decoy = Decoy.objects.select_for_update(of=("self",)).get(pk=decoy.pk)
    if decoy.ended_at is None:
        decoy.ended_at = timezone.now()
        decoy.save(update_fields=["ended_at"])
        kind, _colon, pk = decoy.subject.partition(":")
        token = ApiToken.objects.filter(tenant=tenant, pk=pk, revoked_at=None).first() if kind == "token" else None
        if token is not None:
            tokens.revoke(tenant=tenant, token=token, actor=actor)
        transaction.on_commit(lambda: connection().srem(DECOYS, decoy.subject), robust=True)
    return decoy


def lay_out_all() -> None:
    """Tell the cache of every decoy again: it may have begun anew. One query for each property. Raises RedisError."""
    for tenant_id in Property.objects.values_list("pk", flat=True):
        with tenant_context(tenant_id):
            subjects = list(
                Decoy.objects.filter(tenant_id=tenant_id, ended_at__isnull=True).values_list("subject", flat=True)
            )
        if subjects:
            connection().sadd(DECOYS, *subjects)


def _lay_out(tenant: Property, actor: User, subject: str) -> Decoy:
    if live(tenant).count() >= MOST:
        raise ValidationError(_("Twenty decoys are enough. End one before you make another."), code="too_many")
    decoy = Decoy(tenant=tenant, subject=subject, made_by=actor)
    decoy.full_clean()
    decoy.save()
    transaction.on_commit(lambda: connection().sadd(DECOYS, subject), robust=True)
    return decoy
