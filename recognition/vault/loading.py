"""Open the templates of a whole property at once, without a model instance for each. Recognition role only."""

import logging
import uuid
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import psycopg
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet, TextField
from django.db.models.functions import Cast
from numpy.typing import NDArray

from recognition.vault import envelope
from recognition.vault.envelope import Unreadable
from recognition.vault.keys import handler_keys, person_aad
from recognition.vault.models import FaceTemplate, PersonKey
from recognition.vault.templates import template_aad
from tenants.organizations.models import Handler, Property

logger = logging.getLogger(__name__)
CHUNK = 1000


@dataclass(frozen=True)
class Opened:
    """Templates in clear: `rows` is (n, dimension) float32, of length 1 each, with the ids of row and person."""

    template_ids: tuple[str, ...]
    person_ids: tuple[str, ...]
    rows: NDArray[np.float32] = field(repr=False)


def living(tenant_id: uuid.UUID, *, model_version: str) -> QuerySet[FaceTemplate]:
    """Return the templates that may be compared: of one property and model version, under a key that lives."""
    return FaceTemplate.objects.filter(tenant=tenant_id, model_version=model_version, key__destroyed_at__isnull=True)


def living_ids(tenant: Property, *, model_version: str) -> list[str]:
    """Return their ids as text. A template never changes, so these say exactly what `load` would open."""
    alive = set(_keys(tenant).values_list("key", flat=True).iterator(chunk_size=CHUNK))
    templates = _templates(tenant, model_version).values_list("template", "under")
    return [template for template, key in templates.iterator(chunk_size=CHUNK) if key in alive]


def load(tenant: Property, *, model_version: str, only: Collection[str] | None = None) -> Opened:
    """Open every living template of one property and model version, or those named by id.

    One that does not open is left out and named in the log: a damaged row shuts out one person, not the house.
    Keys and templates are asked for one after the other, never joined: without fresh statistics, as after many
    enrolments, PostgreSQL joins them row by row, and a house of 50,000 takes half a minute.
    """
    templates, keys = _templates(tenant, model_version), _keys(tenant)
    if only is not None:
        templates = templates.filter(pk__in=only)
        keys = keys.filter(pk__in=list(templates.values_list("key_id", flat=True)))
    opener = _Opener(tenant, model_version)
    for key in _stream(keys.values_list("key", "whose", "wrapping", "wrapped")):
        opener.add_key(*key)
    for template in _stream(templates.values_list("template", "whose", "under", "sealed")):
        opener.add_template(*template)
    return opener.opened()


def _stream(rows: QuerySet[Any]) -> Iterator[tuple[Any, ...]]:
    """Read the rows in PostgreSQL's binary form, which Django's cursors cannot: sealed bytes take half the way.

    A cursor on the server, so that never more than a chunk waits in memory.
    """
    try:
        sql, parameters = rows.query.sql_with_params()
    except EmptyResultSet:
        return  # no id was asked for
    with connection.wrap_database_errors, psycopg.ServerCursor(connection.connection, name="vault_loading") as cursor:
        cursor.itersize = CHUNK
        cursor.execute(sql, parameters, binary=True)
        yield from cursor


# PostgreSQL writes the ids as the text that each seal is bound to: that halves the time of a load.
def _templates(tenant: Property, model_version: str) -> QuerySet[Any]:
    rows = FaceTemplate.objects.filter(tenant=tenant, model_version=model_version)
    return rows.annotate(template=_text("pk"), whose=_text("person_id"), under=_text("key_id"))


def _keys(tenant: Property) -> QuerySet[Any]:
    rows = PersonKey.objects.filter(tenant=tenant, destroyed_at__isnull=True)
    return rows.annotate(key=_text("pk"), whose=_text("person_id"), wrapping=_text("handler_key_id"))


def _text(column: str) -> Cast:
    return Cast(column, TextField())


class _Opener:
    def __init__(self, tenant: Property, model_version: str) -> None:
        self._tenant_id, self._version, self._handler = str(tenant.pk), model_version, tenant.handler
        self._wrapping = _by_text(tenant.handler)
        self._keys: dict[str, bytes] = {}
        self._templates: list[str] = []
        self._people: list[str] = []
        self._plain = bytearray()

    def add_key(self, key: str, person: str, wrapping: str, wrapped: bytes) -> None:
        try:
            aad = person_aad(tenant_id=self._tenant_id, person_id=person, key_id=key)
            self._keys[key] = envelope.open_with(self._cipher(wrapping), wrapped, aad=aad)
        except Unreadable:
            logger.error("The key %s of a person does not open; `manage.py verify_vault` says more.", key)

    def _cipher(self, wrapping: str) -> AESGCM:
        if wrapping not in self._wrapping:
            # A rotation has begun since the keys were read, and may have ended: the older key still opens what came.
            self._wrapping |= _by_text(self._handler)
        if wrapping not in self._wrapping:
            raise Unreadable("The key of this person's key is another handler's, or gone.")
        return self._wrapping[wrapping]

    def add_template(self, template: str, person: str, key: str, sealed: bytes) -> None:
        own = self._keys.get(key)
        if own is None:
            return  # destroyed, or made since the keys were read: then the epoch has moved on as well
        try:
            aad = template_aad(self._tenant_id, person, key, self._version, template)
            self._plain += envelope.open_with(AESGCM(own), sealed, aad=aad)
        except Unreadable:
            logger.error("Template %s does not open; `manage.py verify_vault` says more.", template)
            return
        self._templates.append(template)
        self._people.append(person)

    def opened(self) -> Opened:
        count = len(self._templates)
        rows = np.frombuffer(self._plain, dtype="<f4").reshape(count, -1) if count else np.empty((0, 0), np.float32)
        return Opened(tuple(self._templates), tuple(self._people), rows)


def _by_text(handler: Handler) -> dict[str, AESGCM]:
    return {str(row): AESGCM(key) for row, key in handler_keys(handler).items()}


def as_uuids(texts: Collection[str]) -> tuple[uuid.UUID, ...]:
    """Return the ids, one object for each different text: several templates of a person share it."""
    made: dict[str, uuid.UUID] = {}
    return tuple(made[text] if text in made else made.setdefault(text, uuid.UUID(text)) for text in texts)
