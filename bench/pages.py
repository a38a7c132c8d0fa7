"""A manager's lists among 1,000 properties with 1,000,000 people, beside the same lists where the property is alone.

On a stack of its own with a web server as `make run` starts it, over HTTP, with the session of a member of all
properties. The property that is asked has 1,000 people both times; only what stands around it grows.
"""

import json
import logging
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from bench.rows import Row, below, within
from portal.stack.layout import ROOT

HOUSES, PEOPLE = int(os.environ.get("BENCH_HOUSES", "1000")), int(os.environ.get("BENCH_PEOPLE", "1000"))
ASKED = int(os.environ.get("BENCH_ASKED", "60"))
LIMIT_MS, TIMES = 100.0, 1.3
SLUG, EMAIL = "pages-0", "bench@example.com"
LISTS = {
    "people": "people/",
    "people, searched by name": "people/?q=张三 77",
    "people, last page": f"people/?page={max(1, PEOPLE // 25)}",
    "devices": "devices/",
    "requests": "requests/",
    "complaints": "complaints/",
    "door events": "events/",
    "erasures": "erasures/",
    "evidence": "evidence/",
    "notices": "notices/",
    "alerts": "alerts/",
    "members": "members/",
    "log": "audit/",
    "log of reads": "audit/reads/",
}
# Pages that look at all properties of the member, which a small installation does not have.
ACROSS = {"all properties": "/portfolio/"}

# What a property of this size has after a year or so: for each person an identity, an answer, a door event and more.
FILL = """DO $fill$ DECLARE house uuid; device uuid; published uuid; person_type integer; BEGIN
    SELECT id INTO person_type FROM django_content_type WHERE app_label = 'people' AND model = 'person';
    FOREACH house IN ARRAY %(houses)s::uuid[] LOOP
        PERFORM set_config('consentry.tenant', house::text, true);
        SELECT id INTO device FROM premises_device WHERE tenant_id = house LIMIT 1;
        SELECT id INTO published FROM transparency_notice WHERE tenant_id = house LIMIT 1;
        INSERT INTO people_person (id, tenant_id, kind, age_band, stay_ends_on, face_state, face_stored,
            face_enrolled_on, face_last_used_on, created_at)
        SELECT gen_random_uuid(), house, 'owner', 'adult', CASE WHEN n %% 2 = 0 THEN now()::date + 30 + n %% 300 END,
            'enrolled', 'on_device', now()::date - n %% 170, now()::date - n %% 9, now() - n * interval '1 hour'
        FROM generate_series(1, %(people)s) n;
        INSERT INTO people_personidentity (id, tenant_id, person_id, name, phone, email, room, document_hash)
        SELECT gen_random_uuid(), house, id, '张三 ' || n, '138' || lpad(n::text, 8, '0'), '',
            n / 4 || '-' || n %% 4, ''
        FROM (SELECT id, row_number() OVER () n FROM people_person WHERE tenant_id = house) numbered;
        INSERT INTO people_consent (id, tenant_id, person_id, purpose, decision, notice_id, notice_hash, language,
            decided_at, withdrawn_by, ends_on, given_by, channel)
        SELECT gen_random_uuid(), house, id, 'recognition', 'agree', published, repeat('0', 64), 'zh-hans',
            created_at, '', now()::date + 100, 'person', 'link'
        FROM people_person WHERE tenant_id = house;
        INSERT INTO matching_doorevent (id, tenant_id, device_id, person_id, method, mode, is_allowed, rule, at)
        SELECT gen_random_uuid(), house, device, id, 'face', 'verify', true, 'matched', created_at
        FROM people_person WHERE tenant_id = house;
        INSERT INTO rights_rightsrequest (id, tenant_id, number, code_hash, kind, state, channel, language, asked_by,
            relation, name, contact, room, message, received_at, identity_by, due_on, is_due_final, paused_days,
            extension_reason, answer, refusal_code, refusal_article, seal_key)
        SELECT gen_random_uuid(), house, 'R-2611-' || lpad(n::text, 3, '0'),
            encode(sha256((house::text || n)::bytea), 'hex'), 'access', 'received', 'form', 'zh-hans', 'person', '',
            '李四', '13800138000', '', '', now() - n * interval '1 hour', '',
            now()::date + 12, true, 0, '', '', '', '', ''
        FROM generate_series(1, 40) n;
        INSERT INTO rights_complaint (id, tenant_id, number, code_hash, state, language, name, contact, text,
            received_at, due_on, is_due_final, answer)
        SELECT gen_random_uuid(), house, 'C-2611-' || lpad(n::text, 3, '0'),
            encode(sha256((house::text || 'c' || n)::bytea), 'hex'), 'received', 'zh-hans', '', '', '门太慢', now(),
            now()::date + 12, true, ''
        FROM generate_series(1, 40) n;
        INSERT INTO rights_erasure (id, tenant_id, person_id, reason, scope, ordered_at, keys_destroyed, tries, told,
            is_certified, has_held, completed_at)
        SELECT gen_random_uuid(), house, id, 'withdrawn', 'face', now() - interval '2 days', 1, 1, 0, true, true, now()
        FROM people_person WHERE tenant_id = house ORDER BY id LIMIT 40;
        INSERT INTO security_accessevent (tenant, kind, actor, subject, facts, at)
        SELECT house, 'identity_read', 'user:' || gen_random_uuid(), 'person:' || id, '{}', created_at
        FROM people_person WHERE tenant_id = house;
        INSERT INTO auditlog_logentry (content_type_id, object_pk, object_repr, action, changes, changes_text,
            timestamp, additional_data, actor_email)
        SELECT person_type, id, id, 1, '{"face_state": ["captured", "enrolled"]}', '', created_at,
            jsonb_build_object('tenant', house::text), ''
        FROM people_person WHERE tenant_id = house;
    END LOOP;
END $fill$"""
# A notice like that of the first property, for each other one.
NOTICES = """INSERT INTO transparency_notice
    SELECT (jsonb_populate_record(row, jsonb_build_object('id', gen_random_uuid(), 'tenant_id', house))).*
    FROM transparency_notice row, unnest(%s::uuid[]) house WHERE row.tenant_id = %s"""


