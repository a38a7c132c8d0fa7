"""One factory per model, each through the service that makes it in the running portal."""

import itertools

from tenants.clearance.services import activate_device
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tenants.organizations.services.properties import create_handler, create_property
from tenants.people.kinds import ConsentDecision
from tenants.people.models import Person
from tenants.people.rules.consents import required_purposes
from tenants.people.services.consents import decide
from tenants.people.services.links import Visit, issue_link, open_link
from tenants.people.services.persons import add_person
from tenants.premises.kinds import DeviceMode, MethodKind, ZoneKind
from tenants.premises.models import AccessPoint, Device, Zone
from tenants.premises.services.devices import register
from tenants.premises.services.doors import create_door
from tenants.premises.services.zones import create_zone
from tenants.transparency.models import Notice
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.services import notices

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_handler(**fields: str) -> Handler:
    number = next(_numbers)
    defaults = {
        "name": f"杭州安居物业{number}",
        "credit_code": f"91330100MA2{number:07d}",
        "contact_name": "王经理",
        "contact_phone": "0571-0000 0000",
    }
    return create_handler(**(defaults | fields))


def make_property(*, handler: Handler | None = None, **fields: str) -> Property:
    """Leaves the new property's context entered."""
    number = next(_numbers)
    defaults = {
        "slug": f"palm-bay-{number}",
        "kind": PropertyKind.COMPOUND,
        "name": f"棕榈湾小区{number}",
        "name_en": f"Palm Bay {number}",
        "storage_mode": StorageMode.PORTAL,
    }
    return create_property(handler=handler or make_handler(), **(defaults | fields))


def make_member(tenant: Property, role: Role = Role.MANAGER, email: str = "") -> User:
    enter_tenant(tenant.pk)
    membership = add_member(tenant=tenant, email=email or f"member{next(_numbers)}@example.com", role=role)
    membership.user.set_password(PASSWORD)
    membership.user.save()
    return membership.user


def make_zone(tenant: Property, kind: ZoneKind = ZoneKind.LOBBY, name: str = "") -> Zone:
    return create_zone(tenant=tenant, name=name or f"大厅{next(_numbers)}", kind=kind)


def make_door(
    tenant: Property,
    zone: Zone | None = None,
    methods: tuple[MethodKind, ...] = (MethodKind.FACE, MethodKind.CARD),
    name: str = "",
) -> AccessPoint:
    zone = zone or make_zone(tenant)
    return create_door(tenant=tenant, zone=zone, name=name or f"东门{next(_numbers)}", methods=methods)


def make_device(
    tenant: Property, door: AccessPoint | None = None, mode: DeviceMode = DeviceMode.VERIFY
) -> tuple[Device, str]:
    """A registered device and its credential."""
    door = door or make_door(tenant)
    return register(tenant=tenant, access_point=door, name=f"终端{next(_numbers)}", mode=mode)


def make_active_device(tenant: Property, mode: DeviceMode = DeviceMode.VERIFY) -> tuple[Device, str]:
    """Publishes a notice when there is none."""
    if Notice.objects.filter(tenant=tenant).current() is None:
        make_notice(tenant)
    device, credential = make_device(tenant, mode=mode)
    return activate_device(tenant=tenant, device=device), credential


def make_notice(tenant: Property, actor: User | None = None, **texts: str) -> Notice:
    """A published notice."""
    draft = notices.start_draft(tenant=tenant)
    filled = {field: f"{field} text" for field in FIELDS} | {"retention_zh": "一百八十天，之后删除"} | texts
    draft = notices.edit(tenant=tenant, notice=draft, **filled)
    return notices.publish(tenant=tenant, notice=draft, actor=actor or make_member(tenant))


def make_person(tenant: Property, name: str = "李阿姨", **fields: object) -> Person:
    return add_person(tenant=tenant, name=name, phone="13800138000", room="3-1202", **fields)


def make_visit(tenant: Property, person: Person | None = None) -> Visit:
    person = person or make_person(tenant)
    return open_link(tenant=tenant, token=issue_link(tenant=tenant, person=person))


def agree(visit: Visit, decision: ConsentDecision = ConsentDecision.AGREE) -> None:
    """Answer every purpose that this property asks, one by one."""
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    for purpose in required_purposes(visit.tenant.storage_mode):
        decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")


def make_consented_person(tenant: Property) -> tuple[Person, Visit]:
    """A person who agreed to everything asked here; publishes a notice when there is none."""
    if Notice.objects.filter(tenant=tenant).current() is None:
        make_notice(tenant)
    visit = make_visit(tenant)
    agree(visit)
    visit.person.refresh_from_db()
    return visit.person, visit
