"""From a photo to a template."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EnrollmentConfig(AppConfig):
    name = "recognition.enrollment"
    label = "enrollment"
    verbose_name = _("Enrolments")

    def ready(self) -> None:
        from recognition.enrollment import audit, stores

        audit.register()
        stores.register()