def rows(_faces: Path | None) -> Iterator[Row]:
    """In a process of its own: it has its own stack, and Django cannot be set up twice."""
    env = {name: value for name, value in os.environ.items() if not name.startswith(("DATABASE_URL", "MASTER_KEY"))}
    for name in ("BROKER_URL", "CACHE_URL", "CONSENTRY_ROLE", "DJANGO_SETTINGS_MODULE", "SECRET_KEY"):
        env.pop(name, None)
    command = [sys.executable, "-m", "bench.pages"]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    *said, last = done.stdout.strip().splitlines()
    print("\n".join(said), flush=True)
    yield from (Row(**row) for row in json.loads(last))


def main() -> None:
    from tests.filled import filled_stack

    with filled_stack({}) as stack:
        logging.getLogger("httpx").setLevel(logging.WARNING)
        settle()
        fill(0, 1)
        alone = ask(stack.url, {name: f"/t/{SLUG}/{path}" for name, path in LISTS.items()})
        began = time.monotonic()
        fill(1, HOUSES)
        print(f"Filled with {HOUSES * PEOPLE:,} people in {time.monotonic() - began:.0f} s")
        among = ask(stack.url, {name: f"/t/{SLUG}/{path}" for name, path in LISTS.items()} | ACROSS)
    measured = []
    for name, ours in among.items():
        print(f"{name}: p95 {ours:.1f} ms" + (f", alone {alone[name]:.1f} ms" if name in alone else ""))
        if name in alone:
            measured.append(
                within(
                    f"{name}, one of {HOUSES:,} properties with {HOUSES * PEOPLE:,} people, p95",
                    ours=ours,
                    rival=alone[name],
                    rival_name=f"the same page of the same property alone, with {PEOPLE:,} people",
                    times=TIMES,
                    unit="ms",
                )
            )
    slowest = max(among, key=lambda name: among[name])
    measured.append(
        below(
            f"slowest list of a manager ({slowest}) among {HOUSES * PEOPLE:,} people, p95",
            ours=among[slowest],
            limit=LIMIT_MS,
            unit="ms",
        )
    )
    print(json.dumps([row.as_dict() for row in measured]))


def settle() -> None:
    """The property that is asked, lawful and with a device, and its owner."""
    from django.contrib.auth.hashers import PBKDF2PasswordHasher

    from tenants.organizations.roles import Role
    from tests import factories
    from tests.filled import committed

    with committed("web"):
        tenant = factories.make_property(slug=SLUG, name="甲", name_en="First")
        factories.make_active_device(tenant)
        owner = factories.make_member(tenant, Role.OWNER, EMAIL)
        # The tests' quick hash is none that the web server takes.
        owner.password = PBKDF2PasswordHasher().encode(factories.PASSWORD, "salt", iterations=1000)
        owner.save()


def fill(first: int, last: int) -> None:
    """Properties from the number `first` to before `last`, the member in each, and what stands in them."""
    from django.db import connection, transaction

    from tenants.organizations.models import Property
    from tenants.organizations.roles import Role
    from tenants.organizations.scoping import enter_tenant
    from tenants.organizations.services.members import add_member
    from tests import factories

    with transaction.atomic(), connection.cursor() as cursor:
        model = Property.objects.select_related("handler").get(slug=SLUG)
        ids = [model.pk]
        if first:
            made = [
                Property(handler=model.handler, slug=f"pages-{n}", kind="compound", name=f"{n}", name_en=f"{n}")
                for n in range(first, last)
            ]
            Property.objects.bulk_create(made, batch_size=500)
            ids = [house.pk for house in made]
            cursor.execute(NOTICES, [ids, model.pk])
            for house in made:
                enter_tenant(house.pk)
                add_member(tenant=house, email=EMAIL, role=Role.OWNER)
                factories.make_device(house)
        for at in range(0, len(ids), 50):
            cursor.execute(FILL, {"houses": ids[at : at + 50], "people": PEOPLE})
    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")


def ask(url: str, paths: dict[str, str]) -> dict[str, float]:
    """Return each page's p95 in milliseconds, asked in turn by one member; what comes first of each is not counted."""
    from tests import factories
    from tests.rehearsal.visitors import Browser

    browser = Browser(url)
    browser.sign_in(EMAIL, factories.PASSWORD)
    taken: dict[str, list[float]] = {name: [] for name in paths}
    for turn in range(ASKED + 2):
        for name, path in paths.items():
            began = time.perf_counter()
            browser.page(path)
            if turn > 1:
                taken[name].append((time.perf_counter() - began) * 1000)
    browser.close()
    return {name: at(times, 0.95) for name, times in taken.items()}


def at(times: Sequence[float], share: float) -> float:
    return sorted(times)[min(len(times) - 1, int(len(times) * share))]


if __name__ == "__main__":
    main()
