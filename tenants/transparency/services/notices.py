"""Write and publish notices. A published version never changes; a correction is the next version."""

from collections.abc import Iterable
from datetime import date, datetime

from django.core.exceptions import ValidationError
from django.db import connection, transaction
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules import notices as rules
from tenants.transparency.rules import versions
from tenants.transparency.rules.plain_language import Severity
from tenants.transparency.rules.publishing import all_findings, must_ask_again
from tenants.transparency.services.notice_starts import first_texts

UNSEEN = _("%(who)s saved this draft at %(at)s, after you had opened this page. Read it again, then decide.")


@transaction.atomic
def start_draft(*, tenant: Property, actor: User | None = None, **texts: str) -> Notice:
    """Return the open draft, or begin one from the latest version (or from the property's own facts).

    `texts` are written into a new draft in place of those; a draft that is open already stays as it is.
    """
    # Two members who begin at the same moment get the same draft.
    Property.objects.select_for_update(no_key=True).get(pk=tenant.pk)
    draft = Notice.objects.filter(tenant=tenant, state=NoticeState.DRAFT).first()
    if draft is not None:
        return draft
    latest = Notice.objects.filter(tenant=tenant).published().order_by("-version").first()
    draft = Notice(tenant=tenant, version=latest.version + 1 if latest else 1, storage_mode=tenant.storage_mode)
    for field, text in first_texts(tenant, latest).items():
        setattr(draft, field, rules.plain_line_ends(texts.get(field, text)))
    draft.allows_under_14, draft.edited_by = tenant.allows_under_14, actor
    draft.save()
    return draft


def first_draft(*, tenant: Property, actor: User) -> Notice | None:
    """Return the draft of the very first notice, begun where there is none.

    None when a version was published before, or when the last words in the draft are somebody else's.
    """
    rows = Notice.objects.filter(tenant=tenant)
    if rows.published().exists():
        return None
    # Begun for nobody: opening a page is not writing.
    draft = start_draft(tenant=tenant)
    return draft if draft.edited_by_id in (None, actor.pk) else None


@transaction.atomic
def edit(
    *,
    tenant: Property,
    notice: Notice,
    actor: User | None = None,
    seen: datetime | str | None = None,
    **texts: str,
) -> Notice:
    """Save a draft's texts, however unfinished.

    `seen` is the draft's `updated_at` when the form was opened. Raises ValidationError when the draft is published,
    or when somebody saved it meanwhile (`edited_meanwhile`): then nothing is saved over the other's words.
    """
    notice = _locked_draft(tenant, notice)
    _refuse_if_edited(
        notice, seen, _("%(who)s saved this draft at %(at)s, after you had opened it. Nothing of yours is saved yet.")
    )
    for field in rules.FIELDS:
        if field in texts:
            setattr(notice, field, rules.plain_line_ends(texts[field]))
    notice.storage_mode, notice.allows_under_14 = tenant.storage_mode, tenant.allows_under_14
    notice.edited_by = actor
    notice.save()
    return notice


@transaction.atomic
def publish(
    *,
    tenant: Property,
    notice: Notice,
    actor: User,
    effective_on: date | None = None,
    seen: datetime | str | None = None,
    shown: Iterable[str] | None = None,
) -> Notice:
    """Freeze a draft as a version, in force from a Beijing day (today unless told).

    `shown` are the reasons to ask everybody again that the member was told (PIPL 14); where they are others on
    that day, nothing is published (`other_reasons`).
    Raises ValidationError by field when an item is missing, retention has no end, the languages differ, a word
    misleads or coerces (Measures Arts 5, 12; NDSMR 21, 22), or the day is past or too far away.
    """
    hold_facts(tenant=tenant)
    tenant.refresh_from_db(fields=["storage_mode", "allows_under_14"])
    notice = _locked_draft(tenant, notice)
    _refuse_if_edited(notice, seen, UNSEEN)
    _hold_consents(tenant)
    today = timezone.localdate()
    notice.effective_on = effective_on or notice.effective_on or today
    errors = blocking_errors(notice, tenant=tenant) | _day_errors(notice.effective_on, today=today)
    if errors:
        raise ValidationError(errors)
    notice.storage_mode, notice.allows_under_14 = tenant.storage_mode, tenant.allows_under_14
    notice.asks_again_for = list(asks_again(tenant=tenant, draft=notice, effective_on=notice.effective_on))
    if shown is not None and set(shown) != set(notice.asks_again_for):
        raise ValidationError(
            _("On that day others are asked again than was said here. Read below whom it concerns, then decide again."),
            code="other_reasons",
        )
    notice.needs_new_consent = bool(notice.asks_again_for)
    notice.content_hash = rules.content_hash(
        notice.texts, storage_mode=notice.storage_mode, allows_under_14=notice.allows_under_14
    )
    notice.state, notice.published_at, notice.published_by = NoticeState.PUBLISHED, timezone.now(), actor
    notice.save()
    facts_changed(tenant=tenant)
    return notice


