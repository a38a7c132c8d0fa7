"""The erasure of ten thousand due people of one property, beside the bare statements that leave no evidence.

Everything runs on the scratch database. The rivals are the owner of the tables, for whom row-level security is
cheapest, and work in slices as large as ours, each a transaction. Why there are three of them:
docs/decisions/0018-what-erasing-is-measured-against.md.
"""

import resource
import time
import uuid
from collections.abc import Callable, Sequence

from bench.rows import Row, within
from bench.timing import fastest

# What the erasure of a face deletes, destroys and moves.
BARE = (
    "DELETE FROM vault_facetemplate WHERE person_id = ANY(%s)",
    """UPDATE vault_personkey SET wrapped = NULL, destroyed_at = now()
        WHERE person_id = ANY(%s) AND destroyed_at IS NULL""",
    """UPDATE people_person SET face_state = 'erased', face_enrolled_on = NULL, face_stored = '',
        face_last_used_on = NULL, face_ended_at = now() WHERE id = ANY(%s)""",
)
# The evidence that ours leaves of each person, to be written once more about somebody else. `n` numbers the people.
PAIRS = """CREATE TEMP TABLE pair AS SELECT n, ours, theirs, gen_random_uuid() AS erasure
    FROM unnest(%s::uuid[], %s::uuid[]) WITH ORDINALITY AS two(ours, theirs, n)"""
EVIDENCE = {
    "rights_erasure": """SELECT pair.n, e.* FROM rights_erasure e JOIN pair ON pair.ours = e.person_id""",
    "rights_erasurereceipt": """SELECT pair.n, r.* FROM rights_erasurereceipt r
        JOIN rights_erasure e ON e.id = r.erasure_id JOIN pair ON pair.ours = e.person_id""",
    "clearance_clearance": "SELECT pair.n, c.* FROM clearance_clearance c JOIN pair ON pair.ours = c.person_id",
    "auditlog_logentry": """SELECT about.n, l.* FROM auditlog_logentry l JOIN (
        SELECT n, ours AS id FROM pair UNION ALL SELECT n, id FROM kept_rights_erasure
        UNION ALL SELECT n, id FROM kept_rights_erasurereceipt
        UNION ALL SELECT n, template FROM pair JOIN gone ON gone.person = pair.ours
        ) about ON about.id::text = l.object_pk WHERE l.id > %(last)s""",
}
ANOTHER = (
    """UPDATE kept_rights_erasurereceipt k SET id = gen_random_uuid(), erasure_id = pair.erasure
        FROM pair WHERE pair.n = k.n""",
    """UPDATE kept_rights_erasure k SET id = pair.erasure, person_id = pair.theirs, ledger_number = NULL
        FROM pair WHERE pair.n = k.n""",
    """UPDATE kept_clearance_clearance k SET id = gen_random_uuid(), person_id = pair.theirs
        FROM pair WHERE pair.n = k.n""",
    "UPDATE kept_auditlog_logentry SET id = nextval(pg_get_serial_sequence('auditlog_logentry', 'id'))",
)


