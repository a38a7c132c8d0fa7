"""For each rule what its pattern looks like from outside: by real requests wherever a request is what it sees.

A scene is a generator. What stands before its first `yield` is the ordinary state; each step after it is one sighting.
It yields the subject of the alert.
"""

import secrets
import uuid
from collections.abc import Iterator
from datetime import time

from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from portal.limits import REQUESTS_BY_ADDRESS, WRONG_CODES, key_of
from portal.security.audit import seals
from portal.security.audit import tasks as audit_tasks
from portal.security.detection import clock, decoys, keys, tasks
from portal.security.detection.counting import connection as valkey
from portal.security.detection.rules import RULES
from portal.web.views.today import Today
from tenants.organizations.models import Membership
from tenants.organizations.roles import Role
from tenants.rights.kinds import RequestKind
from tenants.rights.services import requests
from tests import factories
from tests.architecture.catalogue import execute, query
from tests.portal.security.detection import scenes_of_terminals as terminals
from tests.portal.security.detection.house import HERE, LOGIN, House, Scene
from tests.roles import database_role


def sign_in_guessing(house: House) -> Iterator[str]:
    while True:
        yield f"user:{house.owner.pk}"
        Client().post(LOGIN, {"login": house.owner.email, "password": secrets.token_hex()})


def sign_in_spraying(house: House) -> Iterator[str]:
    while True:
        yield HERE
        Client().post(LOGIN, {"login": f"{secrets.token_hex(6)}@example.com", "password": "Spring2026 in Hangzhou"})


def tenant_probing(house: House) -> Iterator[str]:
    slug = factories.make_property().slug
    while True:
        yield f"user:{house.owner.pk}"
        assert house.client.get(reverse("people", args=[slug])).status_code == 404
        slug = f"another-{secrets.token_hex(4)}"


def id_probing(house: House) -> Iterator[str]:
    while True:
        yield f"user:{house.owner.pk}"
        assert house.get("person", uuid.uuid4()) == 404


def form_flood(house: House) -> Iterator[str]:
    for _one in range(REQUESTS_BY_ADDRESS.count):
        REQUESTS_BY_ADDRESS.count_one("127.0.0.1")
    while True:
        yield HERE
        assert Client().post(house.url("request_form"), {}).status_code == 429


def code_guessing(house: House) -> Iterator[str]:
    while True:
        yield HERE
        cache.delete(key_of(WRONG_CODES.name, "127.0.0.1"))  # a quarter of an hour later
        assert Client().get(house.url("request_track", secrets.token_hex(10).upper())).status_code == 404


def code_flood(house: House) -> Iterator[str]:
    while True:
        yield f"property:{house.tenant.pk}"
        _request, code = requests.receive(
            tenant=house.tenant, kind=RequestKind.ACCESS, name="李阿姨", contact="13800138000", language="zh-hans"
        )
        other = f"198.51.100.{secrets.randbelow(250)}"
        assert Client(REMOTE_ADDR=other).post(house.url("request_prove", code), {"send": "1"}).status_code == 302


def mass_reading(house: House) -> Iterator[str]:
    for person in house.people(RULES["mass_reading"].threshold + 1):
        yield f"user:{house.owner.pk}"
        assert house.client.get(f"/api/v1/properties/{house.tenant.slug}/people/{person.pk}/").status_code == 200


def mass_listing(house: House) -> Iterator[str]:
    while True:
        yield f"user:{house.owner.pk}"
        assert house.client.get(f"/api/v1/properties/{house.tenant.slug}/people/").status_code == 200


def mass_export(house: House) -> Iterator[str]:
    while True:
        yield f"user:{house.owner.pk}"
        assert house.get("audit_export") == 200


def night_export(house: House) -> Iterator[str]:
    house.patch.setattr(keys, "NIGHT_FROM", time.max)
    house.patch.setattr(keys, "NIGHT_UNTIL", time.min)
    assert house.get("audit_export") == 200
    house.patch.setattr(keys, "NIGHT_UNTIL", time.max)
    while True:
        yield f"user:{house.owner.pk}"
        assert house.get("audit_export") == 200


def decoy_person(house: House) -> Iterator[str]:
    with house.committed(execute=True):
        decoy = decoys.invent_person(tenant=house.tenant, actor=house.owner, name="周建国", room="9-1801")
    assert house.get("person", house.people(1)[0].pk) == 200
    yield f"user:{house.owner.pk}"
    assert house.get("person", decoy.subject.removeprefix("person:")) == 200
    yield f"user:{house.owner.pk}"