@transaction.atomic
def discard_draft(*, tenant: Property, notice: Notice, seen: datetime | str | None = None) -> None:
    """Throw a draft away. Raises ValidationError when somebody saved it after it was `seen`."""
    notice = _locked_draft(tenant, notice)
    _refuse_if_edited(notice, seen, UNSEEN)
    notice.delete()


def asks_again(*, tenant: Property, draft: Notice, effective_on: date | None = None) -> tuple[str, ...]:
    """Return why publishing this draft now would ask everybody again, as codes of `rules.publishing.REASONS`."""
    published, today = Notice.objects.filter(tenant=tenant), timezone.localdate()
    number = versions.predecessor(published.facts(), today=today, effective_on=effective_on or today)
    if number is None:
        return ()
    before = published.get(version=number)
    return must_ask_again(
        before.texts,
        draft.texts,
        storage_before=before.storage_mode,
        storage_after=tenant.storage_mode,
        children_before=before.allows_under_14,
        children_after=tenant.allows_under_14,
    )


def blocking_errors(notice: Notice, *, tenant: Property) -> dict[str, list[ValidationError]]:
    """Return what keeps these texts from being published, by field."""
    found = {
        field: [
            ValidationError(finding.sentence, code=finding.code)
            for finding in findings
            if finding.severity == Severity.BLOCK
        ]
        for field, findings in all_findings(
            notice.texts, storage_mode=tenant.storage_mode, allows_under_14=tenant.allows_under_14
        ).items()
    }
    return {field: errors for field, errors in found.items() if errors}


def hold(notice: Notice) -> None:
    """Keep this version as it stands until the transaction ends; many people may hold it at once.

    Whoever records an answer holds the version first, before any other row: then either the answer comes before
    the next version, which asks again, or it is refused. It is the lock that a foreign key takes, only earlier.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM transparency_notice WHERE id = %s FOR KEY SHARE", [notice.pk])


def _hold_consents(tenant: Property) -> None:
    """Wait for answers under way, and let the next ones wait until this version is published."""
    published = Notice.objects.filter(tenant=tenant).published()
    list(published.select_for_update().order_by("pk").values_list("pk"))


def _locked_draft(tenant: Property, notice: Notice) -> Notice:
    require_same_tenant(tenant, notice)
    locked = Notice.objects.select_for_update().filter(pk=notice.pk).first()
    if locked is None:
        raise ValidationError(_("This draft was discarded meanwhile."), code="gone")
    notice = locked
    if notice.state != NoticeState.DRAFT:
        raise ValidationError(_("A published notice cannot be changed. Start the next version."), code="published")
    return notice


def _refuse_if_edited(notice: Notice, seen: datetime | str | None, sentence: str | Promise) -> None:
    """A time that cannot be read counts as another time: better asked twice than somebody's words lost."""
    if seen is None:
        return
    if isinstance(seen, str):
        try:
            seen = parse_datetime(seen)
        except ValueError:
            seen = None
    if seen != notice.updated_at:
        saved_at = formats.date_format(timezone.localtime(notice.updated_at), "DATETIME_FORMAT")
        raise ValidationError(
            str(sentence),
            code="edited_meanwhile",
            params={"who": notice.edited_by or _("Somebody"), "at": saved_at},
        )


def _day_errors(effective_on: date, *, today: date) -> dict[str, list[ValidationError]]:
    if versions.is_too_early(effective_on, today=today):
        text, code = _("A notice cannot be in force before it is published."), "too_early"
    elif versions.is_too_late(effective_on, today=today):
        text, code = _("At most %(days)s days ahead."), "too_late"
    else:
        return {}
    return {"effective_on": [ValidationError(text, code=code, params={"days": versions.MOST_DAYS_AHEAD})]}
