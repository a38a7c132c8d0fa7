"""Production settings. `local` and `test` loosen them line by line, each with its reason."""

from pathlib import Path

from django.utils.translation import gettext_lazy as _
from environs import Env

from portal.settings.accounts import *  # noqa: F403 - settings are one namespace
from portal.settings.audit import *  # noqa: F403 - settings are one namespace
from portal.settings.faces import *  # noqa: F403 - settings are one namespace
from portal.settings.keys import *  # noqa: F403 - settings are one namespace
from portal.settings.keys import CONSENTRY_ROLE
from portal.settings.messages import *  # noqa: F403 - settings are one namespace
from portal.settings.schedule import CELERY_BEAT_SCHEDULE, CELERY_TASK_ROUTES  # noqa: F401 - read by Django
from portal.settings.web import *  # noqa: F403 - settings are one namespace

env = Env()
BASE_DIR = Path(__file__).resolve().parents[2]

DEBUG = False
ALLOWED_HOSTS: list[str] = env.list("ALLOWED_HOSTS", [])
CSRF_TRUSTED_ORIGINS: list[str] = env.list("CSRF_TRUSTED_ORIGINS", [])

INSTALLED_APPS = [
    "portal.admin.apps.ConsentryAdminConfig",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "allauth",
    "allauth.account",
    "allauth.mfa",
    "allauth.socialaccount",
    "allauth.socialaccount.providers.openid_connect",
    "allauth.usersessions",
    "auditlog",
    "guardian",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "csp",
    "tenants.organizations",
    "tenants.premises",
    "tenants.transparency",
    "tenants.people",
    "tenants.clearance",
    "tenants.rights",
    "recognition.engine",
    "recognition.vault",
    "recognition.enrollment",
    "recognition.matching",
    "recognition.edge",
    "portal.security",
    "portal.operations",
    "portal.telling",
    "portal.work",
    "portal.web",
    "portal.api",
]

MIDDLEWARE = [
    "portal.security.headers.HeadersMiddleware",  # first: an answer of any other one gets them too
    "portal.flood.ForwardedMiddleware",  # before anybody asks whether it came by TLS, and from where
    "portal.api.tls.NoRedirectMiddleware",  # before the next one, which leads people to HTTPS
    "django.middleware.security.SecurityMiddleware",
    "csp.middleware.CSPMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "portal.security.detection.stream.WatchMiddleware",  # hears of every refusal, and judges when all is written
    "portal.flood.FloodMiddleware",  # before all that costs: sessions, the database, pages
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.locale.LocaleMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "allauth.usersessions.middleware.UserSessionsMiddleware",
    "portal.api.tokens.TokenMiddleware",  # before auditlog, which asks here who acts
    "portal.sign_in.sessions.SessionLimits",  # before anything is done in the name of a session that is over
    "portal.sign_in.second_factor.SecondFactorRequired",
    "auditlog.middleware.AuditlogMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
]

ROOT_URLCONF = "portal.urls"
WSGI_APPLICATION = "portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.template.context_processors.i18n",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
            "builtins": ["django.contrib.humanize.templatetags.humanize", "portal.web.templatetags.words"],
        },
    }
]
FORM_RENDERER = "django.forms.renderers.TemplatesSetting"

# The project's own templates come first, Django's form widgets after them.
INSTALLED_APPS.append("django.forms")

# -- Data ------------------------------------------------------------------------------------------
# One database, three login roles. `web` cannot read templates or keys, `recognition` cannot read
# identities, and neither owns a table (portal/security/grants.py).
_DATABASE_URLS = {
    "web": "DATABASE_URL",
    "recognition": "DATABASE_URL_RECOGNITION",
    "owner": "DATABASE_URL_OWNER",
}
DATABASES = {"default": env.dj_db_url(_DATABASE_URLS[CONSENTRY_ROLE])}
# The context of row-level security is local to a transaction, so every request is one.
DATABASES["default"]["ATOMIC_REQUESTS"] = True
DATABASES["default"]["CONN_MAX_AGE"] = 60
DATABASES["default"]["CONN_HEALTH_CHECKS"] = True
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

CACHES = {
    "default": {
        "BACKEND": "django.core.cache.backends.redis.RedisCache",
        "LOCATION": env.str("CACHE_URL"),
        "KEY_PREFIX": "consentry",
    }
}

