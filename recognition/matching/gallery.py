"""人脸库: the decrypted templates of one property, in the memory of the recognition worker only."""

import uuid
from collections import OrderedDict
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from recognition.vault.models import GalleryEpoch
from recognition.vault.templates import open_gallery
from tenants.organizations.models import Property

BUDGET_BYTES = 256 * 1024 * 1024


@dataclass(frozen=True)
class Candidate:
    person_id: uuid.UUID
    similarity: float


@dataclass(frozen=True)
class Gallery:
    """One property's faces: `rows` is (n, dimension) float32, each row of length 1."""

    epoch: int
    model_version: str
    person_ids: tuple[uuid.UUID, ...]
    rows: NDArray[np.float32]

    def nearest(self, probe: NDArray[np.float32], *, count: int = 2) -> list[Candidate]:
        """Return the most similar persons by exact scan, best first."""
        if not self.person_ids:
            return []
        similarities = self.rows @ probe
        order = np.argsort(-similarities)[:count]
        return [Candidate(self.person_ids[i], float(similarities[i])) for i in order]


class GalleryCache:
    """Galleries by property, the least recently used thrown out over the memory budget."""

    def __init__(self, *, budget_bytes: int = BUDGET_BYTES) -> None:
        self._budget = budget_bytes
        self._galleries: OrderedDict[uuid.UUID, Gallery] = OrderedDict()

    def get(self, tenant: Property, *, model_version: str) -> Gallery:
        """Return the gallery as of the epoch in the database now; reload it when it moved on.

        Call it inside the transaction that answers the door: a face withdrawn before it is not in it.
        """
        epoch = GalleryEpoch.objects.filter(tenant=tenant).values_list("epoch", flat=True).first() or 0
        gallery = self._galleries.get(tenant.pk)
        if gallery is None or gallery.epoch != epoch or gallery.model_version != model_version:
            gallery = _load(tenant, epoch, model_version)
            self._galleries[tenant.pk] = gallery
        self._galleries.move_to_end(tenant.pk)
        while sum(g.rows.nbytes for g in self._galleries.values()) > self._budget and len(self._galleries) > 1:
            self._galleries.popitem(last=False)
        return gallery

    def drop(self, tenant_id: uuid.UUID) -> None:
        self._galleries.pop(tenant_id, None)

    def holds(self, *, tenant_id: uuid.UUID, person_id: uuid.UUID) -> bool:
        gallery = self._galleries.get(tenant_id)
        return gallery is not None and person_id in gallery.person_ids


def _load(tenant: Property, epoch: int, model_version: str) -> Gallery:
    pairs = list(open_gallery(tenant, model_version=model_version))
    rows = np.stack([row for _person, row in pairs]) if pairs else np.empty((0, 0), dtype=np.float32)
    return Gallery(epoch, model_version, tuple(person for person, _row in pairs), rows)


# One cache per recognition worker process; other processes never call `get`.
cache = GalleryCache()
