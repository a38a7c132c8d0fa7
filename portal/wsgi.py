"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from portal.redaction import guard_uncaught

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

guard_uncaught()
application = get_wsgi_application()
