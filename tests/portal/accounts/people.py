"""What people do at the sign-in pages."""

import re
import time
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    SECRET_SESSION_KEY,
    TOTP,
    format_hotp_value,
    hotp_value,
)
from django.core.cache import cache
from django.test import Client

from tenants.organizations.models import User
from tests import factories

LOGIN, LOGOUT, FACTORS, APP = "/accounts/login/", "/accounts/logout/", "/accounts/2fa/", "/accounts/2fa/totp/activate/"
SECOND, AGAIN, SESSIONS = "/accounts/2fa/authenticate/", "/accounts/reauthenticate/", "/accounts/sessions/"
KEY = "JBSWY3DPEHPK3PXP"
NEW_PASSWORD = "另一个足够长的口令 without any digit or capital"
FIREFOX = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:{0}.0) Gecko/20100101 Firefox/{0}.0"
CHROME = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/131.0.0.0 Safari/537.36"


def give_app(user: User) -> Authenticator:
    """Set up an authenticator app, as it was done some time ago."""
    return TOTP.activate(user, KEY).instance


def code(key: str = KEY) -> str:
    """What the app shows now. Taken a second time within its thirty seconds, it is taken as the next one is."""
    cache.clear()
    return format_hotp_value(hotp_value(key, int(time.time()) // 30))


def sign_in(user: User, password: str = factories.PASSWORD, **more: Any) -> Client:
    """Sign in by the password, and by the app where there is one."""
    client = Client(**more)
    client.post(LOGIN, {"login": user.email, "password": password})
    if Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).exists():
        client.post(SECOND, {"code": code()})
    return client


def set_up_app(client: Client) -> Any:
    client.get(APP)
    return client.post(APP, {"code": code(client.session[SECRET_SESSION_KEY])})


def copy_of(client: Client, **more: Any) -> Client:
    """Another browser that holds the same cookies."""
    copied = Client(**more)
    copied.cookies.load({name: morsel.value for name, morsel in client.cookies.items()})
    return copied


def recovery_codes(client: Client) -> list[str]:
    return re.findall(r"\b\d{8}\b", client.get("/accounts/2fa/recovery-codes/").content.decode())


def long_ago(client: Client, seconds: float) -> None:
    """Move everything that a session remembers by so many seconds into the past."""
    session = client.session
    for name in ("began_at", "seen_at"):
        if name in session:
            session[name] -= seconds
    for record in session["account_authentication_methods"]:
        record["at"] -= seconds
    session.save()