def decoy_key(house: House) -> Iterator[str]:
    with house.committed(execute=True):
        decoy, text = decoys.invent_key(tenant=house.tenant, actor=house.owner, name="backup")
    assert house.get("today") == 200
    yield decoy.subject
    stolen = Client(headers={"authorization": f"Bearer {text}"})
    assert stolen.get(f"/api/v1/properties/{house.tenant.slug}/people/").status_code == 403
    yield decoy.subject


def role_used_at_once(house: House) -> Iterator[str]:
    member = factories.make_member(house.tenant, Role.FRONT_DESK)
    membership = Membership.objects.get(user=member)
    theirs = Client()
    theirs.force_login(member)
    answer = house.client.post(house.url("member_edit", membership.pk), {"role": Role.PRIVACY_OFFICER})
    assert answer.status_code == 302
    assert house.get("audit_export") == 200, "of the owner, whose role is old"
    yield f"user:{member.pk}"
    answer = theirs.get(house.url("audit_export"))
    assert answer.status_code == 200, answer.status_code
    yield f"user:{member.pk}"


def audit_broken(house: House) -> Iterator[str]:
    assert house.get("people") == 200
    seals.seal(settles_after=seals.timedelta(0))
    audit_tasks.verify_audit.apply()
    yield "table:security_accessevent"
    with database_role("owner"):
        execute("SET LOCAL session_replication_role = replica")  # past the triggers, as a superuser can
        execute("UPDATE security_accessevent SET actor = 'user:1'")
        execute("SET LOCAL session_replication_role = origin")
    audit_tasks.verify_audit.apply()
    yield "table:security_accessevent"


def rows_differ(house: House) -> Iterator[str]:
    first, second = house.people(2)
    tasks.compare_rows.apply()
    yield "table:people_person"
    with database_role("owner"):
        execute("SET LOCAL session_replication_role = replica")  # past the triggers, as a superuser can
        execute("DELETE FROM auditlog_logentry WHERE object_pk IN (%s, %s)", str(first.pk), str(second.pk))
        execute("SET LOCAL session_replication_role = origin")
    tasks.compare_rows.apply()
    yield "table:people_person"


def templates_read(house: House) -> Iterator[str]:
    tasks.look.apply()
    with database_role("recognition"):
        query("SELECT count(*) FROM vault_facetemplate")
    tasks.look.apply()
    yield "role:consentry_owner"
    with database_role("owner"):
        query("SELECT * FROM vault_facetemplate")
    tasks.look.apply()
    yield "role:consentry_owner"


def statement_refused(house: House) -> Iterator[str]:
    assert house.get("today") == 200
    yield "table:vault_handlerkey"
    house.patch.setattr(Today, "get_context_data", lambda *_args, **_kwargs: query("SELECT * FROM vault_handlerkey"))
    house.client.raise_request_exception = False
    assert house.get("today") == 500
    yield "table:vault_handlerkey"


def clock_jumped(house: House) -> Iterator[str]:
    now = clock.read()
    clock.look(now)
    tasks.look.apply()
    yield "clock"
    valkey().delete("detection:clock")
    house.patch.setattr(clock, "read", lambda: clock.Reading(wall=now.wall, up=now.up))
    tasks.look.apply()
    house.patch.setattr(clock, "read", lambda: clock.Reading(wall=now.wall - 3600, up=now.up + 60))
    tasks.look.apply()
    yield "clock"


SCENES: dict[str, Scene] = {
    scene.__name__: scene
    for scene in (
        sign_in_guessing,
        sign_in_spraying,
        tenant_probing,
        id_probing,
        form_flood,
        code_guessing,
        code_flood,
        terminals.device_replay,
        terminals.device_cloned,
        terminals.device_moved,
        terminals.device_forged,
        terminals.device_foreign,
        terminals.device_clock,
        terminals.impossible_heartbeat,
        terminals.faces_differ,
        mass_reading,
        mass_listing,
        mass_export,
        night_export,
        decoy_person,
        decoy_key,
        role_used_at_once,
        audit_broken,
        rows_differ,
        templates_read,
        statement_refused,
        clock_jumped,
    )
}
