"""Collects what happens while a request is answered or a task runs, and has it judged afterwards.

Afterwards, because a refusal ends in a transaction that is rolled back, and because no page may wait for or fail with
what watches it. Outside of both (a command) it is judged when the transaction commits.
"""

import uuid
from collections.abc import Callable
from contextvars import ContextVar, Token
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Any

from celery.signals import task_postrun, task_prerun
from django.db import transaction
from django.http import HttpRequest, HttpResponse

from portal.security.detection import judging
from portal.security.detection.naming import actor_of, hashed
from tenants.organizations import actors, trail
from tenants.organizations.trail import Happening, Kind, Sign


@dataclass
class Watch:
    """What one request or task has done so far. `tenant_id`: the property that was opened in it, if one was."""

    heard: list[Happening] = field(default_factory=list)
    unkept: list[Happening] = field(default_factory=list)
    tenant_id: uuid.UUID | None = None

    def hear(self, happening: Happening, is_kept: bool) -> None:
        self.heard.append(happening)
        if not is_kept:
            self.unkept.append(happening)

    def judge(self) -> None:
        if self.heard:
            judging.judge(self.heard, unkept=self.unkept)


_now: ContextVar[Watch | None] = ContextVar("consentry_watch", default=None)
_tasks: dict[str, Token[Watch | None]] = {}


def connect() -> None:
    """Called once, when the application is ready."""
    trail.watch(_hear)
    task_prerun.connect(_begin, dispatch_uid="consentry_watch", weak=False)
    task_postrun.connect(_end, dispatch_uid="consentry_watch", weak=False)


def entered(tenant_id: uuid.UUID) -> None:
    """Say which property this request is about. Nothing outside a request."""
    if watch := _now.get():
        watch.tenant_id = tenant_id


def here() -> uuid.UUID | None:
    """Return the property that this request is about, if one is known."""
    return watch.tenant_id if (watch := _now.get()) else None


class WatchMiddleware:
    """Outside of everything that opens a transaction, so that nothing of what it writes is rolled back."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self._get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        watch = Watch()
        token = _now.set(watch)
        try:
            response = self._get_response(request)
        finally:
            _now.reset(token)
        if response.status_code == HTTPStatus.NOT_FOUND:
            _hear_of_a_missing_id(request, watch)
        if (actor := actors.current()).startswith(("token:", "device:")):
            watch.hear(Happening(kind=Sign.KEY_USED, actor=actor, tenant_id=watch.tenant_id), is_kept=True)
        watch.judge()
        return response


def _hear(happening: Happening, is_kept: bool) -> None:
    watch = _now.get()
    if watch is None:
        watch = Watch()
        transaction.on_commit(watch.judge, robust=True)
    watch.hear(happening, is_kept)


def _hear_of_a_missing_id(request: HttpRequest, watch: Watch) -> None:
    """A member asked for a row that is not of the property in which they work."""
    match = request.resolver_match
    if (
        watch.tenant_id is None
        or match is None
        or not set(match.kwargs) - {"slug"}
        or not request.user.is_authenticated
    ):
        return
    facts = {"reason": "id", "what": hashed(request.path), "route": match.view_name[:100]}
    one = Happening(kind=Kind.REFUSED, actor=actor_of(request), tenant_id=watch.tenant_id, facts=facts)
    watch.hear(one, is_kept=False)


def _begin(*, task_id: str, **_kwargs: Any) -> None:
    if _now.get() is None:  # a task that a request runs at once belongs to the request
        _tasks[task_id] = _now.set(Watch())


def _end(*, task_id: str, **_kwargs: Any) -> None:
    token = _tasks.pop(task_id, None)
    if token is not None and (watch := _now.get()) is not None:
        _now.reset(token)
        watch.judge()
