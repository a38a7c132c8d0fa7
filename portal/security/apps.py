"""Row-level security and grants are written after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "portal.security"
    label = "security"

    def ready(self) -> None:
        from portal.security import checks, tokens  # noqa: F401 - checks registers itself
        from portal.security.alerts import audit
        from portal.security.apply import apply_after_migrate
        from portal.security.audit import acting, audited, events
        from portal.security.detection import hearing, stream
        from tenants.organizations import trail

        audited.register()
        acting.connect()
        tokens.connect()
        audit.register()
        trail.listen(events.keep)
        stream.connect()
        hearing.connect()
        post_migrate.connect(apply_after_migrate, sender=self)
