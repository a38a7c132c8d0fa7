"""One factory per model, each through the service that makes it in the running portal."""

import io
import itertools
from datetime import date, timedelta
from decimal import Decimal
from functools import cache

from django.db.models import QuerySet
from django.utils import timezone
from PIL import Image

from tenants.clearance.services import activate_device
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Membership, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import add_member
from tenants.organizations.services.properties import create_handler, create_property, update_property
from tenants.people.kinds import AgeBand, ConsentDecision, KinshipEvidence, LinkReason, PersonKind, Relationship
from tenants.people.models import Guardian, Person
from tenants.people.rules.consents import required_purposes
from tenants.people.services import prompts
from tenants.people.services.consents import decide
from tenants.people.services.guardians import add_guardian, open_for_child
from tenants.people.services.links import GuardianVisit, Visit, issue_link, open_link
from tenants.people.services.persons import add_person
from tenants.premises.kinds import DeviceMode, DevicePurpose, DeviceState, MethodKind, Passersby, ZoneKind, ZoneLevel
from tenants.premises.models import AccessPoint, Device, FloorPlan, Zone
from tenants.premises.services import plans
from tenants.premises.services.devices import record_sign, register
from tenants.premises.services.doors import create_door
from tenants.premises.services.zones import create_zone
from tenants.transparency.models import Assessment, Notice
from tenants.transparency.rules.assessments import TEXTS
from tenants.transparency.rules.notices import FIELDS
from tenants.transparency.services import assessments, notices
from tests.roles import database_role

_numbers = itertools.count(1)
PASSWORD = "correct horse battery staple"


