"""Seven roles and an eighth, the permission to export, and an end to each auditor's grant."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0003_moment"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="change",
            options={
                "permissions": [("export_records", "Can take records away as a file")],
                "verbose_name": "perubahan",
                "verbose_name_plural": "riwayat perubahan",
            },
        ),
        migrations.AlterField(
            model_name="areagrant",
            name="agency_code",
            field=models.CharField(
                blank=True,
                help_text="Diisi bila hanya untuk proyek satu instansi; kosong untuk seluruh wilayah.",
                max_length=40,
                verbose_name="kode OPD",
            ),
        ),
        migrations.AlterField(
            model_name="areagrant",
            name="role",
            field=models.CharField(
                choices=[
                    ("viewer", "Pembaca"),
                    ("importer", "Staf BPJS (impor)"),
                    ("editor", "Pengelola data"),
                    ("project_admin", "Pengelola proyek"),
                    ("approver", "Penyetuju"),
                    ("portal_admin", "Admin portal"),
                    ("supervisor", "Pengawas"),
                    ("auditor", "Auditor"),
                ],
                max_length=20,
                verbose_name="peran",
            ),
        ),
        migrations.AddConstraint(
            model_name="areagrant",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("role", "auditor"), _negated=True),
                    ("valid_until__isnull", False),
                    _connector="OR",
                ),
                name="areagrant_auditor_ends",
                violation_error_message="Peran auditor selalu berbatas waktu: isi tanggal akhirnya.",
            ),
        ),
    ]
