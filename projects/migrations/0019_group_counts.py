"""Active persons by group of occupation and payer, counted by the worker."""

import django.db.models.deletion
from django.db import migrations, models

import coverage_portal.lib.fields


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0018_rejected_match"),
        ("regions", "0004_agency"),
    ]

    operations = [
        migrations.CreateModel(
            name="GroupsCounted",
            fields=[
                ("id", models.PositiveSmallIntegerField(default=1, primary_key=True, serialize=False)),
                ("month", coverage_portal.lib.fields.MonthField()),
                ("version", models.CharField(max_length=32)),
            ],
            options={
                "verbose_name": "month that groups are counted of",
                "constraints": [
                    models.CheckConstraint(condition=models.Q(("id", 1)), name="groupscounted_one_row")
                ],
            },
        ),
        migrations.CreateModel(
            name="GroupCount",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "occupation",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("nelayan", "Nelayan"),
                            ("petani", "Petani"),
                            ("pekerja_sawit", "Pekerja kebun sawit"),
                            ("pedagang", "Pedagang"),
                            ("pengemudi", "Pengemudi dan ojek"),
                            ("buruh_bangunan", "Buruh bangunan"),
                            ("perangkat_desa", "Kepala dan perangkat desa"),
                            ("rt_rw", "Pengurus RT/RW"),
                            ("bpd", "Anggota BPD"),
                            ("kader", "Kader"),
                            ("linmas", "Linmas"),
                            ("non_asn", "Pegawai non-ASN"),
                            ("pemilu", "Penyelenggara pemilu"),
                            ("keagamaan", "Pekerja sosial keagamaan"),
                            ("karyawan", "Karyawan perusahaan"),
                            ("lainnya", "Lainnya"),
                        ],
                        max_length=15,
                    ),
                ),
                (
                    "funding",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("mandiri", "Mandiri"),
                            ("perusahaan", "Perusahaan"),
                            ("apbd", "APBD"),
                            ("apbdes", "APBDes"),
                            ("dbh_sawit", "DBH sawit"),
                            ("csr", "CSR"),
                        ],
                        max_length=10,
                    ),
                ),
                ("people", models.PositiveIntegerField()),
                (
                    "regency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.DO_NOTHING,
                        related_name="+",
                        to="regions.regency",
                        to_field="code",
                    ),
                ),
            ],
            options={
                "verbose_name": "count of a group",
                "constraints": [
                    models.UniqueConstraint(
                        fields=("regency", "occupation", "funding"), name="groupcount_once"
                    )
                ],
            },
        ),
    ]
