"""Matching's answers to the personal-data stores: door events, and galleries in memory."""

import sys
import uuid
from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from recognition.matching import bundle
from recognition.matching.models import DoorEvent
from tenants.organizations.models import Property
from tenants.people.models import Person
from tenants.rights import bundle_sources, stores
from tenants.rights.kinds import ErasureScope, HoldKind
from tenants.rights.services import holds
from tenants.rights.stores import RunsAs, rows_of

if TYPE_CHECKING:
    from recognition.matching.cache import GalleryCache


class EventStore:
    """Door events lose the person; that a door opened stays until its own clock deletes it.

    While a legal hold stands they keep the number: no erasure calls this store then (rights/services/holds.py).
    """

    name = "events"
    label = _("Door events")
    scope = ErasureScope.PERSON
    runs_as: RunsAs = "web"
    models: tuple[str, ...] = ("matching.DoorEvent",)

    def count(self, person: Person) -> int:
        return DoorEvent.objects.filter(person=person).count()

    def export(self, person: Person) -> list[dict[str, object]]:
        rows = DoorEvent.objects.filter(person=person)
        return rows_of(rows.values("at", "method", "mode", "is_allowed", "rule", "device__access_point__name"))

    def erase(self, person: Person) -> int:
        return DoorEvent.objects.filter(person=person).update(person=None)


class GalleryStore:
    """The gallery in this worker's memory. Other workers reload by the epoch before their next answer."""

    name = "gallery"
    label = _("Gallery in memory")
    scope = ErasureScope.FACE
    runs_as: RunsAs = "recognition"
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

    def erase_many(self, people: Sequence[Person]) -> dict[uuid.UUID, int]:
        cache = _cache()
        held = dict.fromkeys(self.holding(people), 1)
        if cache is not None and people:
            cache.drop(people[0].tenant_id)
        return held

    def holding(self, people: Sequence[Person]) -> set[uuid.UUID]:
        cache = _cache()
        if cache is None:
            return set()
        return {person.pk for person in people if cache.holds(tenant_id=person.tenant_id, person_id=person.pk)}


def _cache() -> "GalleryCache | None":
    """Return this process's cache if it ever matched; a web process never loads NumPy for it."""
    module = sys.modules.get("recognition.matching.cache")
    return module.cache if module else None


# For the sweep of a property: whether any is past its clock (rights/due.py).
EVENTS_DUE = """EXISTS (SELECT 1 FROM matching_doorevent e
    WHERE e.tenant_id = p.id AND e.at < %(now)s - make_interval(days => p.event_days))"""
SLICE = 5_000


def expire_events(*, tenant: Property) -> int:
    """Delete the oldest door events past the property's second clock, some thousands at a time; return how many.

    What a legal hold keeps stays, until the hold is over.
    """
    is_all_held, people = holds.held_people(tenant=tenant, kind=HoldKind.EVENTS)
    if is_all_held:
        return 0
    limit = timezone.now() - timedelta(days=tenant.event_days)
    rows = DoorEvent.objects.filter(tenant=tenant, at__lt=limit)
    if people:
        rows = rows.exclude(person__in=people)
    oldest = rows.order_by("at").values("pk")[:SLICE]
    return DoorEvent.objects.filter(pk__in=oldest).delete()[0]


_STORES: tuple[stores.PersonalDataStore, ...] = (EventStore(), GalleryStore())


def register() -> None:
    for store in _STORES:
        stores.register(store)
    stores.register_expirer(expire_events, due=EVENTS_DUE)
    bundle_sources.register_matches(bundle.matches)
