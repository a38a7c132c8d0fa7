"""In words: which devices a change stops, by which rules, and which work again."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from tenants.clearance.checks import blockers
from tenants.clearance.services import check_devices
from tenants.organizations.models import Property
from tenants.premises.models import Device

# Each of so few gets a sentence of its own.
MOST_ALONE = 10
# Of more, one sentence gives so many names; the list of devices has them all.
MOST_NAMED = 200


def reasons(tenant: Property, stopped: Sequence[Device]) -> dict[str, list[Device]]:
    """Group stopped devices by the rules that stop them, as the gate answers now. One query, whatever the number."""
    known = {device.pk: device for device in stopped}
    groups: dict[str, list[Device]] = {}
    for device, checks in check_devices(tenant=tenant, devices=Device.objects.filter(pk__in=known).order_by("name")):
        blocked = blockers(checks)
        # What the assessment leaves out makes it stale as well: the first says what was changed, the second only that.
        named = [check for check in blocked if check.code != "assessment_stale"] or blocked
        why = _(", ").join(str(check.title) for check in named) or str(device.get_suspended_for_display())
        groups.setdefault(why, []).append(known[device.pk])
    return groups


def sentences(groups: dict[str, list[Device]], one: str, many: str) -> list[str]:
    """Write a sentence for each device of a small group, and one for each large group.

    `one` takes `device` and `reason`; `many` takes `count`, `devices` and `reason`.
    """
    said = []
    for reason, devices in groups.items():
        if len(devices) <= MOST_ALONE:
            said += [one % {"device": device.name, "reason": reason} for device in devices]
        else:
            said.append(many % {"count": len(devices), "devices": _names(devices), "reason": reason})
    return said


def _names(devices: Sequence[Device]) -> str:
    names = _(", ").join(device.name for device in devices[:MOST_NAMED])
    left = len(devices) - MOST_NAMED
    return _("%(names)s and %(count)s more") % {"names": names, "count": left} if left > 0 else names
