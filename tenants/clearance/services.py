"""Ask the gate. The only way to activate a device, open an enrolment, keep a template, or match."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone

from tenants.clearance import rules
from tenants.clearance.checks import Check
from tenants.clearance.facts import DeviceFacts, PersonFacts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.people.rules.consents import face_ends_on
from tenants.people.services.consents import consent_statuses
from tenants.premises.kinds import DeviceState, MethodKind
from tenants.premises.models import AccessPoint, Device, Zone
from tenants.premises.services.devices import set_state
from tenants.premises.services.doors import live_methods
from tenants.transparency.models import Notice


def check_device(device: Device) -> list[Check]:
    """Return every rule's answer about a device as it is now."""
    return _judge(device, Notice.objects.filter(tenant=device.tenant).current())


def check_devices(*, tenant: Property, devices: Iterable[Device]) -> list[tuple[Device, list[Check]]]:
    """Return every rule's answer about many devices of one property, reading the notice once.

    Give devices with `access_point__zone`, `tenant__handler` and `access_point__methods` loaded, or each is a query.
    """
    notice = Notice.objects.filter(tenant=tenant).current()
    return [(device, _judge(device, notice)) for device in devices]


def _judge(device: Device, notice: Notice | None) -> list[Check]:
    door, tenant = device.access_point, device.tenant
    return rules.device_checks(
        DeviceFacts(
            zone_name=door.zone.name,
            zone_kind=door.zone.kind,
            has_face_method=any(method.kind == MethodKind.FACE for method in door.methods.all()),
            live_methods=tuple(live_methods(door)),
            notice_version=notice.version if notice else None,
            notice_storage_mode=notice.storage_mode if notice else None,
            storage_mode=tenant.storage_mode,
            handler_contact=f"{tenant.handler.contact_name} {tenant.handler.contact_phone}",
        )
    )


def check_person(person: Person) -> list[Check]:
    """Return every rule's answer about a person's face as it is now."""
    return rules.person_checks(
        PersonFacts(
            age_band=person.age_band,
            consents=consent_statuses(person),
            ends_on=face_ends_on(
                enrolled_on=person.face_enrolled_on,
                face_days=person.tenant.face_days,
                stay_ends_on=person.stay_ends_on,
            ),
            is_erasing=person.face_state == FaceState.ERASING or person.erased_at is not None,
            today=timezone.localdate(),
        )
    )


def require_person(person: Person) -> None:
    """Raise ValidationError with every blocker unless this person's face may be used now."""
    _require(check_person(person))


@transaction.atomic
def activate_device(*, tenant: Property, device: Device) -> Device:
    """Switch a device on, if the law says yes now. Raises ValidationError with every blocker.

    The zone and the door are locked first, so that relabelling the zone or losing the last other
    method cannot slip in between.
    """
    require_same_tenant(tenant, device)
    door = AccessPoint.objects.select_for_update().get(pk=device.access_point_id)
    Zone.objects.select_for_update().get(pk=door.zone_id)
    device = (
        Device.objects.select_related("tenant__handler", "access_point__zone")
        .prefetch_related("access_point__methods")
        .get(pk=device.pk)
    )
    _require(check_device(device))
    return set_state(tenant=tenant, device=device, target=DeviceState.ACTIVE)


def _require(checks: list[Check]) -> None:
    blocked = rules.blockers(checks)
    if blocked:
        raise ValidationError([ValidationError(f"{check.title}. {check.detail}", code=check.code) for check in blocked])
