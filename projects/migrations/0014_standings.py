"""What is derived of projects is kept, and triggers note what was written to.

They only add rows, so that writers of the same project do not wait for each other on account of them.
"""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models

# A table, and how the projects are found that rows of it (as `rows`) belong to.
SOURCES = (
    ("project", "SELECT id FROM {rows}"),
    ("projectregency", "SELECT project_id FROM {rows}"),
    ("addendum", "SELECT project_id FROM {rows}"),
    ("assessment", "SELECT project_id FROM {rows}"),
    ("payment", "SELECT project_id FROM {rows}"),
    ("instalment", "SELECT a.project_id FROM {rows} r JOIN projects_assessment a ON a.id = r.assessment_id"),
    ("enrollment", "SELECT project_id FROM {rows} WHERE project_id IS NOT NULL"),
    ("contractor", "SELECT p.id FROM {rows} r JOIN projects_project p ON p.contractor_id = r.id"),
    ("agency", "SELECT p.id FROM {rows} r JOIN projects_project p ON p.agency_id = r.id"),
)
EVENTS = {"insert": ("NEW",), "update": ("OLD", "NEW"), "delete": ("OLD",)}
TOUCH = """
CREATE FUNCTION projects_touch_by_{name}_{event}() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO projects_touched (project_id) {found};
    RETURN NULL;
END $$;
CREATE TRIGGER {name}_touches_{event} AFTER {event} ON {table}
    REFERENCING {transitions} FOR EACH STATEMENT EXECUTE FUNCTION projects_touch_by_{name}_{event}();
"""
LEAVE = """
DROP TRIGGER {name}_touches_{event} ON {table};
DROP FUNCTION projects_touch_by_{name}_{event}();
"""


def _statements(template: str) -> str:
    statements = []
    for name, query in SOURCES:
        for event, sides in EVENTS.items():
            # UNION: each project once.
            found = " UNION ".join(query.format(rows=f"{side.lower()}_rows") for side in sides)
            if len(sides) == 1:
                found = found.replace("SELECT", "SELECT DISTINCT", 1)
            transitions = " ".join(f"{side} TABLE AS {side.lower()}_rows" for side in sides)
            statements.append(
                template.format(
                    name=name,
                    table=f"regions_{name}" if name == "agency" else f"projects_{name}",
                    event=event,
                    found=found,
                    transitions=transitions,
                )
            )
    return "".join(statements)


class Migration(migrations.Migration):
    dependencies = [("projects", "0013_holidays"), ("regions", "0004_agency")]

    operations = [
        migrations.CreateModel(
            name="Touched",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("project_id", models.BigIntegerField()),
            ],
            options={
                "verbose_name": "touched project",
            },
        ),
        migrations.CreateModel(
            name="Standing",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("on", models.DateField()),
                ("rules", models.CharField(max_length=16)),
                ("made_on", models.DateField()),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), size=None
                    ),
                ),
                ("regency_code", models.CharField(max_length=5, null=True)),
                ("fund_source", models.CharField(max_length=10)),
                ("planned", models.PositiveIntegerField(null=True)),
                ("words", models.TextField()),
                (
                    "agency",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        null=True,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="regions.agency",
                    ),
                ),
                ("state", models.CharField(max_length=12)),
                ("settlement", models.CharField(blank=True, max_length=12)),
                ("is_registered", models.BooleanField()),
                ("is_over", models.BooleanField()),
                ("is_protected", models.BooleanField(null=True)),
                ("value", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("due", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("is_estimate", models.BooleanField()),
                ("paid", models.DecimalField(decimal_places=2, max_digits=20)),
                ("outstanding", models.DecimalField(decimal_places=2, max_digits=20, null=True)),
                ("arrears", models.DecimalField(decimal_places=2, max_digits=20)),
                ("arrears_to_30", models.DecimalField(decimal_places=2, max_digits=20)),
                ("arrears_to_90", models.DecimalField(decimal_places=2, max_digits=20)),
                ("arrears_over_90", models.DecimalField(decimal_places=2, max_digits=20)),
                ("start", models.DateField(null=True)),
                ("end", models.DateField(null=True)),
                ("last_day", models.DateField(null=True)),
                ("cover_end", models.DateField(null=True)),
                ("enrolled", models.PositiveIntegerField()),
                (
                    "open_rules",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=30), size=None
                    ),
                ),
                (
                    "missing",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=20), size=None
                    ),
                ),
                (
                    "project",
                    models.ForeignKey(
                        db_constraint=False,
                        db_index=False,
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="standings",
                        to="projects.project",
                    ),
                ),
            ],
            options={
                "verbose_name": "standing of a project",
                "indexes": [models.Index(fields=["on", "rules"], name="standing_on")],
                "constraints": [
                    models.UniqueConstraint(fields=("project", "on", "rules"), name="standing_once")
                ],
            },
        ),
        migrations.RunSQL(_statements(TOUCH), _statements(LEAVE)),
        # What was there before has not been touched: it is missing, and derived at the first reading.
    ]
