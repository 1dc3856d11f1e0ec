"""What was published stays as it was, and a month goes through its states in order, held by the database.

- Releases, their cells and exceptions are never deleted and never changed. But for two things: a user who is
  deleted leaves what was done, and an exception that still holds may be ended earlier.
- A release is numbered after the last one of its regency and month, and gets no cell once it is in force.
- A month goes draft, submitted, approved, locked; only a submitted one goes back. A closed one never opens
  again, and its release goes on to a later one of the same regency and month.

Only removing the example, which sets `portal.removing_example` for its transaction, may do otherwise.
"""

from django.db import migrations

APPEND_ONLY = """
CREATE FUNCTION regions_removing_example() RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT coalesce(current_setting('portal.removing_example', true), '') = 'yes'
$$;
CREATE FUNCTION regions_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF regions_removing_example() OR (
            to_jsonb(NEW) - 'user_id' = to_jsonb(OLD) - 'user_id' AND to_jsonb(NEW) ->> 'user_id' IS NULL
        ) THEN
            RETURN NEW;
        END IF;
        -- Nested, for a record of another table has no such field.
        IF TG_TABLE_NAME = 'regions_periodexception' THEN
            IF to_jsonb(NEW) - 'valid_until' = to_jsonb(OLD) - 'valid_until'
                AND OLD.valid_until > clock_timestamp() AND NEW.valid_until < OLD.valid_until THEN
                RETURN NEW;
            END IF;
        END IF;
    ELSIF regions_removing_example() THEN
        RETURN OLD;
    END IF;
    RAISE EXCEPTION 'what was published or granted stays as it was'
        USING ERRCODE = 'check_violation', CONSTRAINT = TG_NAME;
END $$;
CREATE TRIGGER release_append_only BEFORE UPDATE OR DELETE ON regions_release
    FOR EACH ROW EXECUTE FUNCTION regions_append_only();
CREATE TRIGGER publishedcell_append_only BEFORE UPDATE OR DELETE ON regions_publishedcell
    FOR EACH ROW EXECUTE FUNCTION regions_append_only();
CREATE TRIGGER exception_append_only BEFORE UPDATE OR DELETE ON regions_periodexception
    FOR EACH ROW EXECUTE FUNCTION regions_append_only();
"""
NO_APPEND_ONLY = """
DROP TRIGGER exception_append_only ON regions_periodexception;
DROP TRIGGER publishedcell_append_only ON regions_publishedcell;
DROP TRIGGER release_append_only ON regions_release;
DROP FUNCTION regions_append_only();
DROP FUNCTION regions_removing_example();
"""

IN_ORDER = """
CREATE FUNCTION regions_release_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (
        SELECT coalesce(max(number) + 1, 0) FROM regions_release
        WHERE regency_id = NEW.regency_id AND month = NEW.month
    ) THEN
        RAISE EXCEPTION 'a release is numbered after the last one'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'release_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER release_in_order BEFORE INSERT ON regions_release
    FOR EACH ROW EXECUTE FUNCTION regions_release_in_order();
CREATE FUNCTION regions_publishedcell_in_order() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM regions_release mine
        JOIN regions_release other ON other.regency_id = mine.regency_id AND other.month = mine.month
            AND other.number >= mine.number
        JOIN regions_periodstatus status ON status.release_id = other.id
        WHERE mine.id = NEW.release_id
    ) THEN
        RAISE EXCEPTION 'a release that is in force gets no more cells'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'publishedcell_in_order';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER publishedcell_in_order BEFORE INSERT ON regions_publishedcell
    FOR EACH ROW EXECUTE FUNCTION regions_publishedcell_in_order();
"""
NO_IN_ORDER = """
DROP TRIGGER publishedcell_in_order ON regions_publishedcell;
DROP FUNCTION regions_publishedcell_in_order();
DROP TRIGGER release_in_order ON regions_release;
DROP FUNCTION regions_release_in_order();
"""

TRANSITIONS = """
CREATE FUNCTION regions_period_transition() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF regions_removing_example() THEN
        IF TG_OP = 'DELETE' THEN RETURN OLD; END IF;
        RETURN NEW;
    END IF;
    IF TG_OP = 'DELETE' THEN
        IF OLD.state NOT IN ('approved', 'locked') THEN RETURN OLD; END IF;
    ELSIF TG_OP = 'INSERT' THEN
        IF NEW.state IN ('draft', 'submitted') THEN RETURN NEW; END IF;
    ELSIF (NEW.regency_id, NEW.month) = (OLD.regency_id, OLD.month)
        AND (
            NEW.state = OLD.state OR (OLD.state, NEW.state) IN (
                ('draft', 'submitted'), ('submitted', 'draft'), ('submitted', 'approved'), ('approved', 'locked')
            )
        )
        AND (
            NEW.release_id IS NOT DISTINCT FROM OLD.release_id OR EXISTS (
                SELECT FROM regions_release release WHERE release.id = NEW.release_id
                    AND (release.regency_id, release.month) = (NEW.regency_id, NEW.month)
                    AND release.number > coalesce(
                        (SELECT number FROM regions_release WHERE id = OLD.release_id), -1
                    )
            )
        ) THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION 'a month goes through its states in order, and a closed one stays closed'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'period_transition';
END $$;
CREATE TRIGGER period_transition BEFORE INSERT OR UPDATE OR DELETE ON regions_periodstatus
    FOR EACH ROW EXECUTE FUNCTION regions_period_transition();
"""
NO_TRANSITIONS = """
DROP TRIGGER period_transition ON regions_periodstatus;
DROP FUNCTION regions_period_transition();
"""


class Migration(migrations.Migration):
    dependencies = [("regions", "0008_closing_records")]

    operations = [
        migrations.RunSQL(APPEND_ONLY, NO_APPEND_ONLY),
        migrations.RunSQL(IN_ORDER, NO_IN_ORDER),
        migrations.RunSQL(TRANSITIONS, NO_TRANSITIONS),
    ]
