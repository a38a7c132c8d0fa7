"""Row-level security and grants are written after every migration."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SecurityConfig(AppConfig):
    name = "portal.security"
    label = "security"

    def ready(self) -> None:
        from portal.security import checks  # noqa: F401 - registers itself
        from portal.security.apply import apply_after_migrate
        from portal.security.audit import acting, events
        from tenants.organizations import trail

        acting.connect()
        trail.listen(events.keep)
        post_migrate.connect(apply_after_migrate, sender=self)
