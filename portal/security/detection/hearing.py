"""Hears of signing in, of what the limits refuse, and of what the database refuses."""

import re
import sys
from typing import Any

from allauth.account.signals import user_logged_in
from allauth.mfa.signals import authentication_failed
from auditlog.models import LogEntry
from celery.signals import task_failure
from django.contrib.auth.signals import user_login_failed
from django.core.signals import got_request_exception
from django.db.models.signals import post_save
from django.http import HttpRequest

from portal.limits import throttled
from portal.security.detection import stream
from portal.security.detection.naming import actor_of, address_named, hashed
from tenants.organizations import actors
from tenants.organizations.models import Membership, User
from tenants.organizations.trail import Happening, Kind, Sign, note, tell

# PostgreSQL, appendix A: a role may not do this, or row-level security does not let it write such a row.
INSUFFICIENT_PRIVILEGE = "42501"
TEMPLATES = "vault_facetemplate"
_TABLE = re.compile(r'for table "?(\w+)"?')


def connect() -> None:
    """Called once, when the application is ready."""
    # allauth's, not Django's: every sign-in comes through it, and a test's `force_login` is none.
    user_logged_in.connect(_signed_in, dispatch_uid="consentry_signed_in")
    user_login_failed.connect(_sign_in_failed, dispatch_uid="consentry_sign_in_failed")
    authentication_failed.connect(_second_factor_failed, dispatch_uid="consentry_second_factor_failed")
    post_save.connect(_role_given, sender=LogEntry, dispatch_uid="consentry_role_given")
    throttled.connect(_throttled, dispatch_uid="consentry_throttled")
    got_request_exception.connect(_failed, dispatch_uid="consentry_statement_refused")
    task_failure.connect(_task_failed, dispatch_uid="consentry_statement_refused", weak=False)


def _role_given(*, instance: LogEntry, created: bool, **_kwargs: Any) -> None:
    """From the log of changes, which knows who gave it, whichever way it was given."""
    if not created or instance.content_type.model_class() is not Membership:
        return
    changes = instance.changes_dict
    is_back = changes.get("is_active", ("", ""))[1] == "True"
    if "role" not in changes and not is_back:
        return
    membership = Membership.objects.filter(pk=instance.object_pk).first()
    if membership is not None and membership.is_active:
        giver = f"user:{instance.actor_id}" if instance.actor_id else actors.current()
        subject, facts = f"user:{membership.user_id}", {"role": membership.role}
        tell(Happening(Sign.ROLE_GRANTED, giver, membership.tenant_id, subject, facts))


def _signed_in(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    note(Happening(kind=Kind.SIGNED_IN, actor=f"user:{user.pk}", subject=address_named(request)))


def _sign_in_failed(*, credentials: dict[str, Any], request: HttpRequest | None = None, **_kwargs: Any) -> None:
    """Told, not noted: what the page does with its transaction is its own business. One query, known or unknown."""
    if request is None:  # a command or a test that tries a password; nobody's address
        return
    typed = str(credentials.get("email") or credentials.get("username") or "").lower()
    known = User.objects.filter(email=typed).values_list("pk", flat=True).first()
    subject = f"user:{known}" if known else f"account:{hashed(typed)}"
    tell(Happening(kind=Kind.SIGN_IN_FAILED, actor=address_named(request), subject=subject))


def _second_factor_failed(*, request: HttpRequest, user: User, **_kwargs: Any) -> None:
    """A wrong code or passkey of somebody whose password was right: it counts as any other failed sign-in."""
    facts = {"step": "second_factor"}
    tell(Happening(kind=Kind.SIGN_IN_FAILED, actor=address_named(request), subject=f"user:{user.pk}", facts=facts))


def _throttled(*, request: HttpRequest, limit: str, **_kwargs: Any) -> None:
    match = request.resolver_match
    facts = {"limit": limit or "page"} | ({"route": match.view_name[:100]} if match else {})
    tell(Happening(kind=Kind.THROTTLED, actor=actor_of(request), tenant_id=stream.here(), facts=facts))


def _failed(**_kwargs: Any) -> None:
    tell_if_refused(sys.exc_info()[1])


def _task_failed(*, exception: BaseException, **_kwargs: Any) -> None:
    tell_if_refused(exception)


def tell_if_refused(error: BaseException | None) -> None:
    """Tell of a statement that the database did not let its role run, by the name of the table alone."""
    while error is not None and getattr(error, "sqlstate", None) != INSUFFICIENT_PRIVILEGE:
        error = error.__cause__
    if error is None:
        return
    named = _TABLE.search(str(error))
    table = named.group(1)[:60] if named else ""
    if table == TEMPLATES:
        tell(Happening(kind=Sign.FOREIGN_READER, actor="database:web", subject=f"table:{table}"))
    else:
        tell(Happening(kind=Sign.STATEMENT_REFUSED, actor="database:web", subject=f"table:{table}"))
