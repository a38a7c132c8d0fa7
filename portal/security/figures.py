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
    """Return the SQL of the functions, written so that it may run again. Each gives back numbers, nothing else."""
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
        """
        CREATE OR REPLACE FUNCTION consentry_faces_by_version()
        RETURNS TABLE (handler uuid, model_version text, faces bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT house.handler_id, face.model_version, count(*) FROM vault_facetemplate face
          JOIN organizations_property house ON house.id = face.tenant_id GROUP BY 1, 2
        $$
        """,
        """
        CREATE OR REPLACE FUNCTION consentry_keys_in_use()
        RETURNS TABLE (handler uuid, generation int, master text, people bigint)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT key.handler_id, key.generation, key.master, count(person.id) FROM vault_handlerkey key
          LEFT JOIN vault_personkey person ON person.handler_key_id = key.id AND person.destroyed_at IS NULL
          GROUP BY key.id
        $$
        """,
        *(
            sql
            for function in (
                "consentry_people_of_handler(uuid)",
                "consentry_faces_by_version()",
                "consentry_keys_in_use()",
            )
            for sql in (
                f"REVOKE ALL ON FUNCTION {function} FROM PUBLIC",
                f"GRANT EXECUTE ON FUNCTION {function} TO {WEB}",
            )
        ),
    ]