# -- Work ------------------------------------------------------------------------------------------
CELERY_BROKER_URL = env.str("BROKER_URL")
CELERY_RESULT_BACKEND = env.str("RESULT_URL", CELERY_BROKER_URL)
CELERY_TASK_DEFAULT_QUEUE = "default"
CELERY_TASK_IGNORE_RESULT = True
CELERY_TASK_ACKS_LATE = True
CELERY_WORKER_PREFETCH_MULTIPLIER = 1
CELERY_TASK_TIME_LIMIT = 300
CELERY_TASK_SOFT_TIME_LIMIT = 240
CELERY_RESULT_EXPIRES = 60
CELERY_TIMEZONE = "Asia/Shanghai"
CELERY_BROKER_CONNECTION_RETRY_ON_STARTUP = True
CELERY_WORKER_CANCEL_LONG_RUNNING_TASKS_ON_CONNECTION_LOSS = True
# A page must not hang on a broker that is down: it says so within seconds.
CELERY_TASK_PUBLISH_RETRY_POLICY = {"max_retries": 1, "interval_start": 0, "interval_step": 0.2, "interval_max": 0.2}
CELERY_BROKER_TRANSPORT_OPTIONS = {
    "socket_connect_timeout": 2,
    "visibility_timeout": 3600,
    "max_retries": 1,
}
CELERY_REDIS_SOCKET_CONNECT_TIMEOUT = 2
CELERY_RESULT_BACKEND_TRANSPORT_OPTIONS = {"retry_policy": {"max_retries": 1, "timeout": 2.0}}

# -- Audit -----------------------------------------------------------------------------------------
AUDITLOG_INCLUDE_ALL_MODELS = False  # an allow-list: a new field is unlogged until someone decides
AUDITLOG_DISABLE_REMOTE_ADDR = True  # X-Forwarded-For is what the caller says

# -- Web -------------------------------------------------------------------------------------------
# A photo is read in memory and never spooled to disk in clear.
FILE_UPLOAD_HANDLERS = ["portal.web.uploads.MemoryOnlyUploadHandler"]
MAX_UPLOAD_BYTES = 10 * 1024 * 1024
DATA_UPLOAD_MAX_MEMORY_SIZE = 2 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 500
DATA_UPLOAD_MAX_NUMBER_FILES = 5

STATIC_URL = "/static/"
STATIC_ROOT = env.path("STATIC_ROOT", BASE_DIR / "var" / "static")
STATICFILES_DIRS = [BASE_DIR / "static"]
# Maps of other people's scripts are megabytes that no browser asks for; compressing them took half a minute.
WHITENOISE_SKIP_COMPRESS_EXTENSIONS = ("jpg", "jpeg", "png", "webp", "gif", "woff", "woff2", "zip", "gz", "br", "map")
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.InMemoryStorage"},  # no file field exists; none may appear
    "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
}

# -- Language and time -----------------------------------------------------------------------------
LANGUAGE_CODE = "zh-hans"
LANGUAGES = [("zh-hans", _("Chinese")), ("en", _("English"))]
LOCALE_PATHS = [BASE_DIR / "locale"]
USE_I18N = True
FORMAT_MODULE_PATH = "portal.formats"
USE_TZ = True
TIME_ZONE = "Asia/Shanghai"

# -- API -------------------------------------------------------------------------------------------
REST_FRAMEWORK = {
    # Each view says for itself who may ask (portal/api/authentication.py).
    "DEFAULT_AUTHENTICATION_CLASSES": ["rest_framework.authentication.SessionAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["rest_framework.parsers.JSONParser"],
    "DEFAULT_PAGINATION_CLASS": "rest_framework.pagination.PageNumberPagination",
    "DEFAULT_FILTER_BACKENDS": ["django_filters.rest_framework.DjangoFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "drf_spectacular.openapi.AutoSchema",
    "EXCEPTION_HANDLER": "portal.api.problems.exception_handler",
    "PAGE_SIZE": 50,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Consentry API",
    "VERSION": "1.0.0",
    "DESCRIPTION": "Lawful facial recognition at the doors of compounds and hotels.",
    "SERVE_INCLUDE_SCHEMA": False,
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "REDOC_DIST": "SIDECAR",
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "portal.api.examples.add_examples",
    ],
}

LOGGING = {
    "version": 1,
    "disable_existing_loggers": False,
    # The only formatter: no secret of an address and no value that an error quotes may reach a log.
    "formatters": {
        "line": {
            "()": "portal.redaction.RedactingFormatter",
            "format": "%(asctime)s %(levelname)s %(name)s %(message)s",
        }
    },
    "handlers": {"console": {"class": "logging.StreamHandler", "formatter": "line"}},
    "root": {"handlers": ["console"], "level": "INFO"},
    "loggers": {
        "django.db.backends": {"level": "WARNING"},
        # Django's own handlers would mail a failed request with all that was sent, and write lines of their own.
        "django": {"handlers": [], "level": "INFO"},
        "django.server": {"handlers": [], "level": "INFO", "propagate": True},
        "celery": {"level": "INFO"},
    },
}
