"""Write and publish notices. A published version never changes; a correction is the next version."""

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Property, User
from tenants.organizations.scoping import require_same_tenant
from tenants.transparency.models import Notice, NoticeState
from tenants.transparency.rules import notices as rules


@transaction.atomic
def start_draft(*, tenant: Property) -> Notice:
    """Return the open draft, or begin one from the published version (or from the property's own facts)."""
    draft = Notice.objects.filter(tenant=tenant, state=NoticeState.DRAFT).first()
    if draft is not None:
        return draft
    current = Notice.objects.filter(tenant=tenant).current()
    draft = Notice(tenant=tenant, version=current.version + 1 if current else 1, storage_mode=tenant.storage_mode)
    texts = current.texts if current else _starting_texts(tenant)
    for field, text in texts.items():
        setattr(draft, field, text)
    draft.save()
    return draft


@transaction.atomic
def edit(*, tenant: Property, notice: Notice, **texts: str) -> Notice:
    """Save a draft's texts, however unfinished. Raises ValidationError when it is published."""
    notice = _locked_draft(tenant, notice)
    for field in rules.FIELDS:
        if field in texts:
            setattr(notice, field, texts[field])
    notice.storage_mode = tenant.storage_mode
    notice.save()
    return notice


@transaction.atomic
def publish(*, tenant: Property, notice: Notice, actor: User) -> Notice:
    """Freeze a draft as the version in force.

    Raises ValidationError by field when an item is missing or retention has no end (Measures Art 5, NDSMR 21).
    """
    notice = _locked_draft(tenant, notice)
    errors = {
        field: ValidationError(_("This item is required."), code="missing")
        for field in rules.missing_items(notice.texts)
    }
    for field in ("retention_zh", "retention_en"):
        word = rules.endless_retention(getattr(notice, field))
        if word:
            errors[field] = ValidationError(
                _("“%(word)s” is not a period. Say until when, or how the end is decided."),
                code="endless",
                params={"word": word},
            )
    if errors:
        raise ValidationError(errors)
    previous = Notice.objects.filter(tenant=tenant).current()
    notice.storage_mode = tenant.storage_mode
    notice.needs_new_consent = previous is not None and rules.is_material_change(
        previous.texts,
        notice.texts,
        storage_before=previous.storage_mode,
        storage_after=notice.storage_mode,
    )
    notice.content_hash = rules.content_hash(notice.texts, storage_mode=notice.storage_mode)
    notice.state, notice.published_at, notice.published_by = NoticeState.PUBLISHED, timezone.now(), actor
    notice.save()
    return notice


@transaction.atomic
def discard_draft(*, tenant: Property, notice: Notice) -> None:
    """Throw a draft away."""
    _locked_draft(tenant, notice).delete()


def _locked_draft(tenant: Property, notice: Notice) -> Notice:
    require_same_tenant(tenant, notice)
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.state != NoticeState.DRAFT:
        raise ValidationError(_("A published notice cannot be changed. Start the next version."), code="published")
    return notice


def _starting_texts(tenant: Property) -> dict[str, str]:
    """Offer what the portal already knows; the manager writes the rest."""
    handler = tenant.handler
    who = f"{handler.name}，{handler.contact_name}，{handler.contact_phone}"
    who_en = f"{handler.name}, {handler.contact_name}, {handler.contact_phone}"
    return dict.fromkeys(rules.FIELDS, "") | {"handler_contact_zh": who, "handler_contact_en": who_en}
