"""What the portal tells browsers: only over TLS, only from itself, and nothing for anybody else."""

from environs import Env

_env = Env()

# -- Transport -------------------------------------------------------------------------------------
# Without TLS in front no process starts (security.E003); only `local` and `test` say otherwise.
PLAIN_HTTP_ALLOWED = False
SECURE_SSL_REDIRECT = _env.bool("SECURE_SSL_REDIRECT", True)
SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https") if _env.bool("BEHIND_TLS_PROXY", False) else None
# Addresses or networks, such as 10.0.0.5 or 10.0.0.0/24: only these are believed who asks, and that it came by TLS.
TRUSTED_PROXIES: list[str] = _env.list("TRUSTED_PROXIES", [])
SECURE_HSTS_SECONDS = _env.int("SECURE_HSTS_SECONDS", 31536000)
SECURE_HSTS_INCLUDE_SUBDOMAINS = True
SECURE_HSTS_PRELOAD = True

# -- Floods (portal/flood.py) ----------------------------------------------------------------------
# By address: how many a second for as long as one likes, and how many at once before that. A compound's or hotel's
# network is one address: 200 residents who read at the same time turn a page every ten seconds, which makes 20.
# Behind one address there may also be a hundred terminals at which people queue.
FLOOD_PACES = {"pages": (25, 60), "terminals": (100, 200)}

# -- Cookies ---------------------------------------------------------------------------------------
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = LANGUAGE_COOKIE_SECURE = True
SESSION_COOKIE_HTTPONLY = LANGUAGE_COOKIE_HTTPONLY = True
# The browser itself refuses such a name from another host, from a subdomain, or without TLS.
SESSION_COOKIE_NAME = "__Host-session"
CSRF_COOKIE_NAME = "__Host-csrf"
LANGUAGE_COOKIE_NAME = "__Host-language"
# Large print and high contrast of a resident's page (portal/web/reading_aids.py).
READING_COOKIE_NAME = "__Host-reading"
# Not Strict: a personal link and the link of a new password come from a mail program and lead on to a second page,
# and a browser keeps a Strict cookie back from both. Lax sends it with no request that another site makes unseen.
SESSION_COOKIE_SAMESITE = CSRF_COOKIE_SAMESITE = "Lax"
LANGUAGE_COOKIE_SAMESITE = "Strict"
SESSION_COOKIE_AGE = 12 * 3600
SESSION_EXPIRE_AT_BROWSER_CLOSE = True
# A message names people; Django would put it into a cookie.
MESSAGE_STORAGE = "django.contrib.messages.storage.session.SessionStorage"

# -- Headers (portal/security/headers.py adds what Django has no setting for) ----------------------
SECURE_REFERRER_POLICY = "same-origin"  # personal links must not leave in a Referer
SECURE_CROSS_ORIGIN_OPENER_POLICY = "same-origin"
X_FRAME_OPTIONS = "DENY"
CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": ["'none'"],
        "script-src": ["'self'"],
        "style-src": ["'self'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "blob:"],
        "font-src": ["'self'"],
        "connect-src": ["'self'"],
        "form-action": ["'self'"],
        "base-uri": ["'none'"],
        "frame-ancestors": ["'none'"],
    }
}
