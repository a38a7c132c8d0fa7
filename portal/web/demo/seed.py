"""Make the demonstration. Everything goes through the services, as a member would do it."""

from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal

from django.db import transaction
from django.utils import timezone
from PIL import Image, ImageDraw

from portal.web.counting import count_all
from portal.web.demo.assessment import assess
from portal.web.demo.texts import COMPOUND, HOTEL, notice_texts
from portal.web.pictures import as_jpeg
from tenants.clearance.services import activate_device
from tenants.organizations.kinds import PropertyKind, StorageMode
from tenants.organizations.models import Handler, Property, User
from tenants.organizations.roles import Role
from tenants.organizations.services.accounts import create_account
from tenants.organizations.services.members import add_member
from tenants.organizations.services.properties import create_handler, create_property, set_retention
from tenants.people.kinds import AgeBand, LinkReason, PersonKind
from tenants.people.services.links import issue_link
from tenants.people.services.passes import issue_card, issue_pin, issue_qr
from tenants.people.services.persons import add_person
from tenants.premises.kinds import DevicePurpose, MethodKind, Passersby, ZoneKind, ZoneLevel
from tenants.premises.models import AccessPoint, Device
from tenants.premises.services.devices import record_sign, register
from tenants.premises.services.doors import create_door
from tenants.premises.services.zones import create_zone
from tenants.transparency.services import notices

OWNER, MANAGER, DESK, PLATFORM = (f"{who}@demo.example" for who in ("owner", "manager", "desk", "admin"))
COMPOUND_SLUG, HOTEL_SLUG = "palm-bay", "yunqi-hotel"
FACE_AND_CARD = (MethodKind.FACE, MethodKind.CARD, MethodKind.PIN, MethodKind.QR)


@dataclass(frozen=True)
class Demo:
    """What a person needs to try it. The link's secret exists only here and on its way to the person."""

    resident_path: str
    pairing_code: str


@transaction.atomic
def seed(*, password: str) -> Demo:
    """Make handler, properties, members, doors, devices, notices and people. Run it once."""
    handler = create_handler(
        name="杭州安居物业（演示）",
        credit_code="91330100MA2DEM0001",
        contact_name="王经理",
        contact_phone="0571-0000 0000",
        contact_email="privacy@demo.example",
        address="浙江省杭州市西湖区",
        contract_signed_on=date(2025, 6, 1),
    )
    create_account(email=PLATFORM, password=password, name="平台管理员", is_platform_staff=True)
    create_account(email=OWNER, password=password, name="王经理")
    create_account(email=MANAGER, password=password, name="周主管")
    create_account(email=DESK, password=password, name="小陈")
    demo = _compound(handler)
    _hotel(handler)
    count_all()  # the page over all properties would be empty for the first ten minutes
    return demo


def _members(tenant: Property) -> tuple[User, User]:
    """Add the owner, the manager and the desk; return the first two: what takes two members takes these."""
    add_member(tenant=tenant, email=DESK, role=Role.FRONT_DESK)
    manager = add_member(tenant=tenant, email=MANAGER, role=Role.MANAGER).user
    return add_member(tenant=tenant, email=OWNER, role=Role.OWNER).user, manager


def _publish(tenant: Property, owner: User, texts: dict[str, str]) -> None:
    draft = notices.start_draft(tenant=tenant)
    notices.edit(tenant=tenant, notice=draft, **notice_texts(texts, tenant.handler))
    notices.publish(tenant=tenant, notice=draft, actor=owner)


def _terminal(door: AccessPoint, **facts: str) -> tuple[Device, str]:
    """Register a terminal with its test report and a photo of its sign, and return its pairing code with it."""
    today = timezone.localdate()
    device, code = register(
        tenant=door.tenant,
        access_point=door,
        vendor="示例厂商",
        algorithm="示例算法",
        algorithm_version="3.2",
        tested_on=today - timedelta(days=60),
        false_accept_percent=Decimal("0.01"),
        false_reject_percent=Decimal("1.2"),
        attack_success_percent=Decimal("1.5"),
        capture_area="门前一米的范围，不含住户门窗和公共道路。",
        security_need="防止外人尾随进入，保护住户的人身和财产安全。",
        passersby=Passersby.BUTTON,
        **facts,
    )
    record_sign(tenant=door.tenant, device=device, taken_on=today - timedelta(days=7), picture=_sign())
    return device, code


