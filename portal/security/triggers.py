"""Rules that the database keeps by itself, whoever writes: the last wall behind the services."""

from tenants.premises.kinds import ZoneKind
from tenants.premises.rules import is_private

# A rule must see every row, whatever context the writer is in; the fixed path keeps foreign code out.
AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
ALLOWED_KINDS = ", ".join(f"'{kind.value}'" for kind in ZoneKind if not is_private(kind))
REFUSAL = "RAISE EXCEPTION 'No face device in a private place (Measures Art 13).' USING ERRCODE = 'check_violation'"


def statements() -> list[str]:
    """Return the SQL of every trigger, written so that it may run again."""
    return [
        # Photos on their way never reach the write-ahead log. The table is empty when it is made.
        'ALTER TABLE "enrollment_capture" SET UNLOGGED',
        *_published_notice_is_frozen(),
        *_no_device_in_private_place(),
        *_no_private_place_around_a_device(),
    ]


def _published_notice_is_frozen() -> list[str]:
    return [
        """
        CREATE OR REPLACE FUNCTION consentry_published_notice_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state = 'published' THEN
            RAISE EXCEPTION 'A published notice never changes (Measures Art 5).' USING ERRCODE = 'check_violation';
          END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE OR REPLACE TRIGGER published_notice_is_frozen BEFORE UPDATE OR DELETE ON transparency_notice
        FOR EACH ROW EXECUTE FUNCTION consentry_published_notice_is_frozen()
        """,
    ]


def _no_device_in_private_place() -> list[str]:
    """Registering, switching on or moving a device. An unknown kind of place counts as private.

    The place is locked, so that relabelling it at the same moment waits or is waited for.
    """
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_no_device_in_private_place() RETURNS trigger {AS_OWNER} AS $$
        DECLARE place text;
        BEGIN
          IF NEW.state IN ('suspended', 'retired')
            OR TG_OP = 'UPDATE' AND (NEW.state, NEW.access_point_id) = (OLD.state, OLD.access_point_id)
          THEN RETURN NEW; END IF;
          SELECT zone.kind INTO place FROM premises_accesspoint door JOIN premises_zone zone ON zone.id = door.zone_id
          WHERE door.id = NEW.access_point_id FOR SHARE;
          IF place IS NULL OR place NOT IN ({ALLOWED_KINDS}) THEN {REFUSAL}; END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - the kinds are our own words
        """
        CREATE OR REPLACE TRIGGER no_device_in_private_place BEFORE INSERT OR UPDATE ON premises_device
        FOR EACH ROW EXECUTE FUNCTION consentry_no_device_in_private_place()
        """,
    ]


def _no_private_place_around_a_device() -> list[str]:
    """Relabelling a zone or moving a door: checked at the commit, when the services have stopped the devices."""
    sql = [
        f"""
        CREATE OR REPLACE FUNCTION consentry_no_private_place_around_a_device() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          IF EXISTS (
            SELECT 1 FROM premises_device device
            JOIN premises_accesspoint door ON door.id = device.access_point_id
            JOIN premises_zone zone ON zone.id = door.zone_id
            WHERE device.state = 'active' AND zone.kind NOT IN ({ALLOWED_KINDS}) AND NEW.id IN (door.id, zone.id)
          ) THEN {REFUSAL}; END IF;
          RETURN NULL;
        END $$
        """  # noqa: S608 - the kinds are our own words
    ]
    for table, column in (("premises_zone", "kind"), ("premises_accesspoint", "zone_id")):
        name = "no_private_place_around_a_device"
        sql += [
            f"DROP TRIGGER IF EXISTS {name} ON {table}",  # PostgreSQL replaces no constraint trigger in place
            f"""
            CREATE CONSTRAINT TRIGGER {name} AFTER UPDATE OF {column} ON {table}
            DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION consentry_no_private_place_around_a_device()
            """,
        ]
    return sql
