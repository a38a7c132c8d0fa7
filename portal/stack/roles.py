"""The three roles of the application and its database.

docs/operations.md shows the same statements for an external server.
"""

from collections.abc import Callable, Mapping

import psycopg
from psycopg import sql

OWNER, WEB, RECOGNITION = "consentry_owner", "consentry_web", "consentry_recognition"
SUPERUSER = "postgres"
ROLES = (SUPERUSER, OWNER, WEB, RECOGNITION)
DATABASE = "consentry"


def create_roles(address: Callable[[str], str], *, passwords: Mapping[str, str]) -> None:
    """Create the roles and the database; may be repeated after an interruption.

    `address` gives the superuser's address of a database. The owner may become the other two
    (`SET ROLE`) but inherits nothing from them.
    """
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        for role in (OWNER, WEB, RECOGNITION):
            known = connection.execute("SELECT 1 FROM pg_roles WHERE rolname = %s", [role]).fetchone()
            verb = "ALTER" if known else "CREATE"
            rights = "LOGIN CREATEDB" if role == OWNER else "LOGIN"
            statement = sql.SQL(f"{verb} ROLE {{}} {rights} PASSWORD {{}}")  # words of ours, never input
            connection.execute(statement.format(sql.Identifier(role), sql.Literal(passwords[role])))
        for role in (WEB, RECOGNITION):
            connection.execute(
                sql.SQL("GRANT {} TO {} WITH INHERIT FALSE, SET TRUE").format(
                    sql.Identifier(role), sql.Identifier(OWNER)
                )
            )
        if not connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]).fetchone():
            connection.execute(f"CREATE DATABASE {DATABASE} OWNER {OWNER}")
        connection.execute(f"REVOKE ALL ON DATABASE {DATABASE} FROM PUBLIC")
        connection.execute(f"GRANT CONNECT ON DATABASE {DATABASE} TO {WEB}, {RECOGNITION}")
    with psycopg.connect(address(DATABASE), autocommit=True) as connection:
        connection.execute("REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        connection.execute(f"GRANT USAGE ON SCHEMA public TO {WEB}, {RECOGNITION}")
        connection.execute(f"GRANT ALL ON SCHEMA public TO {OWNER}")


def quote_nobody(address: Callable[[str], str]) -> None:
    """Keep what the server tells an application's role out of the server's own log; done at every start.

    Such an error quotes the row or the value that caused it. The application is told it, and logs it without values.
    """
    with psycopg.connect(address("postgres"), autocommit=True) as connection:
        for role in (OWNER, WEB, RECOGNITION):
            connection.execute(sql.SQL("ALTER ROLE {} SET log_min_messages = log").format(sql.Identifier(role)))
