"""Which ways without a face each door had in a period, from the log of what members recorded and from the gate."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from auditlog.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.utils import timezone

from tenants.clearance.models import Clearance
from tenants.organizations.audit import log_of
from tenants.organizations.models import Property
from tenants.premises.kinds import MethodKind
from tenants.premises.models import AccessMethod, AccessPoint, Device
from tenants.rights.rules.ways import Change, Span, gaps, replay, within

TERMS = ("opens_at", "closes_at", "fee", "steps", "distance_m", "extra_papers", "out_of_order_since")


def ways(tenant: Property, *, since: datetime, until: datetime) -> list[dict[str, Any]]:
    """Return each door at which a face could be used, with its other ways as they were recorded. Four queries.

    A door is known from the first entry about it; what was before is left open, and `gaps` says so.
    """
    by_door: dict[str, dict[str, list[Span]]] = {}
    for spans in (replay(changes) for changes in _changes(tenant, until)):
        if spans:
            values = spans[-1].values
            by_door.setdefault(values.get("access_point", ""), {}).setdefault(values.get("kind", ""), []).extend(spans)
    devices: dict[str, list[dict[str, Any]]] = {}
    for device in _devices(tenant, until):
        devices.setdefault(device.pop("door"), []).append(device)
    names = {str(pk): name for pk, name in AccessPoint.objects.filter(tenant=tenant).values_list("pk", "name")}
    found = []
    for door in sorted({door for door, kinds in by_door.items() if MethodKind.FACE in kinds} | set(devices)):
        kinds = by_door.get(door, {})
        others = {kind: spans for kind, spans in kinds.items() if kind != MethodKind.FACE}
        everything = [span for spans in others.values() for span in spans]
        found.append(
            {
                "id": door,
                "name": names.get(door),  # None: the door is gone
                "known_since": _time(min((span.since for spans in kinds.values() for span in spans), default=None)),
                "ways": [
                    {"kind": kind, "spans": [_span(span) for span in within(spans, since, until)]}
                    for kind, spans in sorted(others.items())
                ],
                "gaps": [{"since": _time(a), "until": _time(b)} for a, b in gaps(everything, since, until)],
                "devices": devices.get(door, []),
            }
        )
    return found


def _changes(tenant: Property, until: datetime) -> Iterable[list[Change]]:
    """Return the log of every way of this property, way by way. One query."""
    kind = ContentType.objects.get_for_model(AccessMethod)
    rows = log_of(tenant.pk).filter(content_type=kind, timestamp__lte=until)
    found: dict[str, list[Change]] = {}
    for key, action, changes, at in rows.order_by("timestamp", "id").values_list(
        "object_pk", "action", "changes", "timestamp"
    ):
        is_end = action == LogEntry.Action.DELETE
        # Of what is gone the log says how it was last.
        part = 0 if is_end else -1
        values = {name: pair[part] for name, pair in (changes or {}).items() if isinstance(pair, list)}
        found.setdefault(key, []).append(Change(at, {} if is_end else values, is_end=is_end))
    return found.values()


def _devices(tenant: Property, until: datetime) -> list[dict[str, Any]]:
    """Return the terminals with the gate's answers about each, oldest first. Two queries."""
    answers: dict[str, list[dict[str, Any]]] = {}
    rows = Clearance.objects.filter(tenant=tenant, device__isnull=False, answered_at__lte=until).order_by("answered_at")
    for device_id, is_allowed, blockers, at in rows.values_list("device", "is_allowed", "blockers", "answered_at"):
        answers.setdefault(str(device_id), []).append({"at": _time(at), "is_allowed": is_allowed, "blockers": blockers})
    devices = Device.objects.filter(tenant=tenant).order_by("pk").values_list("pk", "name", "access_point")
    return [
        {"id": str(pk), "name": name, "door": str(door), "gate": answers.get(str(pk), [])} for pk, name, door in devices
    ]


def _span(span: Span) -> dict[str, Any]:
    terms = {name: span.values[name] for name in TERMS if span.values.get(name, "None") != "None"}
    return {"since": _time(span.since), "until": _time(span.until), "works": span.works, "terms": terms}


def _time(moment: datetime | None) -> str | None:
    return timezone.localtime(moment).isoformat() if moment else None
