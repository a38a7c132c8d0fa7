"""Records of people under 18: opened after a second member's yes, each opening written down.

(Minors Network Protection Regulation 36; regulation.md §7.10.)
"""

from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.access import permissions_of
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import Permission, SharedAct
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.notifications import tell
from tenants.organizations.services.separation import require_other_member
from tenants.organizations.trail import Happening, Kind, note
from tenants.people.kinds import AgeBand
from tenants.people.models import MinorAccess, MinorAccessView, Person

LIFETIME = timedelta(hours=24)


class RecordClosed(ValidationError):
    """A minor's record that no second member has opened for the caller (Minors Network Protection Regulation 36)."""


@transaction.atomic
def ask_for_access(*, tenant: Property, person: Person, actor: User, reason: str) -> MinorAccess:
    """Ask to open a minor's record. Raises ValidationError without a reason, or while a question is open."""
    require_same_tenant(tenant, person)
    _require_member(tenant, actor)
    if not person.is_minor:
        raise ValidationError(_("This record is open to you: the person is 18 or older."), code="not_a_minor")
    if not reason.strip():
        raise ValidationError({"reason": ValidationError(_("Say what you need the record for."), code="required")})
    access = MinorAccess(tenant=tenant, person=person, asked_by=actor, reason=reason.strip())
    access.full_clean()
    access.save()
    tell(tenant=tenant, kind=NotificationKind.MINOR_WAITS, subject=access, but_not=actor.pk)
    return access


@transaction.atomic
def decide_access(*, tenant: Property, access: MinorAccess, actor: User, is_approved: bool) -> MinorAccess:
    """Say yes for 24 hours, or no. Raises ValidationError for the member who asked, and without the right."""
    require_same_tenant(tenant, access)
    _require_member(tenant, actor)
    access = MinorAccess.objects.select_for_update().get(pk=access.pk)
    require_other_member(
        tenant=tenant,
        actor=actor,
        began={access.asked_by_id},
        act=SharedAct.MINOR,
        refusal=_("Somebody else must approve this."),
        code="second_member",
    )
    if Permission.APPROVE_MINORS not in permissions_of(user=actor, tenant=tenant):
        raise ValidationError(_("Your role may not approve this."), code="not_allowed")
    if access.decided_at is not None:
        raise ValidationError(_("This was decided already."), code="decided")
    access.decided_by, access.decided_at = actor, timezone.now()
    access.ends_at = access.decided_at + LIFETIME if is_approved else None
    access.full_clean()
    access.save()
    return access


def open_accesses(*, tenant: Property, actor: User) -> QuerySet[MinorAccess]:
    """Return the approvals under which this member may look now."""
    return MinorAccess.objects.filter(tenant=tenant, asked_by=actor, ends_at__gt=timezone.now())


def may_see(*, actor: User, person: Person) -> bool:
    """Say whether this member may see who the person is. An erased record holds nothing to hide."""
    if not person.is_minor or person.erased_at is not None:
        return True
    return open_accesses(tenant=person.tenant, actor=actor).filter(person=person).exists()


def visible_to(*, tenant: Property, actor: User) -> Q:
    """Return the condition for people whose identity this member may see in a list: `may_see`, for many.

    A band that ended and was not written down yet counts as before: rather hidden for a night than shown.
    """
    grown = Q(age_band=AgeBand.ADULT) | Q(age_band=AgeBand.TEEN, age_band_until__lt=timezone.localdate())
    return grown | Q(erased_at__isnull=False) | Q(pk__in=open_accesses(tenant=tenant, actor=actor).values("person"))


@transaction.atomic
def record_opening(*, actor: User, person: Person) -> MinorAccessView | None:
    """Write down that a minor's record is being shown; nothing for an adult's. Raises RecordClosed without a yes."""
    if not person.is_minor or person.erased_at is not None:
        return None
    access = open_accesses(tenant=person.tenant, actor=actor).filter(person=person).first()
    if access is None:
        raise RecordClosed(_("A second member must approve this first."), code="minor")
    view = MinorAccessView(tenant_id=access.tenant_id, access=access)
    view.save()
    note(
        Happening(
            kind=Kind.MINOR_READ,
            actor=f"user:{actor.pk}",
            tenant_id=access.tenant_id,
            subject=f"person:{person.pk}",
        )
    )
    return view


def _require_member(tenant: Property, actor: User) -> None:
    if not Membership.objects.filter(tenant=tenant, user=actor, is_active=True).exists():
        raise ValidationError(_("Who asks must be a member here."), code="not_a_member")
