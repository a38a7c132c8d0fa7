"""Where a device may be, kept by the database itself: zones are a tree, and nothing looks into a private place."""

from tenants.premises.kinds import ZoneKind, ZoneLevel
from tenants.premises.rules import is_private

# A rule must see every row, whatever context the writer is in; the fixed path keeps foreign code out.
AS_OWNER = "LANGUAGE plpgsql SECURITY DEFINER SET search_path = public, pg_temp"
ALLOWED_KINDS = ", ".join(f"'{kind.value}'" for kind in ZoneKind if not is_private(kind))
LEVELS = ", ".join(f"'{level.value}'" for level in ZoneLevel)
REFUSAL = "RAISE EXCEPTION 'No face device in a private place (Measures Art 13).' USING ERRCODE = 'check_violation'"


def statements() -> list[str]:
    """Return the SQL of these triggers, written so that it may run again."""
    return [
        *_a_zone_lies_in_a_larger_one(),
        *_place_is_private(),
        *_no_device_in_private_place(),
        *_no_private_place_around_a_device(),
    ]


def _a_zone_lies_in_a_larger_one() -> list[str]:
    """Keeps the zones of a property a tree of at most four levels, and lets a change of one wait for its devices.

    A change of kind or place locks the zones inside, in the order of their keys. Switching a device on locks its
    own zone, so each waits for the other, and the second sees what the first has done.
    """
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_a_zone_lies_in_a_larger_one() RETURNS trigger {AS_OWNER} AS $$
        DECLARE levels text[] := ARRAY[{LEVELS}]; around premises_zone;
        BEGIN
          IF TG_OP = 'UPDATE' THEN
            PERFORM 1 FROM premises_zone WHERE id <> NEW.id
              AND id IN (SELECT consentry_zones_within(NEW.id)) ORDER BY id FOR UPDATE;
            IF EXISTS (
              SELECT 1 FROM premises_zone inside WHERE inside.parent_id = NEW.id AND inside.id <> NEW.id
              AND array_position(levels, inside.level::text) <= array_position(levels, NEW.level::text)
            ) THEN
              RAISE EXCEPTION 'A zone lies in a larger one.' USING ERRCODE = 'check_violation';
            END IF;
          END IF;
          IF NEW.parent_id IS NULL THEN RETURN NEW; END IF;
          SELECT * INTO around FROM premises_zone WHERE id = NEW.parent_id FOR SHARE;
          IF around.id IS NULL OR around.tenant_id <> NEW.tenant_id
            OR array_position(levels, around.level::text) IS NULL
            OR array_position(levels, NEW.level::text) IS NULL
            OR array_position(levels, around.level::text) >= array_position(levels, NEW.level::text)
          THEN
            RAISE EXCEPTION 'A zone lies in a larger one.' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - the levels are our own words
        """
        CREATE OR REPLACE TRIGGER a_zone_lies_in_a_larger_one
        BEFORE INSERT OR UPDATE OF kind, parent_id, level ON premises_zone
        FOR EACH ROW EXECUTE FUNCTION consentry_a_zone_lies_in_a_larger_one()
        """,
    ]


def _place_is_private() -> list[str]:
    """What the other rules ask: is a place private, by its own kind or one around it. Unknown counts as private."""
    tree = "SECURITY DEFINER SET search_path = public, pg_temp"
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_zones_within(place uuid) RETURNS SETOF uuid LANGUAGE sql {tree} AS $$
          WITH RECURSIVE inside AS (
            SELECT id FROM premises_zone WHERE id = place
            UNION SELECT zone.id FROM premises_zone zone JOIN inside ON zone.parent_id = inside.id
          ) SELECT id FROM inside
        $$
        """,  # noqa: S608 - a fixed statement
        f"""
        CREATE OR REPLACE FUNCTION consentry_place_is_private(place uuid) RETURNS boolean LANGUAGE sql {tree} AS $$
          WITH RECURSIVE around AS (
            SELECT id, kind, parent_id FROM premises_zone WHERE id = place
            UNION SELECT zone.id, zone.kind, zone.parent_id
            FROM premises_zone zone JOIN around ON zone.id = around.parent_id
          ) SELECT count(*) = 0 OR bool_or(kind NOT IN ({ALLOWED_KINDS})) FROM around
        $$
        """,  # noqa: S608 - the kinds are our own words
        # They see every property, so the roles reach them through the triggers only.
        "REVOKE EXECUTE ON FUNCTION consentry_zones_within, consentry_place_is_private FROM PUBLIC",
    ]


def _no_device_in_private_place() -> list[str]:
    """Registering, switching on or moving a device. An unknown kind of place counts as private.

    The place is locked, so that relabelling it or one around it at the same moment waits or is waited for.
    """
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_no_device_in_private_place() RETURNS trigger {AS_OWNER} AS $$
        DECLARE place uuid;
        BEGIN
          IF NEW.state IN ('suspended', 'retired')
            OR TG_OP = 'UPDATE' AND (NEW.state, NEW.access_point_id) = (OLD.state, OLD.access_point_id)
          THEN RETURN NEW; END IF;
          SELECT zone.id INTO place FROM premises_accesspoint door JOIN premises_zone zone ON zone.id = door.zone_id
          WHERE door.id = NEW.access_point_id FOR SHARE;
          IF consentry_place_is_private(place) THEN {REFUSAL}; END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - the refusal is our own sentence
        """
        CREATE OR REPLACE TRIGGER no_device_in_private_place BEFORE INSERT OR UPDATE ON premises_device
        FOR EACH ROW EXECUTE FUNCTION consentry_no_device_in_private_place()
        """,
    ]


def _no_private_place_around_a_device() -> list[str]:
    """Relabelling or moving a zone, or moving a door: checked at the commit, after the services stopped the devices."""
    sql = []
    for table, columns, doors in (
        ("premises_zone", "kind, parent_id", "door.zone_id IN (SELECT consentry_zones_within(NEW.id))"),
        ("premises_accesspoint", "zone_id", "door.id = NEW.id"),
    ):
        name, function = "no_private_place_around_a_device", f"consentry_no_private_place_around_a_device_{table}"
        sql += [
            f"""
            CREATE OR REPLACE FUNCTION {function}() RETURNS trigger {AS_OWNER} AS $$
            BEGIN
              IF EXISTS (
                SELECT 1 FROM premises_device device JOIN premises_accesspoint door ON door.id = device.access_point_id
                WHERE device.state = 'active' AND {doors} AND consentry_place_is_private(door.zone_id)
              ) THEN {REFUSAL}; END IF;
              RETURN NULL;
            END $$
            """,  # noqa: S608 - the tables and columns are our own words
            f"DROP TRIGGER IF EXISTS {name} ON {table}",  # PostgreSQL replaces no constraint trigger in place
            f"""
            CREATE CONSTRAINT TRIGGER {name} AFTER UPDATE OF {columns} ON {table}
            DEFERRABLE INITIALLY DEFERRED
            FOR EACH ROW EXECUTE FUNCTION {function}()
            """,
        ]
    return sql
