"""Who may write down promises: those who edit figures. Whoever reads figures may read them in the admin."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

READING = ("view_commitment",)
WRITING = (*READING, "add_commitment", "change_commitment")
KEEPING = (*WRITING, "delete_commitment")
GROUPS = {
    "Pembaca": READING,
    "Staf BPJS": WRITING,
    "Pengelola data": KEEPING,
    "Admin portal": KEEPING,
}


def _pairs(apps):
    create_permissions(installed_apps.get_app_config("regions"), verbosity=0, apps=apps)
    permissions = apps.get_model("auth", "Permission").objects.filter(content_type__app_label="regions")
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        yield group, permissions.filter(codename__in=GROUPS[group.name])


def grant(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.add(*permissions)


def withdraw(apps, schema_editor):
    for group, permissions in _pairs(apps):
        group.permissions.remove(*permissions)


class Migration(migrations.Migration):
    dependencies = [("regions", "0006_commitment_agency_acts"), ("accounts", "0002_groups")]

    operations = [migrations.RunPython(grant, withdraw)]
