"""Figures across all properties of one handler, without any of their rows: row-level security shows one only."""

import uuid

from django.db import connection

from portal.security.grants import WEB


def people_of(handler_id: uuid.UUID) -> int:
    """Return how many people of any kind a handler has: persons and working members, in all its properties.

    Order No. 25 and Art 52 PIPL count people of the legal entity, not of one compound.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT consentry_people_of_handler(%s)", [handler_id])
        return int(cursor.fetchone()[0])


def statements() -> list[str]:
    """Return the SQL of the functions, written so that it may run again. Each gives back one number, nothing else."""
    return [
        """
        CREATE OR REPLACE FUNCTION consentry_people_of_handler(wanted uuid) RETURNS bigint
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT (
            SELECT count(*) FROM people_person person JOIN organizations_property house ON house.id = person.tenant_id
            WHERE house.handler_id = wanted AND person.erased_at IS NULL
          ) + (
            SELECT count(DISTINCT member.user_id) FROM organizations_membership member
            JOIN organizations_property house ON house.id = member.tenant_id
            WHERE house.handler_id = wanted AND member.is_active
          )
        $$
        """,
        "REVOKE ALL ON FUNCTION consentry_people_of_handler(uuid) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION consentry_people_of_handler(uuid) TO {WEB}",
    ]
