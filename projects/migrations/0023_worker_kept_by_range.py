"""Whether removed workers still have enrollments is looked up among those workers alone.

As with the triggers over enrollments: an undo takes away the newest, all next to each other, and joining them
with everybody stored took longer than the rest of it.
"""

from django.db import migrations

KEEPS_WORKER = """
CREATE OR REPLACE FUNCTION projects_enrollment_keeps_worker() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
BEGIN
    SELECT min(id), max(id) INTO lowest, highest FROM gone;
    IF EXISTS (
        SELECT FROM gone g JOIN projects_enrollment e ON e.worker_id = g.id
            AND e.worker_id BETWEEN lowest AND highest
    ) THEN
        RAISE EXCEPTION 'enrollments refer to this worker'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'enrollment_worker_exists';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0022_triggers_by_range")]

    # Taken back, the function may stay: it holds the same rule.
    operations = [migrations.RunSQL(KEEPS_WORKER, migrations.RunSQL.noop)]
