"""Keys and encrypted templates."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class VaultConfig(AppConfig):
    name = "recognition.vault"
    label = "vault"
    verbose_name = _("Keys and templates")

    def ready(self) -> None:
        from recognition.vault import audit, checks, stores  # noqa: F401 - checks registers itself

        audit.register()
        stores.register()
