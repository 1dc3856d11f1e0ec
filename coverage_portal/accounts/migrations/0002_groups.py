"""The four groups of users and what each may do; where they may do it follows from their areas.

Permissions are made after all migrations have run, so those of the models as they stand here are made now.
"""

from django.apps import apps as installed_apps
from django.contrib.auth.management import create_permissions
from django.db import migrations

APPS = ("accounts", "intake", "regions")
AREAS = ("province", "regency")
FIGURES = ("workforce", "membership", "target", "baseline", "quotedfigure")

READING = [f"regions.view_{model}" for model in (*AREAS, *FIGURES)]
IMPORTING = [f"intake.{action}" for action in ("upload_file", "confirm_import", "undo_import")]
EDITING = [f"regions.{action}_{model}" for model in FIGURES for action in ("add", "change", "delete")]

GROUPS = {
    "Pembaca": READING,
    "Staf BPJS": [
        *READING,
        *IMPORTING,
        *(
            f"regions.{action}_{model}"
            for model in ("membership", "workforce")
            for action in ("add", "change")
        ),
    ],
    "Pengelola data": [*READING, *IMPORTING, *EDITING],
    "Admin portal": [
        *READING,
        *IMPORTING,
        *EDITING,
        "regions.change_regency",
        *(f"accounts.{action}_user" for action in ("view", "add", "change")),
        *(f"accounts.{action}_areagrant" for action in ("view", "add", "change", "delete")),
        "accounts.view_change",
        "intake.view_importbatch",
    ],
}


def create(apps, schema_editor):
    for label in APPS:
        create_permissions(installed_apps.get_app_config(label), verbosity=0, apps=apps)
    permissions = {
        f"{permission.content_type.app_label}.{permission.codename}": permission
        for permission in apps.get_model("auth", "Permission").objects.select_related("content_type")
    }
    for name, codes in GROUPS.items():
        group, _ = apps.get_model("auth", "Group").objects.get_or_create(name=name)
        group.permissions.set(permissions[code] for code in codes)


def remove(apps, schema_editor):
    apps.get_model("auth", "Group").objects.filter(name__in=GROUPS).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0001_initial"),
        ("auth", "0012_alter_user_first_name_max_length"),
        ("contenttypes", "0002_remove_content_type_name"),
        ("intake", "0001_initial"),
        ("regions", "0001_initial"),
    ]

    operations = [migrations.RunPython(create, remove)]
