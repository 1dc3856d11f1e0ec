"""The holidays and days of joint leave that are known so far; from here on the table is what counts."""

from django.db import migrations

from projects import reference


def load(apps, schema_editor):
    holiday = apps.get_model("projects", "Holiday")
    holiday.objects.bulk_create(
        holiday(
            date=record.day,
            name=record.name,
            kind="cuti_bersama" if record.is_collective_leave else "nasional",
            source=record.source.title[:200],
        )
        for record in reference.holidays()
    )


def remove(apps, schema_editor):
    days = [record.day for record in reference.holidays()]
    apps.get_model("projects", "Holiday").objects.filter(date__in=days).delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0012_project_groups")]

    operations = [migrations.RunPython(load, remove)]
