"""Door terminals: their keys, their work, their receipts (docs/device-protocol.md)."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EdgeConfig(AppConfig):
    name = "recognition.edge"
    label = "edge"
    verbose_name = _("Door terminals")

    def ready(self) -> None:
        from recognition.edge import audit, changes, consequences, stores
        from recognition.edge.services import copies
        from tenants.people import changes as people_changes
        from tenants.premises import changes as premises_changes

        audit.register()
        stores.register()
        people_changes.listen_faces(consequences.face_moved, among=copies.on_terminals)
        premises_changes.listen(consequences.device_moved)
        changes.listen_paired(consequences.paired)
        changes.listen_rotated(consequences.rotated)
