"""A gallery of 50,000 from the database: our loader against decrypting the same bytes that lie in memory already."""

import gc
from collections.abc import Iterator
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from bench import scratch
from bench.rows import Row, within
from bench.timing import side_by_side

COUNT, ROUNDS = 50_000, 7


def rows(faces: Path | None) -> Iterator[Row]:
    from recognition.vault import keys, loading
    from recognition.vault.models import FaceTemplate
    from tenants.organizations.models import Property
    from tenants.organizations.scoping import tenant_context

    tenant = Property.objects.select_related("handler").get(pk=scratch.house_of(COUNT))
    with tenant_context(tenant.pk):
        [wrapping] = keys.handler_keys(tenant.handler).values()
        sealed = FaceTemplate.objects.values_list("person_id", "key_id", "pk", "key__wrapped", "sealed")
        values = [
            (
                bytes(wrapped),
                b"\x01" + keys.person_aad(tenant_id=tenant.pk, person_id=person, key_id=key),
                bytes(template),
                b"\x01" + loading.template_aad(str(tenant.pk), str(person), str(key), "bench", str(pk)),
            )
            for person, key, pk, wrapped, template in sealed.iterator(chunk_size=5000)
        ]

        def decrypt() -> int:
            """Each person's key, and with it the template: what nobody can leave out."""
            opener, count = AESGCM(wrapping), 0
            for wrapped, key_context, template, context in values:
                key = opener.decrypt(wrapped[1:13], wrapped[13:], key_context)
                count += len(AESGCM(key).decrypt(template[1:13], template[13:], context))
            return count

        loaded = loading.load(tenant, model_version="bench")
        if loaded.rows.nbytes != decrypt() or len(loaded.person_ids) != COUNT:
            raise AssertionError("Both must open the same bytes.")
        # The rival's bytes are not for Python's collector to look through while ours runs.
        gc.collect()
        gc.freeze()
        ours, rival = side_by_side(lambda: loading.load(tenant, model_version="bench"), decrypt, rounds=ROUNDS)
    yield within(
        f"loading a gallery of {COUNT:,}",
        ours=ours,
        rival=rival,
        rival_name="AES-GCM decryption of the same bytes",
        times=4,
        unit="s",
    )