def make_handler(**fields: object) -> Handler:
    number = next(_numbers)
    defaults = {
        "name": f"杭州安居物业{number}",
        "credit_code": f"91330100MA2{number:07d}",
        "contact_name": "王经理",
        "contact_phone": "0571-0000 0000",
        "contract_signed_on": date(2025, 6, 1),
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


def make_zone(
    tenant: Property,
    kind: ZoneKind = ZoneKind.LOBBY,
    name: str = "",
    parent: Zone | None = None,
    level: ZoneLevel = ZoneLevel.AREA,
) -> Zone:
    return create_zone(tenant=tenant, name=name or f"大厅{next(_numbers)}", kind=kind, parent=parent, level=level)


def make_door(
    tenant: Property,
    zone: Zone | None = None,
    methods: tuple[MethodKind, ...] = (MethodKind.FACE, MethodKind.CARD),
    name: str = "",
) -> AccessPoint:
    zone = zone or make_zone(tenant)
    return create_door(tenant=tenant, zone=zone, name=name or f"东门{next(_numbers)}", methods=methods)


@cache
def sign_photo() -> bytes:
    """A JPEG without metadata."""
    picture = io.BytesIO()
    Image.new("RGB", (48, 32), "white").save(picture, "JPEG")
    return picture.getvalue()


def make_plan(zone: Zone, door: AccessPoint) -> FloorPlan:
    """A plan of a zone with a door of it in the middle."""
    plan = plans.save_plan(tenant=zone.tenant, zone=zone, picture=sign_photo(), width=48, height=32)
    plans.place(tenant=zone.tenant, plan=plan, points={door.pk: (Decimal(50), Decimal(50))})
    return plan


# What the law wants to know of a device before it is switched on (Measures Arts 9, 13, 19).
DEVICE_FACTS = {
    "purpose": DevicePurpose.ACCESS,
    "vendor": "示例厂商",
    "algorithm": "ArcFace",
    "algorithm_version": "3.2.1",
    "false_accept_percent": Decimal("0.01"),
    "false_reject_percent": Decimal("1.5"),
    "attack_success_percent": Decimal("2"),
    "capture_area": "门前一米，不含住户门窗",
    "security_need": "防止外人尾随进入楼栋",
    "passersby": Passersby.BUTTON,
}


def make_device(
    tenant: Property, door: AccessPoint | None = None, mode: DeviceMode = DeviceMode.VERIFY, **facts: object
) -> tuple[Device, str]:
    """A registered device of which everything is known, and its pairing code."""
    today = timezone.localdate()
    device, code = register(
        tenant=tenant,
        access_point=door or make_door(tenant),
        name=f"终端{next(_numbers)}",
        mode=mode,
        **({"tested_on": today} | DEVICE_FACTS | facts),
    )
    record_sign(tenant=tenant, device=device, taken_on=today, picture=sign_photo())
    device.refresh_from_db(fields=["sign_photo_on"])
    return device, code


def make_active_device(tenant: Property, mode: DeviceMode = DeviceMode.VERIFY) -> tuple[Device, str]:
    """An active device in a property that is lawful."""
    make_lawful(tenant)
    device, code = make_device(tenant, mode=mode)
    return activate_device(tenant=tenant, device=device), code


def make_lawful(tenant: Property) -> None:
    """A published notice, and a signed assessment of devices like those made here, wherever they will stand."""
    if Notice.objects.filter(tenant=tenant).current() is None:
        make_notice(tenant)
    if assessments.current(tenant) is None:
        make_assessment(
            tenant,
            purposes=DevicePurpose.values,
            modes=DeviceMode.values,
            vendors=[DEVICE_FACTS["vendor"]],
            algorithms=["ArcFace 3"],
            place_kinds=ZoneKind.values,
        )


def make_notice(tenant: Property, actor: User | None = None, **texts: str) -> Notice:
    """A published notice."""
    draft = notices.start_draft(tenant=tenant)
    known = {"handler_contact_zh": tenant.handler.name, "retention_zh": "一百八十天，之后删除"}
    filled = {field: f"{field} text" for field in FIELDS} | known | texts
    draft = notices.edit(tenant=tenant, notice=draft, **filled)
    return notices.publish(tenant=tenant, notice=draft, actor=actor or make_member(tenant))


def make_assessment(tenant: Property, actor: User | None = None, **scope: list[str] | str) -> Assessment:
    """A signed assessment of all that the property has now; `scope` names more lists, such as `vendors`.

    A colleague of `actor` writes it, `actor` signs.
    """
    actor = actor or make_member(tenant)
    writer = colleague_of(tenant, actor)
    draft = assessments.start_draft(tenant=tenant, actor=writer)
    texts = dict.fromkeys(TEXTS, "text") | {"conclusion": "acceptable"}
    draft = assessments.edit(tenant=tenant, assessment=draft, actor=writer, **texts)
    for name, more in scope.items():
        draft.scope[name] = more if isinstance(more, str) else sorted({*draft.scope[name], *more})
    draft.save()
    return assessments.sign(tenant=tenant, assessment=draft, actor=actor, people_count=1)


def make_person(tenant: Property, name: str = "李阿姨", **fields: object) -> Person:
    """A grown-up unless told; somebody under 18 has a date of birth."""
    band = fields.setdefault("age_band", AgeBand.ADULT)
    years = {AgeBand.UNDER_14: 8, AgeBand.TEEN: 16}.get(band)
    if years:
        fields.setdefault("birth_date", timezone.localdate() - timedelta(days=365 * years))
    return add_person(tenant=tenant, name=name, **{"phone": "13800138000", "room": "3-1202"} | fields)


def make_child(tenant: Property, name: str = "小宝", **fields: object) -> Person:
    """A child of eight."""
    return make_person(tenant, name, kind=PersonKind.FAMILY, age_band=AgeBand.UNDER_14, **fields)


def allow_children(tenant: Property) -> Property:
    """A property that uses children's faces, with a notice that says how."""
    tenant = update_property(tenant=tenant, allows_under_14=True)
    make_notice(tenant)
    return tenant


def make_guardian(
    tenant: Property, child: Person | None = None, guardian: Person | None = None, actor: User | None = None
) -> Guardian:
    """A parent of a child."""
    return add_guardian(
        tenant=tenant,
        child=child or make_child(tenant),
        guardian=guardian or make_person(tenant, "王妈妈"),
        relationship=Relationship.PARENT,
        evidence=KinshipEvidence.HOUSEHOLD_REGISTER,
        recorded_by=actor or make_member(tenant),
        note="户口簿第 3 页",
    )


def make_guardian_visit(guardian: Guardian) -> GuardianVisit:
    """The guardian at the child's page, by their own link."""
    return open_for_child(make_visit(guardian.tenant, guardian.guardian), guardian.child_id)


def make_scan(text: str = "") -> bytes:
    """The scan of a signed sheet, another one each time."""
    return f"%PDF-1.7 {text or next(_numbers)}\n%%EOF\n".encode()


def somebody_of(tenant: Property) -> User:
    """Any member: who it is does not matter."""
    membership = Membership.objects.filter(tenant=tenant, is_active=True).select_related("user").first()
    return membership.user if membership else make_member(tenant, Role.FRONT_DESK)


def colleague_of(tenant: Property, user: User) -> User:
    """Another member than this one."""
    others = Membership.objects.filter(tenant=tenant, is_active=True).exclude(user=user).select_related("user")
    membership = others.order_by("created_at").first()
    return membership.user if membership else make_member(tenant, Role.FRONT_DESK)


def make_link(tenant: Property, person: Person, made_by: User | None = None) -> str:
    """The secret of a personal link that the person asked for at the desk."""
    return issue_link(tenant=tenant, person=person, reason=LinkReason.ASKED, made_by=made_by or somebody_of(tenant))


def invite(tenant: Property, person: Person, **about: object) -> str:
    """The secret of a link by which the desk asks."""
    return prompts.invite(**{"tenant": tenant, "person": person, "made_by": somebody_of(tenant)} | about)


def make_visit(tenant: Property, person: Person | None = None) -> Visit:
    person = person or make_person(tenant)
    return open_link(tenant=tenant, token=make_link(tenant, person))


def rewrite(rows: QuerySet, **fields: object) -> int:
    """Change rows that no running process may change, as time or a wrong clock would: as the owner of the tables."""
    with database_role("owner"):
        return rows.update(**fields)


def agree(visit: Visit, decision: ConsentDecision = ConsentDecision.AGREE) -> None:
    """Answer every purpose that this property asks, one by one."""
    notice = Notice.objects.filter(tenant=visit.tenant).current()
    for purpose in required_purposes(visit.tenant.storage_mode):
        decide(visit=visit, purpose=purpose, decision=decision, notice=notice, language="zh-hans")


def make_consented_person(tenant: Property) -> tuple[Person, Visit]:
    """A person who agreed to everything asked here, in a lawful property with a door that may use faces."""
    if not Device.objects.filter(tenant=tenant, state=DeviceState.ACTIVE).exists():
        make_active_device(tenant)
    visit = make_visit(tenant)
    agree(visit)
    visit.person.refresh_from_db()
    return visit.person, visit
