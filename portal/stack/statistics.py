"""Who reads the table of templates, counted by PostgreSQL (pg_stat_statements) and told without any statement's text.

In the server's own database `postgres`: there it is part of no dump, and the application's owner cannot change it.
docs/operations.md shows the same statements for an external server.
"""

import psycopg

from portal.stack.roles import OWNER, RECOGNITION, WEB

# Commands that name the table and read none of its rows; the last one is what a restore sends.
_READS_NOTHING = (
    r"^\s*((alter|analyze|comment|drop|grant|lock|reindex|revoke|truncate|vacuum)\M"
    r'|create\s+((unique\s+)?index|policy|trigger|table\s+("?public"?\.)?"?vault_facetemplate)\M'
    r"|copy\s+[^(\s]+\s*(\([^)]*\))?\s+from\M)"
)
STATEMENTS = (
    "CREATE EXTENSION IF NOT EXISTS pg_stat_statements",
    # Words of ours, never input.
    f"""CREATE OR REPLACE FUNCTION consentry_template_readers(place text) RETURNS TABLE (reader text, calls bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_catalog, pg_temp AS $$
        SELECT role.rolname::text, sum(said.calls)::bigint
        FROM pg_stat_statements said
        JOIN pg_roles role ON role.oid = said.userid
        JOIN pg_database base ON base.oid = said.dbid
        WHERE base.datname = place AND role.rolname <> '{RECOGNITION}'
          AND said.query ~* 'vault_facetemplate' AND said.query !~* '{_READS_NOTHING}'
        GROUP BY role.rolname $$""",  # noqa: S608
    "REVOKE ALL ON FUNCTION consentry_template_readers(text) FROM PUBLIC",
    f"GRANT EXECUTE ON FUNCTION consentry_template_readers(text) TO {OWNER}, {WEB}",
)


def count_readers(superuser: str, *, is_new: bool) -> None:
    """Make or renew the function. `superuser` is the superuser's address of the database `postgres`.

    Of a new server all that was counted so far is forgotten: among it are the statements that set passwords.
    """
    with psycopg.connect(superuser, autocommit=True) as connection:
        for statement in STATEMENTS:
            connection.execute(statement)
        if is_new:
            connection.execute("SELECT pg_stat_statements_reset()")
