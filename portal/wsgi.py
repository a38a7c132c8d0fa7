"""WSGI entry for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application

from portal.redaction import guard_uncaught
from portal.security.start import refuse_web

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "portal.settings.base")

guard_uncaught()
application = get_wsgi_application()
refuse_web()