def _sign() -> bytes:
    """A drawn sign, so that the demonstration holds nobody's picture."""
    sign = Image.new("RGB", (480, 320), "#e8eef0")
    draw = ImageDraw.Draw(sign)
    draw.rounded_rectangle((90, 50, 390, 270), radius=16, fill="#ffffff", outline="#0b6b70", width=6)
    draw.text((130, 145), "DEMO: face recognition in use", fill="#0b6b70", font_size=17)
    return as_jpeg(sign)


def _compound(handler: Handler) -> Demo:
    tenant = create_property(
        handler=handler,
        slug=COMPOUND_SLUG,
        kind=PropertyKind.COMPOUND,
        name="棕榈湾小区",
        name_en="Palm Bay",
        address="杭州市西湖区文一路 1 号",
        storage_mode=StorageMode.PORTAL,
    )
    owner, manager = _members(tenant)
    site = create_zone(tenant=tenant, name="棕榈湾", kind=ZoneKind.OUTDOOR, level=ZoneLevel.SITE)
    tower = create_zone(tenant=tenant, name="3 号楼", kind=ZoneKind.LOBBY, parent=site, level=ZoneLevel.BUILDING)
    club = create_zone(tenant=tenant, name="会所", kind=ZoneKind.FACILITY, parent=site, level=ZoneLevel.BUILDING)
    gate = create_zone(tenant=tenant, name="东门", kind=ZoneKind.GATE, parent=site)
    lobby = create_zone(tenant=tenant, name="3 号楼大厅", kind=ZoneKind.LOBBY, parent=tower)
    create_zone(tenant=tenant, name="健身房更衣室", kind=ZoneKind.CHANGING_ROOM, parent=club)
    gym = create_zone(tenant=tenant, name="健身房", kind=ZoneKind.FACILITY, parent=club)
    east = create_door(tenant=tenant, zone=gate, name="东门人行门", methods=FACE_AND_CARD)
    hall = create_door(tenant=tenant, zone=lobby, name="3 号楼大厅门", methods=FACE_AND_CARD)
    create_door(tenant=tenant, zone=gym, name="健身房门", methods=[MethodKind.FACE])
    _publish(tenant, owner, COMPOUND)
    device, code = _terminal(east, name="东门终端 A", model="T-200", serial="SN-0001")
    _terminal(hall, name="3 号楼终端 A", model="T-200", serial="SN-0002")
    assess(tenant, writer=manager, signer=owner)
    activate_device(tenant=tenant, device=device)
    people = [
        ("李秀英", "3-1202", PersonKind.OWNER, None),
        ("张伟", "3-0801", PersonKind.RENTER, timezone.localdate() + timedelta(days=120)),
        ("陈晓", "7-0302", PersonKind.FAMILY, None),
    ]
    rows = [
        add_person(
            tenant=tenant,
            name=name,
            room=room,
            kind=kind,
            age_band=AgeBand.ADULT,
            phone="13800000000",
            stay_ends_on=ends,
        )
        for name, room, kind, ends in people
    ]
    issue_card(tenant=tenant, person=rows[0], number="0004 5678 90AB", label="蓝色门禁扣")
    issue_pin(tenant=tenant, person=rows[0])
    issue_qr(tenant=tenant, person=rows[0])
    token = issue_link(tenant=tenant, person=rows[0], reason=LinkReason.ASKED, made_by=owner)
    return Demo(resident_path=f"/p/{tenant.slug}/me/{token}/", pairing_code=code)


def _hotel(handler: Handler) -> None:
    tenant = create_property(
        handler=handler,
        slug=HOTEL_SLUG,
        kind=PropertyKind.HOTEL,
        name="云栖酒店",
        name_en="Yunqi Hotel",
        address="杭州市西湖区云栖路 8 号",
    )
    owner, manager = _members(tenant)
    set_retention(tenant=tenant, face_days=30, event_days=30)
    lobby = create_zone(tenant=tenant, name="大堂", kind=ZoneKind.LOBBY)
    create_zone(tenant=tenant, name="客房", kind=ZoneKind.HOTEL_ROOM)
    door = create_door(
        tenant=tenant, zone=lobby, name="大堂门", methods=[MethodKind.FACE, MethodKind.CARD, MethodKind.DESK]
    )
    _publish(tenant, owner, HOTEL)
    device, _code = _terminal(door, name="大堂终端", model="H-10", purpose=DevicePurpose.CHECK_IN)
    assess(tenant, writer=manager, signer=owner)
    activate_device(tenant=tenant, device=device)
    add_person(
        tenant=tenant,
        name="赵敏",
        room="806",
        kind=PersonKind.GUEST,
        age_band=AgeBand.ADULT,
        stay_ends_on=timezone.localdate() + timedelta(days=2),
    )
