"""What persons have said of proposed matches, so that they are not asked twice."""

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0017_letter_groups"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="RejectedMatch",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("at", models.DateTimeField(default=django.utils.timezone.now, verbose_name="waktu")),
                ("actor", models.CharField(max_length=150, verbose_name="nama pelaku")),
                ("reason", models.CharField(blank=True, max_length=300, verbose_name="alasan")),
                (
                    "package",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                        verbose_name="paket",
                    ),
                ),
                (
                    "registration",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="+",
                        to="projects.project",
                        verbose_name="pendaftaran BPJS",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pengguna",
                    ),
                ),
            ],
            options={
                "verbose_name": "bukan proyek yang sama",
                "verbose_name_plural": "bukan proyek yang sama",
                "constraints": [
                    models.UniqueConstraint(fields=("package", "registration"), name="rejectedmatch_once"),
                    models.CheckConstraint(
                        condition=models.Q(("package", models.F("registration")), _negated=True),
                        name="rejectedmatch_of_two",
                    ),
                ],
            },
        ),
    ]
