"""How callers are named in what happens: by kind and id, or by a keyed hash."""

from django.http import HttpRequest
from django.utils.crypto import salted_hmac

from portal.limits import address_of
from tenants.organizations import actors


def hashed(text: str) -> str:
    """Return a keyed hash, in letters and digits: what was typed, or an address, is no fact that a log may hold."""
    return salted_hmac("portal.security.detection", text).hexdigest()[:32]


def address_named(request: HttpRequest) -> str:
    """Return the caller's address as an actor."""
    return f"address:{hashed(address_of(request))}"


def actor_of(request: HttpRequest) -> str:
    """Return who asks: a token or a terminal, a member who is signed in, or an address."""
    if actor := actors.current():
        return actor
    user = getattr(request, "user", None)  # missing where the session was not reached
    return f"user:{user.pk}" if user is not None and user.is_authenticated else address_named(request)
