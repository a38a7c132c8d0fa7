"""Rules that the database keeps by itself, whoever writes: the last wall behind the services."""

from portal.security import evidence, place_triggers
from portal.security.place_triggers import AS_OWNER


def statements() -> list[str]:
    """Return the SQL of every trigger, written so that it may run again."""
    return [
        # Photos on their way never reach the write-ahead log. The table is empty when it is made.
        'ALTER TABLE "enrollment_capture" SET UNLOGGED',
        *_published_notice_is_frozen(),
        *_signed_assessment_is_frozen(),
        *_assessment_has_a_second_member(),
        *place_triggers.statements(),
        *evidence.statements(),
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


def _signed_assessment_is_frozen() -> list[str]:
    """With its risks and contributors. Written later: that it went out of date, what happened, until when it covered.

    What happened is only ever added to.
    """
    refusal = (
        "RAISE EXCEPTION 'A signed assessment never changes and is kept (Measures Art 9).' "
        "USING ERRCODE = 'check_violation'"
    )
    later = "'stale_since' - 'stale_for' - 'covers_until' - 'incidents'"
    kept = (
        "(SELECT jsonb_agg(value ORDER BY place) FROM jsonb_array_elements(NEW.incidents) WITH ORDINALITY "
        "AS told(value, place) WHERE place <= jsonb_array_length(OLD.incidents))"
    )
    sql = [
        f"""
        CREATE OR REPLACE FUNCTION consentry_signed_assessment_is_frozen() RETURNS trigger LANGUAGE plpgsql AS $$
        BEGIN
          IF OLD.state = 'signed' AND (
            TG_OP = 'DELETE' OR to_jsonb(NEW) - {later} IS DISTINCT FROM to_jsonb(OLD) - {later}
            OR {kept} IS DISTINCT FROM nullif(OLD.incidents, '[]')
          ) THEN {refusal}; END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END $$
        """,
        """
        CREATE OR REPLACE TRIGGER signed_assessment_is_frozen BEFORE UPDATE OR DELETE ON transparency_assessment
        FOR EACH ROW EXECUTE FUNCTION consentry_signed_assessment_is_frozen()
        """,
        f"""
        CREATE OR REPLACE FUNCTION consentry_part_of_signed_assessment_is_frozen() RETURNS trigger {AS_OWNER} AS $$
        DECLARE parents uuid[] := ARRAY(SELECT DISTINCT unnest(ARRAY[
          CASE WHEN TG_OP <> 'INSERT' THEN OLD.assessment_id END, CASE WHEN TG_OP <> 'DELETE' THEN NEW.assessment_id END
        ]));
        BEGIN
          -- Waits for a signature that is being written at the same moment.
          PERFORM 1 FROM transparency_assessment WHERE id = ANY (parents) FOR SHARE;
          IF EXISTS (SELECT 1 FROM transparency_assessment WHERE id = ANY (parents) AND state = 'signed')
          THEN {refusal}; END IF;
          IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - the sentence is our own
    ]
    for table in ("transparency_risk", "transparency_contribution"):
        sql.append(
            f"""
            CREATE OR REPLACE TRIGGER part_of_signed_assessment_is_frozen BEFORE INSERT OR UPDATE OR DELETE ON {table}
            FOR EACH ROW EXECUTE FUNCTION consentry_part_of_signed_assessment_is_frozen()
            """
        )
    return sql


def _assessment_has_a_second_member() -> list[str]:
    """Asked at the signature alone: a version that was signed before this rule stays as it is."""
    return [
        f"""
        CREATE OR REPLACE FUNCTION consentry_assessment_has_a_second_member() RETURNS trigger {AS_OWNER} AS $$
        BEGIN
          IF NEW.signed_by_id = NEW.drafted_by_id OR EXISTS (
            SELECT 1 FROM transparency_contribution WHERE assessment_id = NEW.id AND user_id = NEW.signed_by_id
          ) THEN
            RAISE EXCEPTION 'Who wrote an assessment does not sign it.' USING ERRCODE = 'check_violation';
          END IF;
          RETURN NEW;
        END $$
        """,  # noqa: S608 - the only variable part is our own
        """
        CREATE OR REPLACE TRIGGER assessment_has_a_second_member BEFORE UPDATE ON transparency_assessment
        FOR EACH ROW WHEN (OLD.signed_by_id IS NULL AND NEW.signed_by_id IS NOT NULL)
        EXECUTE FUNCTION consentry_assessment_has_a_second_member()
        """,
    ]
