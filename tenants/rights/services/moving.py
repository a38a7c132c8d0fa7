"""Locks a request and moves it: the one writer of its state, so that the table of transitions is the only way."""

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import ROLE_PERMISSIONS, Permission, Role
from tenants.organizations.scoping import require_same_tenant
from tenants.rights.kinds import RequestState
from tenants.rights.models import RequestAttachment, RequestMessage, RightsRequest
from tenants.rights.rules.clocks import Clock
from tenants.rights.rules.papers import KEPT_AFTER_CLOSING
from tenants.rights.rules.transitions import OPEN_STATES, Need, Standing, may_become, missing

_SENTENCES: dict[Need, Promise] = {
    Need.IDENTITY: _("First prove who asks."),
    Need.PERSON: _("First say whose data it is about."),
    Need.WORDS: _("Write what you tell the person."),
    Need.REASON: _("A refusal needs its reason."),
    Need.ARTICLE: _("A refusal names the article it stands on."),
    Need.OTHER: _("Say which request goes on."),
}


def locked(*, tenant: Property, request: RightsRequest) -> RightsRequest:
    """Return the row as it is now, locked to the end of the transaction. Raises ValidationError for a foreign one."""
    require_same_tenant(tenant, request)
    return RightsRequest.objects.select_for_update(of=("self",)).select_related("person", "tenant").get(pk=request.pk)


def require_open(request: RightsRequest) -> None:
    """Raise ValidationError for a request that has come to its end."""
    if request.state not in OPEN_STATES:
        raise ValidationError(
            _("This request is closed; nothing in it changes any more. For anything else a new request is needed."),
            code="closed",
        )


def require_step(request: RightsRequest, target: RequestState) -> None:
    """Raise ValidationError for a step that the table does not have."""
    if not may_become(request.state, target):
        raise ValidationError(
            _(
                "A request that is “%(state)s” cannot become “%(target)s”. "
                "Open it again: the page offers what can be done next."
            ),
            code="wrong_state",
            params={"state": request.get_state_display(), "target": target.label},
        )


def move(request: RightsRequest, target: RequestState, *, told: RequestMessage | None = None) -> RightsRequest:
    """Move a locked request and save it. `told` is what the person reads about it, written in this transaction.

    Raises ValidationError for a step that the table does not have, or that misses what it needs.
    """
    require_step(request, target)
    standing = Standing(
        state=request.state,
        identity=bool(request.identity_by) and request.identity_checked_at is not None,
        person=request.person_id is not None,
        words=told is not None and bool(told.text.strip()),
        reason=bool(request.refusal_code),
        article=bool(request.refusal_article),
        other=request.merged_into_id is not None,
    )
    if needs := missing(standing, target):
        raise ValidationError(str(_SENTENCES[needs[0]]), code=f"needs_{needs[0]}")
    resume_clock(request)
    request.state = target
    if target not in OPEN_STATES:
        request.closed_at = timezone.now()
        _shorten_papers(request)
    request.save()
    return request


def clock_of(request: RightsRequest) -> Clock:
    return Clock(
        received_on=timezone.localdate(request.received_at),
        paused_on=request.paused_on,
        paused_days=request.paused_days,
        is_extended=request.extended_on is not None,
        reminded_on=request.reminded_on,
    )


def resume_clock(request: RightsRequest) -> None:
    """Count what the pause took, end it, and set the last day anew. Without a pause nothing changes. Saves nothing."""
    if request.paused_on is not None:
        request.paused_days = clock_of(request).paused_until(timezone.localdate())
        request.paused_on = None
        set_due(request)


def set_due(request: RightsRequest) -> None:
    """Set the last day from the clock. Saves nothing."""
    due = clock_of(request).due(timezone.localdate())
    request.due_on, request.is_due_final = due.on, due.is_final


def require_member(*, tenant: Property, user: User) -> None:
    """Raise ValidationError unless somebody works here today."""
    if not Membership.objects.filter(tenant=tenant, user=user, is_active=True).exists():
        raise ValidationError(_("This is done by a member of the property."), code="not_a_member")


def may_handle(*, tenant: Property, user: User) -> bool:
    """Say whether somebody's role here answers requests."""
    roles = Membership.objects.filter(tenant=tenant, user=user, is_active=True).values_list("role", flat=True)
    return any(Permission.HANDLE_REQUESTS in ROLE_PERMISSIONS[Role(role)] for role in roles)


def _shorten_papers(request: RightsRequest) -> None:
    until = timezone.now() + KEPT_AFTER_CLOSING
    papers = RequestAttachment.objects.filter(message__request=request, erased_at__isnull=True, expires_at__gt=until)
    for paper in papers.defer("content"):
        paper.expires_at = until
        paper.save(update_fields=["expires_at"])
