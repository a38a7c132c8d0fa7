"""Evidence stays: no role deletes it before its time, none rewrites it, the owner of the tables included.

The one list of what counts as evidence, and what of it may still change. A row may be deleted three years after the end
of the processing that it is about (PIPL 56), by `manage.py expire_evidence` alone, and not while a legal hold keeps it.
"""

from dataclasses import dataclass

from django.apps import apps
from django.db import models

from portal.security.place_triggers import AS_OWNER

KEPT_FOR = "3 years"
# Set by `manage.py expire_evidence` for its own transaction; without the years it opens nothing.
EXPIRY_SETTING = "consentry.evidence_expiry"
# Tests play time and broken clocks. A database of another name takes no notice; security.E002 keeps the name free.
TEST_SETTING = "consentry.test_rewrites"
IN_A_TEST = rf"(current_database() LIKE 'test\_%' AND current_setting('{TEST_SETTING}', true) = 'on')"

_PERSON = "OLD.person_id"
_OF_ERASURE = "(SELECT person_id FROM rights_erasure WHERE id = OLD.erasure_id)"
_DEVICE_ENDED = "(SELECT state_changed_at FROM premises_device WHERE id = OLD.device_id AND state = 'retired')"
NEVER = "NULL::timestamptz"


@dataclass(frozen=True)
class Kept:
    """`frozen` columns never change, None means all that are not named; `once` are filled once, `free` at any time.

    In SQL: `at` says when a row was last written to, `person` whom it is about, `ended` when the processing ended that
    is not about a person.
    """

    at: str

    free: tuple[str, ...] = ()
    once: tuple[str, ...] = ()
    frozen: tuple[str, ...] | None = None
    person: str = _PERSON
    ended: str = NEVER


EVIDENCE: dict[str, Kept] = {
    # In this order `expire_evidence` deletes: what hangs on others first, and last what says when it all ended.
    "rights_legalhold": Kept(
        "OLD.asked_at",
        frozen=("tenant_id", "kind", "person_id", "article", "asked_by_id", "asked_at"),
        once=("approved_by_id", "approved_at", "lifted_by_id", "lifted_at"),
        ended="coalesce(OLD.lifted_at, OLD.ends_on::timestamptz)",
    ),
    "people_invitation": Kept("OLD.asked_at", free=("state", "reason", "attempts", "next_try_at", "sent_at")),
    "people_promptrecord": Kept("OLD.prompted_at"),
    "people_consent": Kept("greatest(OLD.decided_at, OLD.withdrawn_at)", once=("withdrawn_at", "withdrawn_by")),
    # An erasure empties the scan; its fingerprint stays.
    "people_paperform": Kept("OLD.recorded_at", free=("scan",)),
    "clearance_clearance": Kept("OLD.answered_at", ended=_DEVICE_ENDED),
    "edge_deviceorder": Kept(
        "coalesce(OLD.finished_at, OLD.created_at)",
        frozen=("tenant_id", "device_id", "kind", "person_id", "created_at", "requested_by_id"),
        once=("receipt", "signature"),
        ended=_DEVICE_ENDED,
    ),
    "edge_devicecopy": Kept("OLD.since", frozen=("tenant_id", "device_id", "person_id")),
    # A certificate stands on it.
    "edge_deviceloss": Kept(
        "OLD.declared_at",
        frozen=("tenant_id", "device_id", "reason", "declared_by_id", "declared_at"),
        once=("confirmed_by_id", "confirmed_at", "taken_back_by_id", "taken_back_at", "returned_at"),
        person="NULL::uuid",
        ended=_DEVICE_ENDED,
    ),
    "organizations_emergencyaccess": Kept(
        "greatest(OLD.ends_at, OLD.ended_at)",
        once=("ended_at", "ended_by_id"),
        person="NULL::uuid",
        ended="OLD.ends_at",
    ),
    "organizations_accessreview": Kept("OLD.reviewed_at", person="NULL::uuid", ended="OLD.reviewed_at"),
    "premises_devicesign": Kept(_DEVICE_ENDED, person="NULL::uuid", ended=_DEVICE_ENDED),
    "rights_certificate": Kept("OLD.issued_at", person=_OF_ERASURE),
    "rights_erasurereceipt": Kept("OLD.at", person=_OF_ERASURE),
    "rights_erasure": Kept(
        "OLD.completed_at",
        frozen=("tenant_id", "person_id", "reason", "scope", "ordered_at", "keys_destroyed"),
        once=("completed_at",),
    ),
}
# These have triggers of their own against a change or deletion (triggers.py); emptying them at once is refused as well.
FROZEN_BY_THEMSELVES = (
    "transparency_notice",
    "transparency_assessment",
    "transparency_risk",
    "transparency_contribution",
)


def statements() -> list[str]:
    """Return the SQL of these triggers, written so that it may run again."""
    sql = [*_functions()]
    for table, kept in EVIDENCE.items():
        sql += [*_stays(table, kept), *_is_not_rewritten(table, kept)]
    sql += trigger("rights_ledgerreplay", "evidence_stays", "BEFORE DELETE", "ROW", "consentry_evidence_stays()")
    for table in (*EVIDENCE, *FROZEN_BY_THEMSELVES, "rights_ledgerreplay"):
        sql += trigger(table, "evidence_is_not_emptied", "BEFORE TRUNCATE", "STATEMENT", "consentry_evidence_stays()")
    return sql


