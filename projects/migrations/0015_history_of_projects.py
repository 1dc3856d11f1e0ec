"""What belongs to a project is found in the history by the project, also once it is deleted."""

from django.db import migrations

KEYS = ("project_id", "assessment_id")
SIDES = ("before", "after")


def _each(template):
    return "".join(template.format(key=key, side=side) for key in KEYS for side in SIDES)


# Only the few rows that have the key are in the index.
CREATE = """
CREATE INDEX change_{side}_{key} ON accounts_change (("{side}" -> '{key}'))
    WHERE ("{side}" -> '{key}') IS NOT NULL;
"""
DROP = "DROP INDEX change_{side}_{key};\n"


class Migration(migrations.Migration):
    dependencies = [("projects", "0014_standings"), ("accounts", "0002_groups")]

    operations = [migrations.RunSQL(_each(CREATE), _each(DROP))]
