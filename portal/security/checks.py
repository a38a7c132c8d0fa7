"""System checks: every key is there, and nothing travels in clear. No process starts otherwise (start.py)."""

from urllib.parse import parse_qs, urlsplit

from django.conf import settings
from django.core.checks import CheckMessage, Error, register
from django.core.exceptions import ImproperlyConfigured

from portal import limits

START = "start"  # the checks that every process passes before it answers anything
SHORTEST_SECRET = 32  # characters


@register(START)
def named_secrets_are_there(**_kwargs: object) -> list[CheckMessage]:
    """A file that is named and cannot be read, or is empty, stops the process: nothing takes its place."""
    return [
        Error(
            f"The file that {name}_FILE names cannot be read, or is empty.",
            hint=f"Put the key back, or name the right file. To set the value itself, leave {name}_FILE out.",
            id="security.E001",
        )
        for name in settings.UNREADABLE_SECRETS
    ]


@register(START)
def database_is_no_test(**_kwargs: object) -> list[CheckMessage]:
    """Where evidence may be rewritten, no evidence is kept (portal/security/evidence.py)."""
    name = str(settings.DATABASES["default"]["NAME"])
    if getattr(settings, "TESTING", False) or not name.startswith("test_"):
        return []
    return [
        Error(
            f"The database {name} is called as those of tests, in which evidence can be rewritten.",
            hint="Give it a name that does not begin with test_.",
            id="security.E002",
        )
    ]


@register(START)
def pages_go_over_tls(**_kwargs: object) -> list[CheckMessage]:
    """A password, a personal link and a photo never travel in clear (PIPL Art 51, Measures Art 14)."""
    has_tls = settings.SECURE_SSL_REDIRECT or settings.SECURE_PROXY_SSL_HEADER
    if settings.PLAIN_HTTP_ALLOWED or (has_tls and settings.SESSION_COOKIE_SECURE and settings.CSRF_COOKIE_SECURE):
        return []
    return [
        Error(
            "Pages would be answered without TLS.",
            hint="Leave SECURE_SSL_REDIRECT on; behind a proxy that ends TLS set BEHIND_TLS_PROXY=true.",
            id="security.E003",
        )
    ]


@register(START)
def database_is_reached_in_private(**_kwargs: object) -> list[CheckMessage]:
    """Over a unix socket, or over TLS to a server whose name and certificate are looked at."""
    database = settings.DATABASES["default"]
    host, options = str(database["HOST"]), database.get("OPTIONS", {})
    if not host or host.startswith("/") or options.get("sslmode") == "verify-full":
        return []
    return [
        Error(
            f"The database on {host} would be reached without TLS, or without looking at whose it is.",
            hint="End its address with ?sslmode=verify-full&sslrootcert=FILE, or use a unix socket.",
            id="security.E004",
        )
    ]


@register(START)
def broker_and_cache_are_reached_in_private(**_kwargs: object) -> list[CheckMessage]:
    """Photos on their way are sealed, but sessions, ids and one-time codes are not."""
    addresses = {
        "BROKER_URL": settings.CELERY_BROKER_URL,
        "RESULT_URL": settings.CELERY_RESULT_BACKEND,
        "CACHE_URL": settings.CACHES["default"]["LOCATION"],
    }
    return [
        Error(
            f"{name} would be reached without TLS, or without looking at whose it is.",
            hint="Write it as rediss://…?ssl_cert_reqs=required, or use a unix socket.",
            id="security.E005",
        )
        for name, address in addresses.items()
        if not _is_private(str(address))
    ]


@register(START)
def signatures_cannot_be_guessed(**_kwargs: object) -> list[CheckMessage]:
    """Who guesses the key signs in as anybody. Django's own check only warns, and only when it is asked to."""
    try:
        key = settings.SECRET_KEY or ""
    except ImproperlyConfigured:  # Django's word for none at all
        key = ""
    if len(key) >= SHORTEST_SECRET and len(set(key)) > SHORTEST_SECRET // 4:
        return []
    return [
        Error(
            f"SECRET_KEY is missing, shorter than {SHORTEST_SECRET} characters, or no random text.",
            hint="Make one: head -c 48 /dev/urandom | base64.",
            id="security.E006",
        )
    ]


@register(START)
def host_is_named(**_kwargs: object) -> list[CheckMessage]:
    """With any host allowed, a link in a letter would lead wherever a stranger's request said."""
    if not any(host.startswith(("*", ".")) for host in settings.ALLOWED_HOSTS):
        return []
    return [
        Error(
            "ALLOWED_HOSTS takes more than the names of this portal.",
            hint="Name each host in full, such as portal.example.",
            id="security.E007",
        )
    ]


@register(START)
def proxies_are_named(**_kwargs: object) -> list[CheckMessage]:
    """Without their names nothing that they say is believed: all callers would be one, and shut out together."""
    fault = "A proxy stands in front, and TRUSTED_PROXIES does not say which."
    try:
        if limits.networks(tuple(settings.TRUSTED_PROXIES)) or not settings.SECURE_PROXY_SSL_HEADER:
            return []
    except ValueError as wrong:
        fault = f"TRUSTED_PROXIES: {wrong}."
    hint = "Set it to the proxy's address or network as the portal sees it, such as 10.0.0.5 or 10.0.0.0/24."
    return [Error(fault, hint=hint, id="security.E008")]


def _is_private(address: str) -> bool:
    """Whether an address is a unix socket, or TLS that says itself that the certificate is looked at.

    Without that word Celery looks at none, and `CERT_REQUIRED`, which it knows as well, the cache does not.
    """
    parts = urlsplit(address)
    if parts.scheme in {"unix", "redis+socket"}:
        return True
    return parts.scheme == "rediss" and parse_qs(parts.query).get("ssl_cert_reqs") == ["required"]
