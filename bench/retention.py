"""The sweep of a million people of whom none is due, and the erasure of ten thousand who are.

On the scratch database; the sweep and its rival in the same transactions and under the same row-level security.
"""

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from bench import erasing, scratch
from bench.rows import Row, within
from bench.timing import side_by_side
from portal.stack.layout import ROOT

HOUSES, PEOPLE = int(os.environ.get("BENCH_HOUSES", "1000")), int(os.environ.get("BENCH_PEOPLE", "1000"))
DUE = int(os.environ.get("BENCH_DUE", "10000"))
ROUNDS = 5
# Whose face is due, by the three indexes of its clocks; the sweep asks for six other kinds as well.
BARE = """SELECT id FROM people_person WHERE tenant_id = %(tenant)s AND stay_ends_on < %(today)s
        AND face_state IN ('consented', 'captured', 'enrolled', 'suspended')
    UNION ALL SELECT id FROM people_person WHERE tenant_id = %(tenant)s AND face_state = 'enrolled'
        AND face_last_used_on < %(today)s - 180
    UNION ALL SELECT f.id FROM people_person f JOIN organizations_property p ON p.id = f.tenant_id
        WHERE f.tenant_id = %(tenant)s AND f.face_enrolled_on < %(today)s - p.face_days LIMIT 200"""
FILL = """DO $fill$ DECLARE house uuid; BEGIN
    FOREACH house IN ARRAY %s::uuid[] LOOP
        PERFORM set_config('consentry.tenant', house::text, true);
        INSERT INTO people_person (id, tenant_id, kind, age_band, stay_ends_on, face_state, face_stored,
            face_enrolled_on, face_last_used_on, created_at)
        SELECT gen_random_uuid(), house, 'owner', 'adult', CASE WHEN n %% 2 = 0 THEN now()::date + 30 + n %% 300 END,
            'enrolled', 'on_device', now()::date - n %% 170, now()::date - n %% 9, now()
        FROM generate_series(1, %s) n;
    END LOOP;
END $fill$"""


def rows(faces: Path | None) -> Iterator[Row]:
    _apart("fill", role="owner")
    for part, role in (("sweep", "web"), ("erase", "owner")):
        yield from (Row(**row) for row in json.loads(_apart(part, role=role)))


def _apart(part: str, *, role: str = "web") -> str:
    """Run a part as a role of the database, in a process with memory of its own, and return its last line."""
    keys = {name: value for name, value in os.environ.items() if name.startswith("MASTER_KEY")}
    env = scratch.env(role) | {"DJANGO_SETTINGS_MODULE": "portal.settings.test"} | (keys if role == "owner" else {})
    command = [sys.executable, "-m", "bench.retention", part]
    done = subprocess.run(command, env=env, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)  # noqa: S603 - our own module
    *said, last = done.stdout.strip().splitlines()
    for line in said:
        print(line, flush=True)
    return last


def fill() -> str:
    """Properties with people whose faces are kept and not due, in bulk; and one where everybody's stay has ended."""
    from django.db import connection, transaction

    from tenants.organizations.models import Property
    from tests import factories
    from tests.recognition.many import make_many_faces, make_rows

    handler = factories.make_handler(name="示例物业 到期", credit_code="91330100MB99999999")
    houses = [
        Property(handler=handler, slug=f"retention-{number}", kind="compound", name=f"{number}")
        for number in range(HOUSES)
    ]
    Property.objects.bulk_create(houses, batch_size=500)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(FILL, [[house.pk for house in houses], PEOPLE])
    with transaction.atomic():
        late = factories.make_property(handler=handler, slug="retention-late", name="late", name_en="late")
        make_many_faces(late, make_rows(4 * DUE), model_version="bench")
        with connection.cursor() as cursor:
            cursor.execute("UPDATE people_person SET stay_ends_on = now()::date - 9 WHERE tenant_id = %s", [late.pk])
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE people_person")
    return str(late.pk)


def sweep() -> Row:
    """Every property's turn where nothing is due, beside the bare question to its index, each in its context."""
    from django.db import connection
    from django.utils import timezone

    from tenants.organizations.models import Property
    from tenants.organizations.scoping import tenant_context
    from tenants.rights import retention_jobs

    ids = list(Property.objects.filter(slug__regex=r"^retention-[0-9]").order_by("pk").values_list("pk", flat=True))
    today = timezone.localdate()
    retention_jobs._line = lambda: ids  # the property where everybody is due is the next row's

    def bare() -> None:
        for tenant_id in ids:
            with tenant_context(tenant_id), connection.cursor() as cursor:
                cursor.execute(BARE, {"tenant": tenant_id, "today": today})
                if cursor.fetchall():
                    raise AssertionError("Nobody is due.")

    def ours() -> None:
        if retention_jobs.sweep_retention(seconds=3600):
            raise AssertionError("Nobody is due.")

    ours_s, bare_s = side_by_side(ours, bare, rounds=ROUNDS)
    return within(
        f"sweep of {len(ids):,} properties with {HOUSES * PEOPLE:,} people, none due",
        ours=ours_s * 1000,
        rival=bare_s * 1000,
        rival_name="the bare index query for due faces in each property",
        times=3,
        unit="ms",
    )


def _dump(measured: list[Row]) -> str:
    return json.dumps([row.as_dict() for row in measured])


if __name__ == "__main__":
    import django

    django.setup()
    parts = {"fill": fill, "sweep": lambda: _dump([sweep()]), "erase": lambda: _dump(erasing.erase(DUE))}
    print(parts[sys.argv[1]]())