def _functions() -> list[str]:
    return [
        # When the use of a person's face ended: not while one is kept, being erased, or may still come.
        """
        CREATE OR REPLACE FUNCTION consentry_processing_ended(whose uuid) RETURNS timestamptz
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT CASE WHEN person.face_state IN ('invited', 'erased') AND NOT EXISTS (
            SELECT 1 FROM rights_erasure WHERE person_id = whose AND completed_at IS NULL
          ) THEN greatest(
            person.erased_at, (SELECT max(completed_at) FROM rights_erasure WHERE person_id = whose)
          ) END FROM people_person person WHERE person.id = whose
        $$
        """,
        """
        CREATE OR REPLACE FUNCTION consentry_is_held(house uuid, whose uuid) RETURNS boolean
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT EXISTS (
            SELECT 1 FROM rights_legalhold WHERE tenant_id = house AND kind = 'evidence' AND lifted_at IS NULL
            AND ends_on >= current_date AND (person_id IS NULL OR person_id = whose)
          )
        $$
        """,
        "REVOKE EXECUTE ON FUNCTION consentry_processing_ended, consentry_is_held FROM PUBLIC",
        f"""
        CREATE OR REPLACE FUNCTION consentry_evidence_stays() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT {IN_A_TEST} THEN {_refusal("stays: nobody deletes it")}; END IF;
          RETURN OLD;
        END $$
        """,
        f"""
        CREATE OR REPLACE FUNCTION consentry_evidence_is_not_rewritten() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NOT {IN_A_TEST} THEN {_refusal("is not rewritten")}; END IF;
          RETURN NEW;
        END $$
        """,
    ]


def _refusal(what: str) -> str:
    return f"RAISE EXCEPTION 'Evidence in % {what} (PIPL 56).', TG_TABLE_NAME USING ERRCODE = 'check_violation'"


def is_over(kept: Kept) -> str:
    """Return in SQL whether a row, called OLD, has outlived its years and no legal hold keeps it. Never unknown."""
    ended = f"CASE WHEN {kept.person} IS NULL THEN {kept.ended} ELSE consentry_processing_ended({kept.person}) END"
    # An end that is not there is not passed over: `greatest` would take the other date alone.
    passed = f"{ended} IS NOT NULL AND greatest({kept.at}, {ended}) < now() - interval '{KEPT_FOR}'"
    return f"coalesce({passed}, false) AND NOT consentry_is_held(OLD.tenant_id, {kept.person})"


def _stays(table: str, kept: Kept) -> list[str]:
    function = f"consentry_evidence_stays_{table}"
    return [
        f"""
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          IF NOT {IN_A_TEST} AND NOT (
            coalesce(current_setting('{EXPIRY_SETTING}', true), '') = 'on' AND {is_over(kept)}
          ) THEN {_refusal("stays: nobody deletes it")}; END IF;
          RETURN OLD;
        END $$
        """,
        *trigger(table, "evidence_stays", "BEFORE DELETE", "ROW", f"{function}()"),
    ]


def _is_not_rewritten(table: str, kept: Kept) -> list[str]:
    fields = {field.column: field for field in _model(table)._meta.concrete_fields}
    named = {*kept.free, *kept.once}
    frozen = kept.frozen if kept.frozen is not None else tuple(column for column in fields if column not in named)
    changed = [f"OLD.{column} IS DISTINCT FROM NEW.{column}" for column in frozen]
    for column in kept.once:
        is_text = isinstance(fields[column], models.CharField | models.TextField)
        filled = f"OLD.{column} <> ''" if is_text else f"OLD.{column} IS NOT NULL"
        changed.append(f"({filled} AND OLD.{column} IS DISTINCT FROM NEW.{column})")
    when = f"WHEN ({' OR '.join(changed)}) "
    function = "consentry_evidence_is_not_rewritten()"
    return trigger(table, "evidence_is_not_rewritten", "BEFORE UPDATE", "ROW", function, when=when)


def trigger(
    table: str, name: str, when_fired: str, each: str, function: str, *, when: str = "", referencing: str = ""
) -> list[str]:
    """Return the SQL of a trigger that fires in every session; `each` is ROW or STATEMENT, `when` a whole WHEN (…).

    `referencing` names the changed rows for a trigger of a whole statement.
    """
    rows = f"REFERENCING {referencing} " if referencing else ""
    return [
        f"CREATE OR REPLACE TRIGGER {name} {when_fired} ON {table} {rows}"
        f"FOR EACH {each} {when}EXECUTE FUNCTION {function}",
        # Also in a session that asks for no triggers, as a replica does.
        f"ALTER TABLE {table} ENABLE ALWAYS TRIGGER {name}",
    ]


def _model(table: str) -> type[models.Model]:
    [model] = [model for model in apps.get_models() if model._meta.db_table == table]
    return model
