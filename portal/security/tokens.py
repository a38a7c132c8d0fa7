"""API tokens: made by a member for their own programs, stopped by them or an owner, over with the membership.

A token acts as its member, with the rights that both the member has now and the token was given. It is no person: what
the law or the house wants from a person, a second one above all, no token does (`NOT_BY_TOKEN`, and `in_person` of the
API's views).
"""

import base64
import binascii
import hashlib
import secrets
import uuid
from collections.abc import Collection
from datetime import timedelta

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.signals import post_save
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from portal.security.models import ApiToken
from tenants.organizations.access import permissions_of, tenants_of
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Permission
from tenants.organizations.scoping import require_same_tenant, tenant_context

PREFIX = "cst_"
# As a terminal's key does, the text names its property: without the property's context no row of it is visible.
_ID_BYTES, _RANDOM_BYTES = 16, 32
DAYS = (30, 90, 180, 365)
USUAL_DAYS = 90
MOST_AT_ONCE = 20
_USE_IS_NOTED_EVERY = timedelta(minutes=1)

# To sign, to be the second member, to say who works here: a person does it. Nor does a token close an alert, which may
# be about that very token. For the log the API has no address.
NOT_BY_TOKEN = frozenset(
    {
        Permission.SIGN_ASSESSMENTS,
        Permission.APPROVE_MINORS,
        Permission.MANAGE_MEMBERS,
        Permission.VIEW_AUDIT,
        Permission.HANDLE_ALERTS,
    }
)


class Refused(Exception):
    """This text is no token that is taken: unknown, over, stopped, or of somebody who no longer works there."""


def may_give(granted: Collection[Permission]) -> list[Permission]:
    """Return which of a member's rights a token of theirs may have, in the order of the table."""
    return [permission for permission in Permission if permission in granted and permission not in NOT_BY_TOKEN]


@transaction.atomic
def issue(
    *, tenant: Property, actor: User, name: str, scopes: Collection[Permission | str], days: int = USUAL_DAYS
) -> tuple[ApiToken, str]:
    """Make a token for oneself and return it with its text, which nobody can show again.

    Raises ValidationError for a right that the member does not have or no token gets, and for too many tokens.
    """
    # Locked, so that a membership that ends meanwhile ends this token too, and two at once do not pass the limit.
    membership = (
        Membership.objects.select_for_update(of=("self",)).filter(tenant=tenant, user=actor, is_active=True).first()
    )
    if membership is None:
        raise ValidationError(_("Only a member can have an API token here."), code="not_a_member")
    if not set(scopes) <= set(may_give(permissions_of(user=actor, tenant=tenant))):
        raise ValidationError(
            {"scopes": ValidationError(_("A token can do no more than you can. Choose again."), code="too_much")}
        )
    if membership.tokens.filter(_live()).count() >= MOST_AT_ONCE:
        raise ValidationError(
            _("You have %(most)s API tokens already. Stop one that is not used any more.") % {"most": MOST_AT_ONCE},
            code="too_many",
        )
    text = PREFIX + _written(tenant.pk.bytes + secrets.token_bytes(_RANDOM_BYTES))
    now = timezone.now()
    token = ApiToken(
        tenant=tenant,
        membership=membership,
        name=name.strip(),
        scopes=[permission.value for permission in Permission if permission in scopes],
        token_hash=_hash(text),
        created_at=now,
        expires_at=now + timedelta(days=days),
    )
    token.full_clean()
    token.save()
    return token, text


@transaction.atomic
def revoke(*, tenant: Property, token: ApiToken, actor: User) -> ApiToken:
    """Stop a token for good, as its member or as one who manages members. Raises ValidationError."""
    require_same_tenant(tenant, token)
    is_own = token.membership.user_id == actor.pk
    if not is_own and Permission.MANAGE_MEMBERS not in permissions_of(user=actor, tenant=tenant):
        raise ValidationError(_("Only its member or an owner can stop an API token."), code="not_yours")
    token = ApiToken.objects.select_for_update(of=("self",)).get(pk=token.pk)
    if token.revoked_at is not None:
        raise ValidationError(_("This API token was stopped already. It opens nothing."), code="over")
    return _end(token, actor)


@transaction.atomic
def end_all(*, user: User) -> None:
    """Stop every token of somebody who begins anew: whose hands they are in, nobody knows."""
    for tenant in tenants_of(user=user):
        with tenant_context(tenant.pk):
            for token in ApiToken.objects.select_for_update(of=("self",)).filter(
                membership__user=user, revoked_at=None
            ):
                _end(token, None)


def find(text: str) -> ApiToken:
    """Return the living token of this text, with its member, and note that it was used. Raises Refused."""
    now = timezone.now()
    with tenant_context(_property_of(text)):
        token = ApiToken.objects.select_related("membership__user", "tenant").filter(token_hash=_hash(text)).first()
        if token is None or not token.is_live(now):
            raise Refused
        if not token.membership.is_active or not token.membership.user.is_active:
            raise Refused
        if token.last_used_at is None or token.last_used_at < now - _USE_IS_NOTED_EVERY:
            # Not of the log of changes: a use is no change, and happens at every minute.
            ApiToken.objects.filter(pk=token.pk).update(last_used_at=now)
    return token


def scopes_of(token: ApiToken) -> frozenset[Permission]:
    """Return what a token was given. A right that this release does not know is none."""
    return frozenset(Permission(scope) for scope in token.scopes if scope in Permission.values) - NOT_BY_TOKEN


def visible_to(*, tenant: Property, actor: User) -> QuerySet[ApiToken]:
    """Return a member's own tokens; to those who manage members, everybody's."""
    rows = ApiToken.objects.filter(tenant=tenant).select_related("membership__user", "revoked_by")
    if Permission.MANAGE_MEMBERS in permissions_of(user=actor, tenant=tenant):
        return rows
    return rows.filter(membership__user=actor)


def connect() -> None:
    """Called once, when the application is ready."""
    post_save.connect(_end_with_membership, sender=Membership, dispatch_uid="consentry_tokens_of_a_membership")


def _end_with_membership(*, instance: Membership, **_kwargs: object) -> None:
    """Whoever comes back makes a new token: nobody remembers where the old one lies."""
    if instance.is_active:
        return
    with tenant_context(instance.tenant_id):
        for token in ApiToken.objects.select_for_update(of=("self",)).filter(membership=instance, revoked_at=None):
            _end(token, None)


def _end(token: ApiToken, actor: User | None) -> ApiToken:
    token.revoked_at, token.revoked_by = timezone.now(), actor
    token.save(update_fields=["revoked_at", "revoked_by"])
    return token


def _live() -> Q:
    return Q(revoked_at=None, expires_at__gt=timezone.now())


def _hash(text: str) -> str:
    """A plain hash will do: nobody guesses 256 random bits."""
    return hashlib.sha256(text.encode()).hexdigest()


def _written(content: bytes) -> str:
    return base64.urlsafe_b64encode(content).decode()


def _property_of(text: str) -> uuid.UUID:
    try:
        content = base64.b64decode(text.removeprefix(PREFIX).encode("ascii"), altchars=b"-_", validate=True)
    except (UnicodeEncodeError, binascii.Error) as broken:
        raise Refused from broken
    if not text.startswith(PREFIX) or len(content) != _ID_BYTES + _RANDOM_BYTES:
        raise Refused
    return uuid.UUID(bytes=content[:_ID_BYTES])
