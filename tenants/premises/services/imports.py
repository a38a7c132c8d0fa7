"""Many devices from one table: checked as a whole, registered together, none switched on."""

import re
import uuid
from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from tenants.organizations.changes import facts_changed, hold_facts
from tenants.organizations.models import Property
from tenants.organizations.sheets import CheckedRow, Rows
from tenants.premises import pairing
from tenants.premises.kinds import DeviceMode, DeviceState, Passersby
from tenants.premises.models import AccessPoint, Device
from tenants.premises.models.places import STEP
from tenants.premises.rules import is_private_place
from tenants.premises.rules.sheets import DEVICES
from tenants.premises.services.places import lock_zones, zone_kinds


def check_devices(*, tenant: Property, rows: Rows) -> list[CheckedRow]:
    """Return every row with what is wrong with it. Writes nothing; three queries whatever the length."""
    doors = _doors_by_name(tenant)
    private = {zone for zone, kinds in zone_kinds(tenant).items() if is_private_place(kinds)}
    in_use = Device.objects.filter(tenant=tenant).exclude(state=DeviceState.RETIRED)
    taken = set(in_use.values_list("name", flat=True))
    checked = []
    for number, cells in rows:
        row = DEVICES.read_row(number, cells)
        _place(row, doors, private)
        if row.values.get("name") in taken:
            row.errors.append(("name", _("There is already a device of this name, here or in a row above.")))
        elif row.values.get("name"):
            taken.add(row.values["name"])
        _compare(row, tenant)
        checked.append(row)
    return checked


@transaction.atomic
def import_devices(*, tenant: Property, rows: Rows) -> list[Device]:
    """Register every row. Each device starts with a code that nobody saw and that is over: it is paired when set up.

    Raises ValidationError, code `rows`, when a row is not good, and `changed` when somebody was faster; then
    nothing is written.
    """
    hold_facts(tenant=tenant)
    lock_zones(tenant)
    checked = check_devices(tenant=tenant, rows=rows)
    if not all(row.is_good for row in checked):
        raise ValidationError(_("Some rows are not in order. Nothing was registered."), code="rows")
    made = [_device(tenant, row) for row in checked]
    try:
        with transaction.atomic():
            for device in made:
                device.save(force_insert=True)
    except IntegrityError as error:
        raise ValidationError(
            _("Somebody changed doors or devices at the same moment. Nothing was registered."), code="changed"
        ) from error
    facts_changed(tenant=tenant)
    return made


def _doors_by_name(tenant: Property) -> dict[str, list[AccessPoint]]:
    """Return the doors by all that may be written for them: “门”, “区域 › 门”, and so on up to the whole path."""
    doors: dict[str, list[AccessPoint]] = {}
    for door in AccessPoint.objects.filter(tenant=tenant).select_related(AccessPoint.CHAIN).order_by("name", "pk"):
        parts = [*(place.name for place in reversed(door.zone.chain)), door.name]
        for start in range(len(parts)):
            doors.setdefault(_written(STEP.join(parts[start:])), []).append(door)
    return doors


def _written(path: str) -> str:
    return STEP.join(part.strip() for part in re.split("[›>＞]", path))


def _place(row: CheckedRow, doors: Mapping[str, list[AccessPoint]], private: set[uuid.UUID]) -> None:
    name = row.values.pop("door", "")
    if not name:
        return
    found = doors.get(_written(name), [])
    if not found:
        row.errors.append(("door", _("There is no door of this name. Add it first.")))
        return
    if len(found) > 1:
        row.errors.append(
            (
                "door",
                _("%(count)s doors have this name. Write the zone before it, such as “%(path)s”.")
                % {"count": len(found), "path": min(door.path for door in found)},
            )
        )
        return
    row.values["access_point"] = door = found[0]
    if door.zone_id in private:
        row.errors.append(("door", _("No face device may be here: it is a private place (Measures Art 13).")))


def _compare(row: CheckedRow, tenant: Property) -> None:
    """Hold the values against the fields of a device and what may not go together."""
    unread = {fact for fact, _why in row.errors}
    device = Device(tenant=tenant, **{fact: value for fact, value in row.values.items() if fact not in unread})
    exclude = {f.name for f in Device._meta.fields} - set(row.values) | unread | {"access_point"}
    try:
        device.clean_fields(exclude=exclude)
    except ValidationError as broken:
        row.errors += [
            (name, " ".join(error.messages)) for name, errors in broken.error_dict.items() for error in errors
        ]
    if device.tested_on and device.tested_on > timezone.localdate():
        row.errors.append(("tested_on", _("This day is still to come.")))
    if (device.mode, device.passersby) == (DeviceMode.IDENTIFY, Passersby.PRESENCE):
        row.errors.append(
            (
                "passersby",
                _("A device that searches among all (1:N) may not capture everybody in view (Measures Art 19)."),
            )
        )


def _device(tenant: Property, row: CheckedRow) -> Device:
    now, pk = timezone.now(), uuid.uuid4()
    return Device(
        id=pk,
        tenant=tenant,
        state_changed_at=now,
        pairing_issued_at=now,
        pairing_hash=pairing.issue(tenant.pk, pk).hash,
        **row.values,
    )
