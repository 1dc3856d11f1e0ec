"""Who may keep projects in their area that an agency of another area has let."""

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0019_group_counts"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="project",
            options={
                "permissions": [
                    ("change_project_of_others", "Can change projects that an agency of another area has let")
                ],
                "verbose_name": "proyek jasa konstruksi",
                "verbose_name_plural": "proyek jasa konstruksi",
            },
        ),
    ]
