"""The triggers over enrollments look at no more workers than a statement speaks of.

A list of new workers has the highest ids, all next to each other; beside ten million stored ones, joining all
of them took longer than writing the list.
"""

from django.db import migrations

NO_OVERLAP = """
CREATE OR REPLACE FUNCTION projects_enrollment_no_overlap() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
    workers bigint;
BEGIN
    SELECT min(worker_id), max(worker_id), count(DISTINCT worker_id) INTO lowest, highest, workers FROM changed;
    -- Each has what was written; where there is no more than one of each, nothing can overlap.
    IF workers = (
        SELECT count(*) FROM (
            SELECT FROM projects_enrollment WHERE worker_id BETWEEN lowest AND highest LIMIT workers + 1
        ) AS of_them
    ) THEN
        RETURN NULL;
    END IF;
    IF EXISTS (
        SELECT FROM changed
        JOIN projects_enrollment other ON other.worker_id = changed.worker_id
            AND other.worker_id BETWEEN lowest AND highest
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
END $$
"""
REFERENCES = """
CREATE OR REPLACE FUNCTION projects_enrollment_references() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lowest bigint;
    highest bigint;
    missing text;
BEGIN
    SELECT min(worker_id), max(worker_id) INTO lowest, highest FROM changed;
    PERFORM FROM regions_regency r WHERE r.code IN (SELECT DISTINCT c.regency_id FROM changed c)
        ORDER BY r.code FOR KEY SHARE;
    PERFORM FROM projects_project p WHERE p.id IN (SELECT DISTINCT c.project_id FROM changed c)
        ORDER BY p.id FOR KEY SHARE;
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM changed c WHERE NOT EXISTS (
                SELECT FROM projects_worker w WHERE w.id = c.worker_id AND w.id BETWEEN lowest AND highest
            )
        ) THEN 'worker'
        WHEN EXISTS (
            SELECT FROM (SELECT DISTINCT regency_id FROM changed) AS c
            WHERE NOT EXISTS (SELECT FROM regions_regency r WHERE r.code = c.regency_id)
        ) THEN 'regency'
        WHEN EXISTS (
            SELECT FROM (SELECT DISTINCT project_id FROM changed WHERE project_id IS NOT NULL) AS c
            WHERE NOT EXISTS (SELECT FROM projects_project p WHERE p.id = c.project_id)
        ) THEN 'project'
    END INTO missing;
    IF missing IS NOT NULL THEN
        RAISE EXCEPTION 'an enrollment refers to a % that does not exist', missing
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'enrollment_' || missing || '_exists';
    END IF;
    RETURN NULL;
END $$
"""


class Migration(migrations.Migration):
    dependencies = [("projects", "0021_handling")]

    # Taken back, the functions may stay: they hold the same rule.
    operations = [
        migrations.RunSQL(NO_OVERLAP, migrations.RunSQL.noop),
        migrations.RunSQL(REFERENCES, migrations.RunSQL.noop),
    ]
