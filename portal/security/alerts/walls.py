"""What the database knows of alerts across all properties: where a message waits. Ids of properties, nothing else."""

from portal.security.grants import WEB


def statements() -> list[str]:
    """Return the SQL of the function, written so that it may run again."""
    return [
        """
        CREATE OR REPLACE FUNCTION consentry_alerts_waiting(moment timestamptz) RETURNS TABLE (tenant uuid)
        LANGUAGE sql STABLE SECURITY DEFINER SET search_path = public, pg_temp AS $$
          SELECT one.tenant FROM security_alertdelivery one WHERE one.state = 'waiting' AND one.next_try_at <= moment
          UNION SELECT one.tenant FROM security_alert one WHERE one.told_at IS NULL
        $$
        """,
        "REVOKE ALL ON FUNCTION consentry_alerts_waiting(timestamptz) FROM PUBLIC",
        f"GRANT EXECUTE ON FUNCTION consentry_alerts_waiting(timestamptz) TO {WEB}",
    ]
