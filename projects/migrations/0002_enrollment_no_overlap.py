"""One worker's enrollments in the same segment and employer or project may not overlap.

A statement-level trigger, for the embedded server has no btree_gist for an exclusion constraint. It sees
only what is committed: writers lock their workers in id order first.
"""

from django.db import migrations

CREATE = """
CREATE FUNCTION projects_enrollment_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (
        SELECT FROM changed
        JOIN projects_enrollment other ON other.worker_id = changed.worker_id
            AND other.id <> changed.id
            AND other.segment = changed.segment
            AND other.employer_npp = changed.employer_npp
            AND other.project_id IS NOT DISTINCT FROM changed.project_id
            AND other.start <= coalesce(changed."end", 'infinity'::date)
            AND changed.start <= coalesce(other."end", 'infinity'::date)
    ) THEN
        RAISE EXCEPTION 'enrollments of one worker overlap'
            USING ERRCODE = 'exclusion_violation', CONSTRAINT = 'enrollment_no_overlap';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER enrollment_no_overlap_insert AFTER INSERT ON projects_enrollment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_enrollment_no_overlap();
CREATE TRIGGER enrollment_no_overlap_update AFTER UPDATE ON projects_enrollment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_enrollment_no_overlap();
"""
DROP = """
DROP TRIGGER enrollment_no_overlap_update ON projects_enrollment;
DROP TRIGGER enrollment_no_overlap_insert ON projects_enrollment;
DROP FUNCTION projects_enrollment_no_overlap();
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0001_initial")]

    operations = [migrations.RunSQL(CREATE, DROP)]
