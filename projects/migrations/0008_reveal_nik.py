"""Who may be given rows of persons with whole NIKs: the groups that import worker lists, to correct them."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

GROUPS = ("Staf BPJS", "Pengelola data", "Admin portal")


def grant(apps, schema_editor):
    create_permissions(installed_apps.get_app_config("projects"), verbosity=0, apps=apps)
    permission = apps.get_model("auth", "Permission").objects.get(
        content_type__app_label="projects", codename="reveal_nik"
    )
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(permission)


def withdraw(apps, schema_editor):
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*group.permissions.filter(codename="reveal_nik"))


class Migration(migrations.Migration):
    dependencies = [("projects", "0007_enrollment_references"), ("accounts", "0002_groups")]

    operations = [
        migrations.AlterModelOptions(
            name="worker",
            options={
                "permissions": [("reveal_nik", "Can see whole NIKs")],
                "verbose_name": "tenaga kerja",
                "verbose_name_plural": "tenaga kerja",
            },
        ),
        migrations.RunPython(grant, withdraw),
    ]
