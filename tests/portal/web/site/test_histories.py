"""What happened to a thing: in words and not in codes, by whom, for those who may know, page by page."""

import json
import re
from collections.abc import Callable
from typing import Any

import pytest
from auditlog.models import LogEntry
from django.test import Client
from django.utils.translation import override

from portal.security.alerts.raising import ring
from portal.security.tokens import issue
from portal.web.reads.histories import KINDS, find, history
from portal.web.reads.timelines import SHOWN
from tenants.organizations.models import Membership, Property, User
from tenants.organizations.roles import Permission, Role
from tenants.organizations.scoping import enter_tenant
from tenants.organizations.services.members import change_role
from tenants.organizations.services.properties import update_property
from tenants.premises.models import AccessMethod
from tenants.premises.services.doors import set_method_live
from tenants.premises.services.zones import update_zone
from tenants.rights.services import complaints
from tests import factories
from tests.roles import database_role

pytestmark = pytest.mark.django_db
At = Callable[..., str]
EN = {"HTTP_ACCEPT_LANGUAGE": "en"}
CODE = re.compile(r"\b[a-z]+_[a-z_]+\b")


def texts(what: str, tenant: Property, row: Any) -> list[str]:
    enter_tenant(tenant.pk)
    with override("en"):
        return [str(item["text"]) for item in history(what, tenant, row).items]


def page(client: Client, tenant: Property, what: str, row: Any) -> str:
    answer = client.get(f"/t/{tenant.slug}/history/{what}/{row.pk}/", **EN)
    assert answer.status_code == 200
    return answer.content.decode()


def test_every_kind_of_thing_tells_what_happened_in_words(client: Client, tenant: Property, owner: User) -> None:
    device, _code = factories.make_active_device(tenant)
    person, _visit = factories.make_consented_person(tenant)
    complaint, _complaint_code = complaints.receive(tenant=tenant, text="灯太亮")
    member = Membership.objects.get(user=factories.make_member(tenant, Role.FRONT_DESK))
    token, _secret = issue(tenant=tenant, actor=owner, name="报表", scopes=[Permission.VIEW_HOME])
    alert = ring("mass_reading", tenant.pk, "user:aaaa", {"count": 150}, complaint.received_at)
    enter_tenant(tenant.pk)
    update_zone(tenant=tenant, zone=device.access_point.zone, name="西门", kind="gate", level="area", parent=None)
    set_method_live(tenant=tenant, method=AccessMethod.objects.exclude(kind="face").first(), is_live=False)
    change_role(tenant=tenant, membership=member, role=Role.MANAGER)
    update_property(tenant=tenant, name="新名字")
    things = {
        "device": device,
        "door": device.access_point,
        "zone": device.access_point.zone,
        "person": person,
        "complaint": complaint,
        "member": member,
        "token": token,
        "alert": alert,
        "property": tenant,
    }
    for what, row in things.items():
        said = texts(what, tenant, row)
        assert said, what
        assert not CODE.findall(" ".join(said)), said
        shown = page(client, tenant, what, row)
        assert said[0].replace("“", "").split("”")[0][:10] in shown.replace("“", "")
    assert "Role: Manager" in texts("member", tenant, member)
    assert "Name: 西门" in " ".join(texts("zone", tenant, device.access_point.zone))


def test_a_page_shows_ten_and_leads_to_all(client: Client, tenant: Property, at: At) -> None:
    device, _code = factories.make_active_device(tenant)
    zone = device.access_point.zone
    for number in range(SHOWN):
        update_zone(tenant=tenant, zone=zone, name=f"西门{number}", kind=zone.kind, level=zone.level, parent=None)
    line = history("zone", tenant, zone)
    assert len(line.items) == SHOWN
    assert line.all_url in client.get(at("zone_edit", zone)).content.decode()
    every = page(client, tenant, "zone", zone)
    assert "西门0" in every
    assert "西门9" in every


def test_each_kind_asks_for_its_own_right_and_finds_nothing_elsewhere(
    tenant: Property, as_role: Callable[[Role], Client], owner: User
) -> None:
    person = factories.make_person(tenant)
    auditor, manager = as_role(Role.AUDITOR), as_role(Role.MANAGER)
    address = f"/t/{tenant.slug}/history/person/{person.pk}/"
    assert auditor.get(address).status_code == 403
    assert manager.get(address).status_code == 200
    other = factories.make_property()
    enter_tenant(other.pk)
    foreign = factories.make_person(other)
    assert manager.get(f"/t/{tenant.slug}/history/person/{foreign.pk}/").status_code == 404
    assert manager.get(f"/t/{tenant.slug}/history/gossip/{person.pk}/").status_code == 404
    enter_tenant(tenant.pk)
    assert all(find(what, tenant, foreign.pk) is None for what in KINDS)


def test_a_minors_history_is_as_closed_as_the_record(tenant: Property, as_role: Callable[[Role], Client]) -> None:
    child = factories.make_child(tenant)
    answer = as_role(Role.MANAGER).get(f"/t/{tenant.slug}/history/person/{child.pk}/")
    assert answer.status_code == 302
    assert answer.url.endswith(f"/people/{child.pk}/access/")


def test_the_log_page_says_fields_and_values_in_words(client: Client, tenant: Property, owner: User, at: At) -> None:
    member = Membership.objects.get(user=factories.make_member(tenant, Role.FRONT_DESK))
    change_role(tenant=tenant, membership=member, role=Role.MANAGER)
    text = client.get(at("audit"), **EN).content.decode()
    assert "Role: Manager" in text
    assert "front_desk" not in text
    with database_role("owner"):
        entry = LogEntry.objects.filter(object_pk=str(member.pk)).latest("pk")
        assert json.loads(json.dumps(entry.changes))["role"][-1] == "manager", "the log itself keeps the code"
