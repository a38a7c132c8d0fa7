"""Legal holds: events or evidence are kept a while longer, with reason, article, end and a second member (PIPL 47).

A hold stops the erasure of rows that name somebody by a number, or of what was written. It never keeps a key, a
template or a face usable: nothing here is asked by a store that an erasure of a face reaches.
"""

import uuid
from datetime import date, timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.news import NotificationKind
from tenants.organizations.roles import SharedAct
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.notifications import tell
from tenants.organizations.services.separation import require_other_member
from tenants.people.models import Person
from tenants.rights.kinds import HoldKind
from tenants.rights.models import LegalHold

# A proceeding that lasts longer asks anew, and a second member looks at it again.
LONGEST = timedelta(days=3 * 365)

# Which personal-data stores a hold stops, by name. All of them are of the scope PERSON: none holds anything of a face.
STORES: dict[str, HoldKind] = {
    "events": HoldKind.EVENTS,
    "requests": HoldKind.EVIDENCE,
    "complaints": HoldKind.EVIDENCE,
    "papers": HoldKind.EVIDENCE,
    "minor_accesses": HoldKind.EVIDENCE,
}


@transaction.atomic
def ask(
    *,
    tenant: Property,
    actor: User,
    kind: HoldKind | str,
    reason: str,
    article: str,
    ends_on: date,
    person: Person | None = None,
) -> LegalHold:
    """Ask for a hold on one person's rows, or on the whole property's (`person` None). It keeps nothing yet.

    Raises ValidationError by field, also for an end that has passed or lies more than three years ahead.
    """
    require_same_tenant(tenant, person)
    errors: dict[str, ValidationError] = {}
    if not reason.strip():
        errors["reason"] = ValidationError(_("Say why these must be kept."), code="required")
    if not article.strip():
        errors["article"] = ValidationError(_("Name the article, or the order of the court."), code="required")
    if ends_on < timezone.localdate():
        errors["ends_on"] = ValidationError(_("This day has passed."), code="past")
    elif ends_on > timezone.localdate() + LONGEST:
        errors["ends_on"] = ValidationError(_("At most three years ahead. Ask again then."), code="too_long")
    if kind not in HoldKind.values:
        errors["kind"] = ValidationError(_("Choose what is kept."), code="invalid_choice")
    if errors:
        raise ValidationError(errors)
    hold = LegalHold(
        tenant=tenant,
        kind=HoldKind(kind),
        person=person,
        reason=reason.strip(),
        article=article.strip(),
        ends_on=ends_on,
        asked_by=actor,
        asked_at=timezone.now(),
    )
    hold.full_clean()
    hold.save()
    tell(tenant=tenant, kind=NotificationKind.HOLD_WAITS, subject=hold, but_not=actor.pk)
    return hold


@transaction.atomic
def approve(*, tenant: Property, hold: LegalHold, actor: User) -> LegalHold:
    """Let a hold begin. Raises ValidationError for whoever asked for it, and for one that is over."""
    hold = _locked(tenant, hold)
    require_other_member(
        tenant=tenant,
        actor=actor,
        began={hold.asked_by_id},
        act=SharedAct.HOLD,
        refusal=_("Another member approves a hold than the one who asked for it."),
    )
    if hold.approved_at is not None:
        raise ValidationError(_("This hold has been approved already."), code="approved")
    _require_open(hold)
    hold.approved_by, hold.approved_at = actor, timezone.now()
    hold.save()
    return hold


@transaction.atomic
def lift(*, tenant: Property, hold: LegalHold, actor: User) -> LegalHold:
    """End a hold before its day, or turn the question down. What it kept goes with the next sweep.

    One member is enough: to let go needs no second one. Raises ValidationError for one that is over.
    """
    hold = _locked(tenant, hold)
    _require_open(hold)
    hold.lifted_by, hold.lifted_at = actor, timezone.now()
    hold.save()
    return hold


def in_force(*, tenant: Property | uuid.UUID, kind: HoldKind | str | None = None) -> QuerySet[LegalHold]:
    """Return the holds of a property that stand today: approved, not lifted, not past their last day."""
    tenant_id = tenant.pk if isinstance(tenant, Property) else tenant
    rows = LegalHold.objects.filter(
        tenant=tenant_id, approved_at__isnull=False, lifted_at__isnull=True, ends_on__gte=timezone.localdate()
    )
    return rows if kind is None else rows.filter(kind=kind)


def standing(
    *, person: Person | None = None, tenant: Property | uuid.UUID, kind: HoldKind | str | None = None
) -> list[LegalHold]:
    """Return the holds that keep this person's rows today, or the whole property's when `person` is None. One query."""
    about = Q(person__isnull=True) if person is None else Q(person__isnull=True) | Q(person=person)
    return list(in_force(tenant=tenant, kind=kind).filter(about).order_by("ends_on", "pk"))


def is_held(*, store: str, person: Person) -> bool:
    """Say whether a hold keeps what this store has about a person. No query for a store that no hold reaches."""
    kind = STORES.get(store)
    if kind is None:
        return False
    about = Q(person__isnull=True) | Q(person=person)
    return in_force(tenant=person.tenant_id, kind=kind).filter(about).exists()


def held_people(*, tenant: Property, kind: HoldKind | str) -> tuple[bool, list[uuid.UUID]]:
    """Return whether the whole property is held, and which people are. One query. For sweeps of many rows."""
    people = list(in_force(tenant=tenant, kind=kind).values_list("person_id", flat=True))
    return None in people, [person for person in people if person is not None]


@transaction.atomic
def end_over(*, tenant: Property) -> int:
    """Write down which holds are over: lifted, or past their last day; return how many.

    Nothing waits for it: a hold keeps nothing from the moment it is over. What somebody wrote as its reason goes, when
    the person it was about was erased meanwhile.
    """
    today = timezone.localdate()
    over = LegalHold.objects.filter(tenant=tenant, ended_at__isnull=True).select_related("person")
    rows = list(over.filter(Q(ends_on__lt=today) | Q(lifted_at__isnull=False)).select_for_update(of=("self",)))
    for hold in rows:
        hold.ended_at = timezone.now()
        if hold.person is not None and hold.person.erased_at is not None:
            hold.reason = ""
        hold.save()
    return len(rows)


def _locked(tenant: Property, hold: LegalHold) -> LegalHold:
    require_same_tenant(tenant, hold)
    return LegalHold.objects.select_for_update(of=("self",)).get(pk=hold.pk)


def _require_open(hold: LegalHold) -> None:
    if hold.lifted_at is not None or hold.ends_on < timezone.localdate():
        raise ValidationError(_("This hold is over."), code="over")
