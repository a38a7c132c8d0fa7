"""The galleries that a recognition worker holds: always of the state that the database has now, within a budget."""

import logging
import threading
import uuid
import weakref
from collections import OrderedDict

import numpy as np
from django.conf import settings
from django.db.models.expressions import RawSQL

from recognition.matching.gallery import Gallery
from recognition.vault import loading
from recognition.vault.models import GalleryEpoch
from tenants.organizations.models import Property

logger = logging.getLogger(__name__)
# Below this share of new faces only those are opened; above it the whole is as quick.
DELTA_SHARE = 0.5


class GalleryCache:
    """Galleries by property and model; over the memory budget the least recently used is thrown out."""

    def __init__(self, *, budget_bytes: int | None = None) -> None:
        self._budget = budget_bytes
        self._galleries: OrderedDict[tuple[uuid.UUID, str], Gallery] = OrderedDict()
        self._lock = threading.RLock()

    def get(self, tenant: Property, *, model_version: str) -> Gallery:
        """Return the gallery as of the database now; bring it up to date when a face came or went.

        Call it inside the transaction that answers the door: a face withdrawn before it is not in it.
        """
        place = (tenant.pk, model_version)
        stamp = _stamp(tenant)
        with self._lock:
            held = self._galleries.get(place)
            if held is None or held.stamp != stamp:
                held = self._galleries[place] = _updated(tenant, stamp, model_version, held)
                # When the last answer lets go of it, not before: another thread may still be comparing.
                weakref.finalize(held, held.rows.fill, 0)
            self._galleries.move_to_end(place)
            self._keep_within_budget()
            return held

    def _keep_within_budget(self) -> None:
        budget = settings.GALLERY_MEGABYTES * 1024 * 1024 if self._budget is None else self._budget
        used = sum(gallery.nbytes for gallery in self._galleries.values())
        while used > budget and len(self._galleries) > 1:
            _place, dropped = self._galleries.popitem(last=False)
            used -= dropped.nbytes
        if used > budget:
            # Reading it anew for every door would keep people waiting; the operator is told instead.
            [(tenant_id, _version)] = self._galleries
            logger.warning(
                "The faces of property %s take %d MB, more than the %d MB of GALLERY_MEGABYTES. They are held alone.",
                tenant_id, used >> 20, budget >> 20,
            )  # fmt: skip

    def drop(self, tenant_id: uuid.UUID) -> None:
        """Forget a property's faces; their numbers are overwritten as soon as no answer uses them."""
        with self._lock:
            for place in [place for place in self._galleries if place[0] == tenant_id]:
                del self._galleries[place]

    def holds(self, *, tenant_id: uuid.UUID, person_id: uuid.UUID) -> bool:
        with self._lock:
            galleries = [gallery for (owner, _version), gallery in self._galleries.items() if owner == tenant_id]
        return any(person_id in gallery for gallery in galleries)


def _stamp(tenant: Property) -> tuple[int, str] | None:
    """The epoch, and the transaction that wrote it: two that both wrote `7`, one of them rolled back, stay apart."""
    rows = GalleryEpoch.objects.filter(tenant=tenant).annotate(writer=RawSQL("xmin::text", []))
    return rows.values_list("epoch", "writer").first()


def _updated(tenant: Property, stamp: object, model_version: str, held: Gallery | None) -> Gallery:
    """Load a gallery, or carry over what a held one has in common with the database.

    A template is never changed, only added and deleted, and it opens to the same numbers always. So the gallery
    that has exactly the living ids is the gallery that a full load would give.
    """
    if held is not None and held.template_ids:
        wanted = set(loading.living_ids(tenant, model_version=model_version))
        new = wanted.difference(held.template_ids)
        if len(new) <= DELTA_SHARE * len(wanted):
            return _carried_over(held, stamp, wanted, loading.load(tenant, model_version=model_version, only=new))
    opened = loading.load(tenant, model_version=model_version)
    return Gallery(stamp, model_version, loading.as_uuids(opened.person_ids), opened.rows, opened.template_ids)


def _carried_over(held: Gallery, stamp: object, wanted: set[str], added: loading.Opened) -> Gallery:
    stays = [place for place, template in enumerate(held.template_ids) if template in wanted]
    people = tuple(held.person_ids[place] for place in stays) + loading.as_uuids(added.person_ids)
    templates = tuple(held.template_ids[place] for place in stays) + added.template_ids
    rows = np.concatenate([held.rows[stays], added.rows]) if added.template_ids else held.rows[stays]
    if added.template_ids:
        added.rows.fill(0)
    return Gallery(stamp, held.model_version, people, rows, templates)


# One cache per recognition worker process; other processes never call `get`.
cache = GalleryCache()
