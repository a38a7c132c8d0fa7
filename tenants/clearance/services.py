"""Ask the gate. The only way to activate a device, open an enrolment, keep a template, or match."""

import uuid
from datetime import datetime

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from tenants.clearance import evidence, gathering, rules
from tenants.clearance.checks import Check, article_name, blockers
from tenants.clearance.rules.endings import Ending, ending
from tenants.organizations.changes import hold_facts
from tenants.organizations.models import Property
from tenants.organizations.scoping import require_same_tenant
from tenants.people.kinds import FaceState
from tenants.people.models import Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import Device
from tenants.premises.services.devices import set_state


def check_site(tenant: Property) -> list[Check]:
    """Return every rule's answer about a property as it is now. One query."""
    return rules.site_checks(gathering.site_of(tenant))


def check_device(device: Device) -> list[Check]:
    """Return every rule's answer about a device as it is now. One query."""
    [(_device, checks)] = check_devices(tenant=device.tenant, devices=Device.objects.filter(pk=device.pk))
    return checks


def check_devices(*, tenant: Property, devices: QuerySet[Device]) -> list[tuple[Device, list[Check]]]:
    """Return every rule's answer about many devices of one property. One query, whatever the number."""
    today = timezone.localdate()
    rows = gathering.devices_with_facts(devices.filter(tenant=tenant), tenant_id=tenant.pk)
    return [(device, rules.device_checks(gathering.device_facts(device, today=today))) for device in rows]


def check_person(person: Person) -> list[Check]:
    """Return every rule's answer about a person's face as it is now. One query."""
    [(_person, checks)] = check_people(tenant=person.tenant, people=Person.objects.filter(pk=person.pk))
    return checks


def check_people(*, tenant: Property, people: QuerySet[Person]) -> list[tuple[Person, list[Check]]]:
    """Return every rule's answer about many people of one property. One query, whatever the number."""
    today = timezone.localdate()
    rows = gathering.people_with_facts(people.filter(tenant=tenant), tenant_id=tenant.pk)
    return [(person, rules.person_checks(gathering.person_facts(person, today=today))) for person in rows]


def require_person(person: Person) -> None:
    """Raise ValidationError with every blocker unless this person's face may be used now."""
    _require(check_person(person))


def require_enrollment(person: Person) -> list[Check]:
    """Return every rule's answer when this person's face may be enrolled now: it must also have a lawful door to open.

    Raises ValidationError with every blocker.
    """
    checks = check_person(person)
    _require(checks)
    active = Device.objects.filter(state=DeviceState.ACTIVE)
    if not any(not blockers(found) for _device, found in check_devices(tenant=person.tenant, devices=active)):
        raise ValidationError(
            _("No door may use faces now, so there is nothing to enrol for. Activate a device first."),
            code="no_cleared_door",
        )
    return checks


def faces_to_erase(tenant: Property, *, among: QuerySet[Person] | None = None) -> list[tuple[Person, Ending]]:
    """Return the suspended faces of a property whose time is over, each with its reason (PIPL 47). Two queries.

    `among` narrows who is looked at: whoever is about to be erased is judged once more under the lock.
    """
    suspended = (Person.objects.all() if among is None else among).filter(face_state=FaceState.SUSPENDED)
    judged = check_people(tenant=tenant, people=suspended)
    threatened = evidence.threatened_since([person for person, _checks in judged])
    today = timezone.localdate()
    found = []
    for person, checks in judged:
        codes = [check.code for check in blockers(checks)]
        why = ending(codes, since=threatened[person.pk], today=today)
        if why is not None:
            found.append((person, why))
    return found


@transaction.atomic
def activate_device(*, tenant: Property, device: Device) -> Device:
    """Switch a device on, if the law says yes now. Raises ValidationError with every blocker.

    The property's facts are held first, so that no change of a place, a door, a notice or the device itself can
    slip in between; a retention sweep or a handler's contract is asked for again at each match.
    """
    require_same_tenant(tenant, device)
    hold_facts(tenant=tenant)
    checks = check_device(device)
    _require(checks)
    device = set_state(tenant=tenant, device=device, target=DeviceState.ACTIVE)
    evidence.keep(subject=device, checks=checks)
    return device


def load_device(*, tenant_id: uuid.UUID, device_id: uuid.UUID) -> tuple[Device, list[Check]]:
    """Return a device with every rule's answer about it, for a door that asks now. One query.

    Raises Device.DoesNotExist.
    """
    today = timezone.localdate()
    rows = gathering.devices_with_facts(Device.objects.all(), tenant_id=tenant_id)
    device = rows.get(pk=device_id)
    return device, rules.device_checks(gathering.device_facts(device, today=today))


def check_person_at(device: Device, *, person_id: uuid.UUID) -> tuple[Person, list[Check]]:
    """Return a person with every rule's answer, at a device of `load_device`, whose reading of the property holds.

    One query, half the size of `check_person`'s: somebody waits at the door. Raises Person.DoesNotExist.
    """
    people = gathering.with_answers(Person.objects.filter(tenant=device.tenant_id))
    person = people.get(pk=person_id)
    person.tenant = device.tenant
    return person, rules.person_checks(gathering.person_facts(person, site=device, today=timezone.localdate()))


def takes_faces_now(device: Device, *, now: datetime) -> bool:
    """Say whether a device of `load_device` is within the hours that its door gives to faces. No query.

    Other ways are measured against these hours (Measures Art 10), so the face keeps to them as a card does to its own.
    """
    return gathering.takes_faces_at(device, timezone.localtime(now).time())


def _require(checks: list[Check]) -> None:
    blocked = blockers(checks)
    if blocked:
        raise ValidationError([ValidationError(_sentence(check), code=check.code) for check in blocked])


def _sentence(check: Check) -> str:
    return _("%(title)s. %(detail)s (%(article)s)") % {
        "title": check.title,
        "detail": check.detail,
        "article": article_name(check.article),
    }
