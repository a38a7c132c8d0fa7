"""Look at every row of the vault: does it open, does it still belong to a living face, is it there once."""

import hashlib
import uuid
from collections import Counter
from dataclasses import asdict, dataclass, field

import numpy as np
from django.db.models import F, QuerySet

from recognition.vault.envelope import Unreadable
from recognition.vault.keys import open_handler_key
from recognition.vault.models import FaceTemplate, HandlerKey, PersonKey
from recognition.vault.templates import MOST, open_template
from tenants.organizations.models import Property
from tenants.organizations.scoping import tenant_context
from tenants.people.kinds import FaceState
from tenants.people.models import Person

KEPT_STATES = (FaceState.ENROLLED, FaceState.SUSPENDED)
CHUNK = 2000


@dataclass
class Findings:
    """What one property's vault holds. Ids stand for rows; nothing here says whose face looks like what."""

    slug: str
    templates: int = 0
    people: int = 0
    versions: dict[str, int] = field(default_factory=dict)
    being_erased: int = 0  # the key is gone, and the worker has yet to delete the row: not a fault
    unreadable: list[str] = field(default_factory=list)
    orphaned: list[str] = field(default_factory=list)
    duplicated: list[str] = field(default_factory=list)

    @property
    def is_sound(self) -> bool:
        return not (self.unreadable or self.orphaned or self.duplicated)

    def as_dict(self) -> dict[str, object]:
        return asdict(self) | {"is_sound": self.is_sound}


def verify(tenant: Property) -> Findings:
    """Open every template of one property and say which rows are wrong. Changes nothing.

    *Unreadable*: it does not open, or is no embedding. *Orphaned*: its key is destroyed, of another person or
    property, or its person has no face to keep. *Duplicated*: the same numbers stand in an earlier row, or the
    person has more templates than three.
    """
    with tenant_context(tenant.pk):
        findings = Findings(slug=tenant.slug)
        look = _Look(findings, tenant)
        # Another property's rows are not even visible from here, and a join would hide the template with them.
        mine = {"key__in": PersonKey.objects.filter(tenant=tenant), "person__in": Person.objects.filter(tenant=tenant)}
        foreign = FaceTemplate.objects.filter(tenant=tenant).exclude(**mine)
        findings.orphaned += [str(pk) for pk in foreign.values_list("pk", flat=True)]
        rows = FaceTemplate.objects.filter(tenant=tenant).select_related("key", "person")
        for template in rows.order_by("created_at", "pk").iterator(chunk_size=CHUNK):
            look.at(template)
        look.conclude()
        return findings


class _Look:
    def __init__(self, findings: Findings, tenant: Property) -> None:
        self.findings, self._tenant = findings, tenant
        self._wrappings = _wrappings(HandlerKey.objects.filter(handler=tenant.handler))
        self._seen: set[bytes] = set()
        self._per_person: Counter[object] = Counter()
        self._versions: Counter[str] = Counter()

    def at(self, template: FaceTemplate) -> None:
        self._per_person[template.person_id] += 1
        self._versions[template.model_version] += 1
        name, key, state = str(template.pk), template.key, template.person.face_state
        if key.destroyed_at is not None and state == FaceState.ERASING:
            self.findings.being_erased += 1
        elif key.destroyed_at is not None or state not in KEPT_STATES or not self._is_own(key, template):
            self.findings.orphaned.append(name)
        else:
            self._open(template, name)
        if self._per_person[template.person_id] > MOST and name not in self.findings.duplicated:
            self.findings.duplicated.append(name)

    def _is_own(self, key: PersonKey, template: FaceTemplate) -> bool:
        return key.person_id == template.person_id and key.tenant_id == template.tenant_id

    def _open(self, template: FaceTemplate, name: str) -> None:
        try:
            wrapping = self._wrappings.get(template.key.handler_key_id)
            if wrapping is None:
                raise Unreadable("The handler's key is gone, another's, or under another master key.")
            row = open_template(template, wrapping)
        except (Unreadable, ValueError):
            self.findings.unreadable.append(name)
            return
        if not abs(float(np.linalg.norm(row)) - 1.0) < 1e-3:
            self.findings.unreadable.append(name)
            return
        # A digest of the numbers, and only while this runs.
        digest = hashlib.sha256(template.model_version.encode() + row.tobytes()).digest()
        if digest in self._seen:
            self.findings.duplicated.append(name)
        self._seen.add(digest)

    def conclude(self) -> None:
        self.findings.templates = sum(self._per_person.values())
        self.findings.people = len(self._per_person)
        self.findings.versions = dict(self._versions)


def _wrappings(rows: QuerySet[HandlerKey]) -> dict[uuid.UUID, bytes]:
    opened = {}
    for row in rows:
        try:
            opened[row.pk] = open_handler_key(row)
        except Unreadable:
            continue
    return opened


def unopened_handler_keys() -> list[str]:
    """Return the handlers whose key opens with no master key that this process has."""
    rows = HandlerKey.objects.annotate(code=F("handler__credit_code")).order_by("code", "generation")
    opened = _wrappings(rows)
    return [f"{row.code}/{row.generation}" for row in rows if row.pk not in opened]
