"""The audit in the database: what a leaf is, which rows wait for a seal, and that rows are only ever added.

The functions run as the owner, because a seal covers every property; they give ids and hashes and none of the rows.
"""

from portal.security.evidence import IN_A_TEST, trigger
from portal.security.grants import WEB
from portal.security.place_triggers import AS_OWNER

LOG = "auditlog_logentry"
# Table, its time, and the seal's list of its ids.
SOURCES = {
    LOG: ("timestamp", "entry_ids"),
    "security_accessevent": ("at", "access_ids"),
}
SEALS = "security_auditseal"
# Set by `manage.py expire_audit` for its own transaction; without the months it opens nothing.
EXPIRY_SETTING = "consentry.audit_expiry"
LEAST_MONTHS = 36

_READS = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp SET timezone = 'UTC'"


def text_of(table: str) -> str:
    """Return in SQL what the leaf of a row `one` says: its table and every column, in PostgreSQL's one order of keys.

    Times are in UTC only where the session's time zone is. What PostgreSQL makes of other columns says nothing new.
    """
    made = " - 'tenant'" if table == LOG else ""
    return f"jsonb_build_object('table', '{table}', 'row', to_jsonb(one){made})::text"


def statements() -> list[str]:
    """Return the SQL of functions and triggers, written so that it may run again."""
    sql = _by_property()
    for table, (at, ids) in SOURCES.items():
        leaf = f"sha256('\\x00'::bytea || convert_to({text_of(table)}, 'UTF8'))"
        sql += [
            f"""
            CREATE OR REPLACE FUNCTION consentry_leaves_{table}(wanted bigint[])
            RETURNS TABLE (id bigint, at timestamptz, leaf bytea) {_READS} AS $$
              SELECT one.id::bigint, one."{at}", {leaf} FROM {table} one WHERE one.id = ANY (wanted)
            $$
            """,  # noqa: S608 - our own table names
            f"""
            CREATE OR REPLACE FUNCTION consentry_unsealed_{table}(above bigint, since bigint, most bigint)
            RETURNS TABLE (id bigint, at timestamptz, leaf bytea) {_READS} AS $$
              SELECT one.id::bigint, one."{at}", {leaf} FROM {table} one
              WHERE one.id > above AND NOT EXISTS (
                SELECT 1 FROM (SELECT unnest({ids}) AS id FROM {SEALS} WHERE number > since) sealed
                WHERE sealed.id = one.id
              ) ORDER BY one.id LIMIT most
            $$
            """,  # noqa: S608 - our own table names
            f"""
            CREATE OR REPLACE FUNCTION consentry_last_{table}() RETURNS bigint
            LANGUAGE sql VOLATILE SECURITY DEFINER SET search_path = public, pg_temp AS $$
              SELECT last_value FROM {table}_id_seq
            $$
            """,  # noqa: S608 - our own table names
            *_rows_stay(table, at),
        ]
        for name in (
            f"consentry_leaves_{table}(bigint[])",
            f"consentry_unsealed_{table}(bigint, bigint, bigint)",
            f"consentry_last_{table}()",
        ):
            sql += [f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC", f"GRANT EXECUTE ON FUNCTION {name} TO {WEB}"]
    sql += _no_names()
    for table in (*SOURCES, SEALS):
        sql += trigger(table, "audit_is_not_rewritten", "BEFORE UPDATE", "ROW", "consentry_evidence_is_not_rewritten()")
        sql += trigger(table, "audit_is_not_emptied", "BEFORE TRUNCATE", "STATEMENT", "consentry_evidence_stays()")
    return [*sql, *trigger(SEALS, "audit_stays", "BEFORE DELETE", "ROW", "consentry_evidence_stays()")]


def _by_property() -> list[str]:
    """A property's page of its own log. Under row-level security no index on what `->>` says is used: it may leak."""
    return [
        f"ALTER TABLE {LOG} ADD COLUMN IF NOT EXISTS tenant text "
        "GENERATED ALWAYS AS (nullif(additional_data ->> 'tenant', '')) STORED",
        f'CREATE INDEX IF NOT EXISTS log_by_property ON {LOG} (tenant, "timestamp" DESC, id DESC)',
        "DROP INDEX IF EXISTS log_of_a_property",
    ]


def _no_names() -> list[str]:
    """An entry names a member by id: auditlog would add who they are, which an id finds where it may be known."""
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_log_names_nobody() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          NEW.actor_email := NULL;
          IF NEW.content_type_id = (
            SELECT id FROM django_content_type WHERE app_label = 'organizations' AND model = 'user'
          ) THEN NEW.object_repr := 'user ' || NEW.object_pk; END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - our own table names
        # Most entries call their row by its id and need no look: an erasure writes many.
        "CREATE OR REPLACE TRIGGER log_names_nobody BEFORE INSERT ON auditlog_logentry FOR EACH ROW "
        "WHEN (NEW.actor_email IS NOT NULL OR NOT starts_with(reverse(NEW.object_repr), reverse(NEW.object_pk))) "
        "EXECUTE FUNCTION consentry_log_names_nobody()",
        "ALTER TABLE auditlog_logentry ENABLE ALWAYS TRIGGER log_names_nobody",
    ]


def _rows_stay(table: str, at: str) -> list[str]:
    function = f"consentry_audit_stays_{table}"
    return [
        f"""
        CREATE OR REPLACE FUNCTION {function}() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          IF NOT {IN_A_TEST} AND NOT (
            coalesce(current_setting('{EXPIRY_SETTING}', true), '') = 'on'
            AND OLD."{at}" < now() - interval '{LEAST_MONTHS} months'
          ) THEN RAISE EXCEPTION 'The audit in % stays: nobody deletes it (PIPL 54).', TG_TABLE_NAME
            USING ERRCODE = 'check_violation'; END IF;
          RETURN OLD;
        END $$
        """,
        *trigger(table, "audit_stays", "BEFORE DELETE", "ROW", f"{function}()"),
    ]
