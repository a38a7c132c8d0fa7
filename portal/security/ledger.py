"""How far the database knows the ledger of erasures, across all properties: numbers and ids, none of their rows."""

from portal.security.grants import RECOGNITION, WEB

_AS_OWNER = "LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp"


def statements() -> list[str]:
    """Return the SQL of the functions, written so that it may run again."""
    return [
        # The greatest number says it all: a line is written after its order's commit, so whatever snapshot holds a
        # number holds every order with a smaller one (tenants/rights/ledger.py keeps to that).
        f"""
        CREATE OR REPLACE FUNCTION consentry_ledger_reached() RETURNS bigint {_AS_OWNER} AS $$
          SELECT greatest(
            (SELECT max(ledger_number) FROM rights_erasure), (SELECT max(reached) FROM rights_ledgerreplay), 0
          )
        $$
        """,  # noqa: S608 - a fixed statement
        f"""
        CREATE OR REPLACE FUNCTION consentry_erasures_unknown(wanted uuid[]) RETURNS SETOF uuid {_AS_OWNER} AS $$
          SELECT one FROM unnest(wanted) AS one WHERE NOT EXISTS (SELECT 1 FROM rights_erasure WHERE id = one)
        $$
        """,  # noqa: S608 - a fixed statement
        f"""
        CREATE OR REPLACE FUNCTION consentry_waiting_for_the_ledger() RETURNS SETOF uuid {_AS_OWNER} AS $$
          SELECT DISTINCT tenant_id FROM rights_erasure WHERE ledger_number IS NULL
        $$
        """,  # noqa: S608 - a fixed statement
        *(
            statement
            for name in (
                "consentry_ledger_reached()",
                "consentry_erasures_unknown(uuid[])",
                "consentry_waiting_for_the_ledger()",
            )
            for statement in (
                f"REVOKE ALL ON FUNCTION {name} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {name} TO {WEB}, {RECOGNITION}",
            )
        ),
    ]