def erase(due: int) -> list[Row]:
    """Everybody of a property whose stay has ended, from the sweep to the last receipt, in both workers' turns."""
    from tenants.organizations.models import Property
    from tenants.organizations.scoping import tenant_context
    from tenants.people.models import Person
    from tenants.rights.models import Erasure
    from tenants.rights.retention_jobs import SLICE

    late = Property.objects.get(slug="retention-late")
    with tenant_context(late.pk):
        ids = list(Person.objects.filter(tenant=late).order_by("pk").values_list("pk", flat=True))
        parts = [ids[begin : begin + due] for begin in range(0, 4 * due, due)]
        # These are not due: the last rival takes them when ours is done.
        Person.objects.filter(pk__in=parts[3]).update(stay_ends_on=None)
    kept_last = _templates(late.pk, parts[0])
    alone_s = _timed(late.pk, parts[1], size=1)
    bare_s = _timed(late.pk, parts[2], size=SLICE)
    ours_s, peaks = _ours(late.pk)
    with tenant_context(late.pk):
        if Erasure.objects.filter(person__in=parts[0], completed_at__isnull=False).count() != due:
            raise AssertionError("Everybody is due, and everything is to be gone.")
    written = _copy_evidence(late.pk, parts[0], parts[3], last=kept_last)
    floor_s = _timed(late.pk, parts[3], size=SLICE, written=written)
    print(
        f"the bare deletes of {due:,} people: {alone_s:.3g} s person by person (ours: {ours_s / alone_s:.3g} times), "
        f"{bare_s:.3g} s in slices of {SLICE} (ours: {ours_s / bare_s:.3g} times), "
        f"{floor_s:.3g} s with the {sum(written.values()):,} rows of evidence (ours: {ours_s / floor_s:.3g} times)"
    )
    return [
        within(
            f"erasing {due:,} due people of one property, with orders, receipts, evidence and log",
            ours=ours_s,
            rival=alone_s,
            rival_name="the bare SQL deletes of the same rows, person by person",
            times=6,
            unit="s",
        ),
        within(
            f"memory of erasing {due:,} people, at its highest",
            ours=peaks[-1],
            rival=peaks[len(peaks) // 3],
            rival_name="after a third of them",
            times=1.1,
            unit="MiB",
        ),
    ]


def _ours(tenant_id: uuid.UUID) -> tuple[float, list[float]]:
    """Return the seconds, and the most memory that this process had after each slice, in MiB."""
    from tenants.rights import many_jobs, retention_jobs
    from tests.roles import database_role

    peaks = [_peak()]

    def slices(work: Callable[[], object]) -> None:
        while work():
            peaks.append(_peak())

    began = time.perf_counter()
    with database_role("web"):
        slices(lambda: retention_jobs.sweep_slice(tenant_id)[1])
    with database_role("recognition"):
        slices(lambda: many_jobs.empty_slice(tenant_id=tenant_id, runs_as="recognition"))
    with database_role("web"):
        slices(lambda: many_jobs.empty_slice(tenant_id=tenant_id, runs_as="web"))
    return time.perf_counter() - began, peaks


def _timed(
    tenant_id: uuid.UUID, people: Sequence[uuid.UUID], *, size: int, written: dict[str, int] | None = None
) -> float:
    """Return the seconds of the bare deletes in slices of this size, with the inserts of what was copied if any."""
    from django.db import connection

    from tenants.organizations.scoping import tenant_context

    inserts = [_insert(table) for table in written or ()]

    def work() -> None:
        for begin in range(0, len(people), size):
            with tenant_context(tenant_id), connection.cursor() as cursor:
                for statement in BARE:
                    cursor.execute(statement, [list(people[begin : begin + size])])
                for statement in inserts:
                    cursor.execute(statement, [begin, begin + size])

    return fastest(work, rounds=1)[0]


def _templates(tenant_id: uuid.UUID, people: Sequence[uuid.UUID]) -> int:
    """Remember whose templates these are, for their entries in the log; return where the log ends now."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            """CREATE TEMP TABLE gone AS SELECT id AS template, person_id AS person FROM vault_facetemplate
            WHERE tenant_id = %s AND person_id = ANY(%s)""",
            [tenant_id, list(people)],
        )
        cursor.execute("SELECT coalesce(max(id), 0) FROM auditlog_logentry")
        return int(cursor.fetchone()[0])


def _copy_evidence(
    tenant_id: uuid.UUID, ours: Sequence[uuid.UUID], theirs: Sequence[uuid.UUID], *, last: int
) -> dict[str, int]:
    """Copy what ours wrote aside, as if it were about these others; return how many rows, by table."""
    from django.db import connection

    from tenants.organizations.scoping import tenant_context

    written = {}
    with tenant_context(tenant_id), connection.cursor() as cursor:
        cursor.execute(PAIRS, [list(ours), list(theirs)])
        for table, rows in EVIDENCE.items():
            cursor.execute(f"CREATE TEMP TABLE kept_{table} AS {rows}", {"last": last})
            written[table] = cursor.rowcount
        for statement in ANOTHER:
            cursor.execute(statement)
        for table in EVIDENCE:
            cursor.execute(f"CREATE INDEX ON kept_{table} (n)")
            cursor.execute(f"ANALYZE kept_{table}")
    return written


def _insert(table: str) -> str:
    from django.apps import apps

    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    columns = ", ".join(f'"{field.column}"' for field in model._meta.concrete_fields)
    return f'INSERT INTO "{table}" ({columns}) SELECT {columns} FROM kept_{table} WHERE n > %s AND n <= %s'  # noqa: S608 - ours


def _peak() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
