"""Draft, sign and date the impact assessment (Measures Art 9). A signed version never changes; the next replaces it."""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property, User
from tenants.organizations.roles import SharedAct
from tenants.organizations.scoping import require_same_tenant
from tenants.organizations.services.separation import require_other_member
from tenants.transparency.models import (
    Assessment,
    AssessmentState,
    AssessmentTrack,
    Contribution,
)
from tenants.transparency.rules import assessments as rules
from tenants.transparency.services.refusals import refusals
from tenants.transparency.services.risks import replace_risks
from tenants.transparency.services.scopes import IN_USE, scope_of
from tenants.transparency.services.starts import starting_risks, starting_texts

# What a member writes; the rest comes from the portal.
WRITTEN = (*rules.TEXTS, "track", "officer_comment", "conclusion")


def current(tenant: Property) -> Assessment | None:
    """Return the assessment in force: the latest signed version, stale or not."""
    return Assessment.objects.filter(tenant=tenant).current()


def writers(assessment: Assessment) -> set[uuid.UUID]:
    """Return the ids of the members who wrote in a version. None of them signs it."""
    return set(assessment.contributions.values_list("user_id", flat=True))


@transaction.atomic
def start_draft(*, tenant: Property, actor: User) -> Assessment:
    """Return the open draft, or begin one from the version in force, or from what the portal knows."""
    # Two members who begin at the same moment get the same draft.
    Property.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    draft = Assessment.objects.filter(tenant=tenant, state=AssessmentState.DRAFT).first()
    if draft is not None:
        return draft
    before, scope = current(tenant), scope_of(tenant)
    draft = Assessment(
        tenant=tenant,
        version=before.version + 1 if before else 1,
        track=before.track if before else AssessmentTrack.FULL,
        scope=scope,
        drafted_by=actor,
    )
    texts = before.texts if before else starting_texts(tenant)
    for field, text in texts.items():
        setattr(draft, field, text)
    # Opening one is not writing: who drafted it is known with the first text that somebody saves.
    draft.save()
    risks = [risk.values for risk in before.risks.all()] if before else starting_risks(tenant)
    replace_risks(draft, risks)
    return draft


@transaction.atomic
def edit(
    *,
    tenant: Property,
    assessment: Assessment,
    actor: User,
    seen: int | None = None,
    risks: Sequence[Mapping[str, Any]] | None = None,
    **written: str,
) -> Assessment:
    """Save a draft, however unfinished, with the portal's facts of this moment.

    `seen` is the revision that the writer had before them; `risks` replaces the whole list.
    Raises ValidationError, code `edited_meanwhile`, when somebody else saved the draft since.
    """
    assessment = _locked_draft(tenant, assessment)
    if seen is not None and seen != assessment.revision:
        raise ValidationError(
            _("Somebody else saved this draft after you opened it. Compare your text with theirs, then save again."),
            code="edited_meanwhile",
        )
    for field in WRITTEN:
        if field in written:
            setattr(assessment, field, written[field].replace("\r\n", "\n"))
    assessment.scope = scope_of(tenant)
    assessment.revision += 1
    if not assessment.contributions.exists():
        assessment.drafted_by = actor
    assessment.clean_fields(exclude=["tenant", "drafted_by"])
    assessment.save()
    if risks is not None:
        replace_risks(assessment, risks)
    _contribute(assessment, actor)
    return assessment


@transaction.atomic
def sign(
    *, tenant: Property, assessment: Assessment, actor: User, people_count: int, seen: int | None = None
) -> Assessment:
    """Freeze a draft as the assessment in force. `people_count` is how many people of any kind the handler has.

    Raises ValidationError, by field where there is one: an item is empty or has an open place, the conclusion is
    not that the risk is acceptable, a high risk has no measure, owner or date, the small form is used by a handler
    that is not small, or the property changed since the draft was saved. With code `same_member` for whoever wrote
    in this version: another member reads and signs it.
    """
    hold_facts(tenant=tenant)
    assessment = _locked_draft(tenant, assessment)
    if seen is not None and seen != assessment.revision:
        raise ValidationError(
            _("Somebody else saved this draft after you opened it. Read it again before you sign."),
            code="edited_meanwhile",
        )
    errors = refusals(tenant=tenant, assessment=assessment, people_count=people_count)
    if errors:
        raise ValidationError(errors)
    require_other_member(
        tenant=tenant,
        actor=actor,
        began=writers(assessment),
        act=SharedAct.ASSESSMENT,
        refusal=_("You wrote in this version, so you do not sign it."),
    )
    before = current(tenant)
    now = timezone.now()
    if before is not None and before.covers_until is None:
        before.covers_until = timezone.localdate()
        before.save(update_fields=["covers_until"])
    assessment.state, assessment.signed_by, assessment.signed_at = AssessmentState.SIGNED, actor, now
    assessment.content_hash = rules.content_hash(assessment.content)
    assessment.save()
    facts_changed(tenant=tenant)
    return assessment


@transaction.atomic
def discard_draft(*, tenant: Property, assessment: Assessment, seen: int | None = None) -> None:
    """Throw a draft away. Raises ValidationError, code `edited_meanwhile`, when somebody else saved it since `seen`."""
    assessment = _locked_draft(tenant, assessment)
    if seen is not None and seen != assessment.revision:
        raise ValidationError(
            _("Somebody else saved this draft after you opened it. Read it again before you discard it."),
            code="edited_meanwhile",
        )
    assessment.delete()


@transaction.atomic
def mark_stale(*, tenant: Property, codes: Iterable[str]) -> Assessment | None:
    """Write down that the assessment in force is no longer enough, since when and why. Codes add up."""
    hold_facts(tenant=tenant)
    assessment = Assessment.objects.select_for_update().filter(tenant=tenant).current()
    if assessment is None or set(codes) <= set(assessment.stale_for):
        return assessment
    _write_staleness(assessment, {*assessment.stale_for, *codes})
    facts_changed(tenant=tenant)
    return assessment


@transaction.atomic
def refresh(*, tenant: Property) -> Assessment | None:
    """Make what is written about staleness equal to the devices in use: a change that was undone is forgotten.

    A major incident is never undone: only the next version answers it (Measures Art 9).
    """
    hold_facts(tenant=tenant)
    assessment = Assessment.objects.select_for_update().filter(tenant=tenant).current()
    if assessment is None:
        return None
    had_incident = "incident" in assessment.stale_for
    codes = rules.stale_reasons(assessment.coverage, **scope_of(tenant, states=IN_USE), had_major_incident=had_incident)
    if set(codes) != set(assessment.stale_for):
        _write_staleness(assessment, set(codes))
        facts_changed(tenant=tenant)
    return assessment


def _write_staleness(assessment: Assessment, codes: set[str]) -> None:
    assessment.stale_for = [code for code in rules.STALE_CODES if code in codes]
    if not codes:
        assessment.stale_since = None
    elif assessment.stale_since is None:
        assessment.stale_since = timezone.now()
    assessment.save(update_fields=["stale_for", "stale_since"])


def _locked_draft(tenant: Property, assessment: Assessment) -> Assessment:
    require_same_tenant(tenant, assessment)
    assessment = Assessment.objects.select_for_update().get(pk=assessment.pk)
    if assessment.state != AssessmentState.DRAFT:
        raise ValidationError(_("A signed assessment cannot be changed. Start the next version."), code="signed")
    return assessment


def _contribute(assessment: Assessment, actor: User) -> None:
    Contribution.objects.update_or_create(
        tenant=assessment.tenant, assessment=assessment, user=actor, defaults={"last_at": timezone.now()}
    )
