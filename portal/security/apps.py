"""What stands around every room: walls, log, rules, alerts."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate
from django.utils.translation import gettext_lazy as _


class SecurityConfig(AppConfig):
    name = "portal.security"
    label = "security"
    verbose_name = _("Security")

    def ready(self) -> None:
        from portal.security import checks, tokens  # noqa: F401 - checks registers itself
        from portal.security.alerts import audit
        from portal.security.apply import apply_after_migrate
        from portal.security.audit import acting, audited, events
        from portal.security.detection import hearing, stream
        from tenants.organizations import trail

        apps.get_app_config("auditlog").verbose_name = _("Log")  # it knows its name in English only
        audited.register()
        acting.connect()
        tokens.connect()
        audit.register()
        trail.listen(events.keep)
        stream.connect()
        hearing.connect()
        post_migrate.connect(apply_after_migrate, sender=self)
