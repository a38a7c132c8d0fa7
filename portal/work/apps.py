"""Work that takes longer than a page, and what each member chose for their own lists."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class WorkConfig(AppConfig):
    name = "portal.work"
    label = "work"
    verbose_name = _("Work")

    def ready(self) -> None:
        from portal.work import audit, stores

        audit.register()
        stores.register()
