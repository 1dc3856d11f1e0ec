"""What an enrollment refers to is checked once a statement, by sets.

PostgreSQL checks a foreign key row by row: at a million rows that alone took as long as everything else that
a commit does. These triggers hold the same rule. They lock regencies and projects as a foreign key would, but
not workers, which every writer of enrollments has locked before.
"""

import django.db.models.deletion
from django.db import migrations, models

CHECK = """
CREATE FUNCTION projects_enrollment_references() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    missing text;
BEGIN
    PERFORM FROM regions_regency r WHERE r.code IN (SELECT DISTINCT c.regency_id FROM changed c)
        ORDER BY r.code FOR KEY SHARE;
    PERFORM FROM projects_project p WHERE p.id IN (SELECT DISTINCT c.project_id FROM changed c)
        ORDER BY p.id FOR KEY SHARE;
    SELECT CASE
        WHEN EXISTS (
            SELECT FROM changed c WHERE NOT EXISTS (SELECT FROM projects_worker w WHERE w.id = c.worker_id)
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
END $$;
CREATE TRIGGER enrollment_references_insert AFTER INSERT ON projects_enrollment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_enrollment_references();
CREATE TRIGGER enrollment_references_update AFTER UPDATE ON projects_enrollment
    REFERENCING NEW TABLE AS changed FOR EACH STATEMENT EXECUTE FUNCTION projects_enrollment_references();
"""
# The referred side: a table, its column, and the column of enrollments that holds it.
REFERRED = (
    ("projects_worker", "id", "worker_id", "worker"),
    ("regions_regency", "code", "regency_id", "regency"),
    ("projects_project", "id", "project_id", "project"),
)
KEEP = """
CREATE FUNCTION projects_enrollment_keeps_{name}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM gone g JOIN projects_enrollment e ON e.{referring} = g.{key}) THEN
        RAISE EXCEPTION 'enrollments refer to this {name}'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'enrollment_{name}_exists';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER enrollment_keeps_{name} AFTER DELETE ON {table}
    REFERENCING OLD TABLE AS gone FOR EACH STATEMENT EXECUTE FUNCTION projects_enrollment_keeps_{name}();
CREATE FUNCTION projects_enrollment_keeps_{name}_key() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM projects_enrollment e WHERE e.{referring} = OLD.{key}) THEN
        RAISE EXCEPTION 'enrollments refer to this {name}'
            USING ERRCODE = 'foreign_key_violation', CONSTRAINT = 'enrollment_{name}_exists';
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER enrollment_keeps_{name}_key AFTER UPDATE OF {key} ON {table} FOR EACH ROW
    WHEN (OLD.{key} IS DISTINCT FROM NEW.{key}) EXECUTE FUNCTION projects_enrollment_keeps_{name}_key();
"""
RELEASE = """
DROP TRIGGER enrollment_keeps_{name}_key ON {table};
DROP TRIGGER enrollment_keeps_{name} ON {table};
DROP FUNCTION projects_enrollment_keeps_{name}_key();
DROP FUNCTION projects_enrollment_keeps_{name}();
"""
UNCHECK = """
DROP TRIGGER enrollment_references_update ON projects_enrollment;
DROP TRIGGER enrollment_references_insert ON projects_enrollment;
DROP FUNCTION projects_enrollment_references();
"""


def _each(template: str) -> str:
    return "".join(
        template.format(table=table, key=key, referring=referring, name=name)
        for table, key, referring, name in REFERRED
    )


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0006_lookup_groups"),
        ("regions", "0003_first_target"),
    ]

    operations = [
        migrations.RunSQL("SET CONSTRAINTS ALL IMMEDIATE", migrations.RunSQL.noop),
        migrations.AlterField(
            model_name="enrollment",
            name="worker",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrollments",
                to="projects.worker",
                verbose_name="tenaga kerja",
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="regency",
            field=models.ForeignKey(
                db_constraint=False,
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.regency",
                to_field="code",
                verbose_name="kabupaten/kota",
            ),
        ),
        migrations.AlterField(
            model_name="enrollment",
            name="project",
            field=models.ForeignKey(
                blank=True,
                db_constraint=False,
                db_index=False,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="enrollments",
                to="projects.project",
                verbose_name="proyek",
            ),
        ),
        migrations.AddIndex(
            model_name="enrollment",
            index=models.Index(
                condition=models.Q(("project__isnull", False)), fields=["project"], name="enrollment_project"
            ),
        ),
        migrations.RunSQL(CHECK, UNCHECK),
        migrations.RunSQL(_each(KEEP), _each(RELEASE)),
    ]
