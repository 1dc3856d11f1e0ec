"""Progress tells the stage of the work and since when."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("intake", "0004_correcting_a_batch"),
    ]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="stage",
            field=models.CharField(
                blank=True,
                choices=[
                    ("opening", "Berkas dibuka dan diperiksa"),
                    ("rows", "Baris dibaca dan diperiksa"),
                    ("comparing", "Dibandingkan dengan data tersimpan"),
                    ("writing", "Semua baris ditulis bersama-sama"),
                    ("taking_back", "Nilai lama dikembalikan bersama-sama"),
                ],
                max_length=12,
                verbose_name="tahap",
            ),
        ),
        migrations.AddField(
            model_name="importbatch",
            name="stage_since",
            field=models.DateTimeField(blank=True, null=True, verbose_name="tahap sejak"),
        ),
    ]
