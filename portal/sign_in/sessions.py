"""How long a session is good: 30 minutes unused, 12 hours at most, and in one kind of browser (docs/security.md)."""

import time
from collections.abc import Callable

from allauth.usersessions.internal.flows.sessions import end_sessions
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from portal.sign_in.browsers import UNKNOWN, kind_of
from tenants.organizations.models import User

BEGAN, SEEN, BROWSER = "began_at", "seen_at", "browser"
_EVERY = 60  # seconds; a session is not written with each request

_ABSOLUTE = _("You were signed out: a sign-in is good for 12 hours. Sign in again.")
_IDLE = _("You were signed out because nothing was done for 30 minutes. Sign in again.")
_ELSEWHERE = _(
    "You were signed out: this sign-in was used in another kind of browser. Sign in again. "
    "If that was not you, change your password."
)


class SessionLimits:
    """Ends a session that is over before anything is done in its name; the request goes on as nobody's."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if is_by_session(request):
            why = over(request)
            if why is None:
                keep(request)
            else:
                logout(request)
                if not request.path.startswith("/api/"):
                    messages.warning(request, str(why))
        return self.get_response(request)


def is_by_session(request: HttpRequest) -> bool:
    """Whether somebody is signed in by the browser's session. Who sends none is not looked for in the database."""
    has_one = settings.SESSION_COOKIE_NAME in request.COOKIES and not hasattr(request, "api_token")
    return has_one and request.user.is_authenticated


def over(request: HttpRequest) -> Promise | None:
    """Say why the session of a signed-in user is over, or nothing."""
    session, now = request.session, time.time()
    if BEGAN not in session:
        return None  # signed in before this release
    if now - session[BEGAN] >= settings.SESSION_ABSOLUTE_SECONDS:
        return _ABSOLUTE
    if now - session[SEEN] >= settings.SESSION_IDLE_SECONDS:
        return _IDLE
    return None if session[BROWSER] == kind_of(_agent(request)) else _ELSEWHERE


def begin(request: HttpRequest) -> None:
    """Say from when on and in which kind of browser the session of who has just signed in is good."""
    now = time.time()
    request.session.update({BEGAN: now, SEEN: now, BROWSER: kind_of(_agent(request))})


def keep(request: HttpRequest) -> None:
    """Note that the session is in use. A page that asks by itself how far something has come is no use of it."""
    session, now = request.session, time.time()
    if BEGAN not in session:
        begin(request)
    elif now - session[SEEN] >= _EVERY and "HX-Request" not in request.headers:
        session[SEEN] = now
        UserSession.objects.filter(session_key=session.session_key).update(last_seen_at=timezone.now())


def renew_key(request: HttpRequest) -> None:
    """Give the session another key, as after each proof of who it is; the older one opens nothing any more."""
    older = request.session.session_key
    request.session.cycle_key()
    UserSession.objects.filter(session_key=older).update(session_key=request.session.session_key)


def listed(request: HttpRequest) -> list[UserSession]:
    """Return where the signed-in user is signed in, the oldest first, each with the `kind` of its browser."""
    sessions = UserSession.objects.purge_and_list(request.user)
    for session in sessions:
        kind = kind_of(session.user_agent)
        session.kind = kind if kind != UNKNOWN else _("Unknown browser")
    return sorted(sessions, key=lambda session: session.created_at)


def end(request: HttpRequest, *, number: int) -> None:
    """Sign the user out in one place of their own; what is not theirs is left alone."""
    end_sessions(request, UserSession.objects.filter(user=request.user, pk=number))


def end_all(*, user: User) -> int:
    """Sign somebody out everywhere, from their next request on; return how many sessions that were."""
    sessions = UserSession.objects.purge_and_list(user)
    for session in sessions:
        session.end()
    return len(sessions)


def _agent(request: HttpRequest) -> str:
    return request.headers.get("User-Agent", "")
