"""One person among 10,000: our match against DeepFace.search, both asking the same PostgreSQL."""

import io
import os
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image

from bench import scratch
from bench.rows import Row, faster
from bench.timing import fastest
from tests.photos import photo
from tests.recognition.many import make_rows

COUNT, ROUNDS, RIVAL_ROUNDS = 10_000, 50, 3
# The photo is a face already: what either side needs to describe it is not part of this row.
HOW = {"model_name": "Dlib", "detector_backend": "skip"}


def rows(faces: Path | None) -> Iterator[Row]:
    rival = _rival()
    yield faster(
        f"match among {COUNT:,}",
        ours=_ours() * 1000,
        rival=rival * 1000,
        rival_name="DeepFace.search in PostgreSQL, without its embedding",
        times=300,
        unit="ms",
    )


def _ours() -> float:
    """The epoch asked of the database, the scan, and the rule, in a transaction of its own as at a door."""
    from recognition.matching import rules
    from recognition.matching.cache import cache
    from tenants.organizations.models import Property
    from tenants.organizations.scoping import tenant_context

    tenant = Property.objects.select_related("handler").get(pk=scratch.house_of(COUNT))
    probe = make_rows(COUNT)[COUNT // 2]

    def match() -> object:
        with tenant_context(tenant.pk):
            faces = cache.get(tenant, model_version="bench")
            return rules.decide(faces.nearest(probe), threshold=0.9, margin=0.01)[0]

    match()
    seconds, found = fastest(match, rounds=ROUNDS)
    if found is None:
        raise AssertionError("Our match must find the person.")
    return seconds


def _rival() -> float:
    """DeepFace.search with its own client and table, less the time in which it describes the photo."""
    from django.conf import settings

    from recognition.engine import weights

    weights.provision()
    os.environ |= {"DEEPFACE_HOME": str(settings.DEEPFACE_HOME), "CUDA_VISIBLE_DEVICES": "-1"}
    from deepface import DeepFace
    from deepface.modules.database.postgres import PostgresClient

    face = np.asarray(Image.open(io.BytesIO(photo("obama.jpg"))).convert("RGB"))[:, :, ::-1]
    embedding = np.asarray(DeepFace.represent(face, **HOW)[0]["embedding"])
    stored = make_rows(COUNT) * np.linalg.norm(embedding)
    stored[COUNT // 2] = embedding + 0.01 * stored[0]
    client = PostgresClient(scratch.owner_address())
    client.insert_embeddings([_registered(number, row) for number, row in enumerate(stored)], batch_size=1000)

    def search() -> str:
        asked = {"database_type": "postgres", "connection_details": scratch.owner_address(), **HOW}
        return str(DeepFace.search(face, search_method="exact", **asked)[0]["img_name"].iloc[0])

    whole, found = fastest(search, rounds=RIVAL_ROUNDS)
    describing, _embedding = fastest(lambda: DeepFace.represent(face, **HOW), rounds=RIVAL_ROUNDS)
    if found != f"{COUNT // 2}.jpg":
        raise AssertionError("DeepFace.search must find the person.")
    return whole - describing


def _registered(number: int, row: np.ndarray) -> dict[str, object]:
    """As DeepFace.register would store it, with a face picture of one pixel so that its size counts for nothing."""
    return {
        "img_name": f"{number}.jpg",
        "face": np.zeros((1, 1, 3)),
        "embedding": row.astype(float).tolist(),
        "aligned": True,
        "l2_normalized": False,
        **HOW,
    }
