"""Rules that the database keeps by itself, whoever writes: the last wall behind the services."""

PRIVATE = [
    "hotel_room",
    "private_dining_room",
    "bath",
    "toilet",
    "changing_room",
    "nursing_room",
    "fitting_room",
    "dormitory_room",
    "treatment_room",
]


def statements() -> list[str]:
    """Return the SQL of every trigger, written so that it may run again."""
    kinds = ", ".join(f"'{kind}'" for kind in PRIVATE)
    return [
        # Photos on their way never reach the write-ahead log. The table is empty when it is made.
        'ALTER TABLE "enrollment_capture" SET UNLOGGED',
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
        f"""
        CREATE OR REPLACE FUNCTION consentry_no_device_in_private_place() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF NEW.state IN ('registered', 'active') AND EXISTS (
            SELECT 1 FROM premises_accesspoint door JOIN premises_zone zone ON zone.id = door.zone_id
            WHERE door.id = NEW.access_point_id AND zone.kind IN ({kinds})
          ) AND (TG_OP = 'INSERT' OR NEW.state = 'active' AND OLD.state <> 'active') THEN
            RAISE EXCEPTION 'No face device in a private place (Measures Art 13).' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE OR REPLACE TRIGGER no_device_in_private_place BEFORE INSERT OR UPDATE ON premises_device
        FOR EACH ROW EXECUTE FUNCTION consentry_no_device_in_private_place()
        """,
    ]
