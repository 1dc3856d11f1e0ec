"""Agencies: who has construction projects built."""

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0003_first_target"),
    ]

    operations = [
        migrations.CreateModel(
            name="Agency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "code",
                    models.CharField(
                        help_text="Kode tetap yang dipakai di berkas impor dan wilayah kerja, misalnya 61.PUPR.",
                        max_length=40,
                        unique=True,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Za-z0-9][A-Za-z0-9._/-]*$",
                                "Tulis huruf, angka, titik, garis, atau garis miring.",
                            )
                        ],
                        verbose_name="kode instansi",
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nama")),
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("pusat", "Kementerian/lembaga"),
                            ("opd_prov", "OPD provinsi"),
                            ("opd_kab", "OPD kabupaten/kota"),
                            ("bumn", "BUMN/BUMD"),
                            ("desa", "Pemerintah desa"),
                            ("swasta", "Swasta"),
                        ],
                        max_length=10,
                        verbose_name="jenis",
                    ),
                ),
                (
                    "province",
                    models.ForeignKey(
                        blank=True,
                        help_text="Untuk OPD provinsi.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.province",
                        to_field="code",
                        verbose_name="provinsi",
                    ),
                ),
                (
                    "regency",
                    models.ForeignKey(
                        blank=True,
                        help_text="Untuk OPD kabupaten/kota dan desa.",
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.regency",
                        to_field="code",
                        verbose_name="kabupaten/kota",
                    ),
                ),
            ],
            options={
                "verbose_name": "instansi",
                "verbose_name_plural": "instansi",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("name", "province", "regency"),
                        name="agency_once",
                        nulls_distinct=False,
                        violation_error_message="Instansi dengan nama ini sudah ada di wilayah itu.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("kind__in", ["pusat", "opd_prov", "opd_kab", "bumn", "desa", "swasta"])
                        ),
                        name="agency_kind_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="agency_named"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("code__regex", "^[A-Za-z0-9][A-Za-z0-9._/-]*$")),
                        name="agency_code_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("province__isnull", True), ("regency__isnull", True), _connector="OR"
                        ),
                        name="agency_one_area",
                        violation_error_message="Isi provinsi atau kabupaten/kota, salah satu saja.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("province__isnull", False),
                            models.Q(("kind", "opd_prov"), _negated=True),
                            _connector="OR",
                        ),
                        name="agency_of_province",
                        violation_error_message="OPD provinsi harus disertai provinsinya.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("regency__isnull", False),
                            models.Q(("kind__in", ["opd_kab", "desa"]), _negated=True),
                            _connector="OR",
                        ),
                        name="agency_of_regency",
                        violation_error_message="OPD kabupaten/kota dan desa harus disertai kabupaten/kotanya.",
                    ),
                ],
            },
        ),
    ]
