"""The rows of one property as they are at one moment, read plainly and once."""

from dataclasses import dataclass
from datetime import date, time

from django.db.models import Model

from tenants.organizations.models import Handler, Property
from tenants.people.models import Consent, Guardian, Person
from tenants.premises.kinds import DeviceState
from tenants.premises.models import AccessMethod, Device
from tenants.transparency.models import Assessment, Notice
from tests.tenants.clearance.clock import Clock


@dataclass(frozen=True)
class Rows:
    """What histories/law.py judges by."""

    today: date
    time: time
    tenant: Property
    handler: Handler
    notices: list[Notice]  # the published ones
    assessment: Assessment | None  # the one in force
    devices: list[Device]  # those not retired, with door and zones
    ways: list[AccessMethod]
    people: dict[object, Person]
    consents: list[Consent]  # oldest answer first
    guardians: list[Guardian]  # those that did not end

    @classmethod
    def read(cls, tenant: Property, clock: Clock) -> "Rows":
        signed = Assessment.objects.filter(tenant=tenant, state="signed").order_by("version")
        devices = Device.objects.filter(tenant=tenant).exclude(state=DeviceState.RETIRED).order_by("created_at")
        tenant = Property.objects.select_related("handler").get(pk=tenant.pk)
        return cls(
            today=clock.today,
            time=clock.time,
            tenant=tenant,
            handler=tenant.handler,
            notices=list(Notice.objects.filter(tenant=tenant, state="published")),
            assessment=signed.last(),
            devices=list(devices.select_related("tenant__handler", "access_point__zone__parent__parent__parent")),
            ways=list(AccessMethod.objects.filter(tenant=tenant)),
            people={person.pk: person for person in Person.objects.filter(tenant=tenant)},
            consents=list(Consent.objects.filter(tenant=tenant).order_by("decided_at")),
            guardians=list(Guardian.objects.filter(tenant=tenant, ended_at__isnull=True)),
        )

    @property
    def fingerprint(self) -> str:
        """Another one when anything of it is another, or another part of the day at a door with hours."""
        rows = [self.tenant, self.handler, *self.notices, self.assessment, *self.devices, *self.ways]
        rows += [*self.people.values(), *self.consents, *self.guardians]
        zones = [device.access_point.zone for device in self.devices]
        zones += [zone.parent for zone in zones if zone.parent]
        return f"{self.today} {self.time.hour} {[_columns(row) for row in [*rows, *zones] if row is not None]}"


def _columns(row: Model) -> list[object]:
    return [row.__dict__[field.attname] for field in row._meta.concrete_fields]
