import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0003_forget_readable_samples"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="corrects",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="corrections",
                to="intake.importbatch",
                verbose_name="mengoreksi",
            ),
        ),
        migrations.AlterField(
            model_name="stagedrecord",
            name="outcome",
            field=models.CharField(
                choices=[
                    ("new", "baru"),
                    ("changed", "berubah"),
                    ("same", "sama"),
                    ("wrong", "salah"),
                    ("skipped", "dilewati"),
                    ("removed", "dihapus"),
                    ("back", "dikembalikan"),
                    ("ending", "berakhir"),
                ],
                max_length=7,
            ),
        ),
        migrations.AddConstraint(
            model_name="importbatch",
            constraint=models.UniqueConstraint(
                condition=models.Q(("state__in", ["applied", "undo_asked", "undoing"])),
                fields=("corrects",),
                name="importbatch_corrected_once",
            ),
        ),
    ]
