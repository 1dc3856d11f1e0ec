"""Who may keep the records of projects, and who may read them."""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

AGENCY = ("regions.agency",)
RECORDS = (
    "projects.contractor",
    "projects.project",
    "projects.projectregency",
    "projects.addendum",
    "projects.assessment",
    "projects.instalment",
    "projects.payment",
)
HOLIDAYS = ("projects.holiday",)


def _codes(actions, *models):
    return [
        f"{app}.{action}_{model}"
        for app, model in (label.split(".") for label in models)
        for action in actions
    ]


VIEWING = _codes(("view",), *AGENCY, *RECORDS, *HOLIDAYS)
WRITING = _codes(("add", "change"), *RECORDS)
KEEPING = _codes(("add", "change", "delete"), *AGENCY, *RECORDS, *HOLIDAYS)
GROUPS = {
    "Pembaca": VIEWING,
    "Pengawas": VIEWING,
    "Staf BPJS": [*VIEWING, *WRITING],
    "Pengelola data": [*VIEWING, *KEEPING],
    "Admin portal": [*VIEWING, *KEEPING],
}


def _permissions(apps):
    for label in ("regions", "projects"):
        create_permissions(installed_apps.get_app_config(label), verbosity=0, apps=apps)
    return {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in apps.get_model("auth", "Permission").objects.select_related("content_type")
    }


def grant(apps, schema_editor):
    permissions = _permissions(apps)
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.add(*(permissions[code] for code in GROUPS[group.name]))


def withdraw(apps, schema_editor):
    permissions = _permissions(apps)
    # This one an earlier migration gave, and takes.
    kept = {"projects.view_project"}
    for group in apps.get_model("auth", "Group").objects.filter(name__in=GROUPS):
        group.permissions.remove(*(permissions[code] for code in GROUPS[group.name] if code not in kept))


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0011_project_rules"),
        ("regions", "0004_agency"),
        ("accounts", "0002_groups"),
    ]

    operations = [migrations.RunPython(grant, withdraw)]
