"""Matching's answers to the personal-data stores: door events, and galleries in memory."""

from datetime import timedelta

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import stores
from tenants.rights.kinds import ErasureScope


class EventStore:
    """Door events lose the person; that a door opened stays until its own clock deletes it."""

    name, label, scope, runs_as = "events", _("Door events"), ErasureScope.PERSON, "web"
    models = ("matching.DoorEvent",)

    def count(self, person: Person) -> int:
        return DoorEvent.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        rows = DoorEvent.objects.filter(person=person)
        return list(rows.values("at", "mode", "is_allowed", "rule", "device__access_point__name"))

    def erase(self, person: Person) -> int:
        return DoorEvent.objects.filter(person=person).update(person=None)


class GalleryStore:
    """The gallery in this worker's memory. Other workers reload by the epoch before their next answer."""

    name, label, scope, runs_as = "gallery", _("Gallery in memory"), ErasureScope.FACE, "recognition"
    models: tuple[str, ...] = ("vault.GalleryEpoch",)

    def count(self, person: Person) -> int:
        cache = _cache()
        return int(cache is not None and cache.holds(tenant_id=person.tenant_id, person_id=person.pk))

    def export(self, person: Person) -> list[dict[str, object]]:
        return []

    def erase(self, person: Person) -> int:
        held = self.count(person)
        cache = _cache()
        if cache is not None:
            cache.drop(person.tenant_id)
        return held


def _cache() -> "GalleryCache | None":  # noqa: F821 - the type lives in a module that a web process never loads
    """Return this process's cache if it ever matched; a web process never loads NumPy for it."""
    import sys

    module = sys.modules.get("recognition.matching.gallery")
    return module.cache if module else None


def expire_events(*, tenant: Property) -> int:
    """Delete door events past the property's second clock."""
    limit = timezone.now() - timedelta(days=tenant.event_days)
    return DoorEvent.objects.filter(tenant=tenant, at__lt=limit).delete()[0]


_STORES = (EventStore(), GalleryStore())


def register() -> None:
    for store in _STORES:
        stores.register(store)
    stores.register_expirer(expire_events)
