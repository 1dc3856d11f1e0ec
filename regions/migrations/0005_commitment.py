"""Commitments: what was promised in a regency, by whom, until when."""

import datetime

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("regions", "0004_agency"),
    ]

    operations = [
        migrations.CreateModel(
            name="Commitment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("promise", models.CharField(max_length=300, verbose_name="yang dijanjikan")),
                (
                    "promised_members",
                    models.PositiveIntegerField(
                        blank=True,
                        help_text="Jumlah orang, misalnya 12.000. Boleh kosong.",
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(1),
                            django.core.validators.MaxValueValidator(300000000),
                        ],
                        verbose_name="peserta yang dijanjikan",
                    ),
                ),
                (
                    "segment",
                    models.CharField(
                        blank=True,
                        choices=[
                            ("PU", "PU – Penerima Upah"),
                            ("BPU", "BPU – Bukan Penerima Upah"),
                            ("JAKON", "Jakon – Jasa Konstruksi"),
                            ("PMI", "PMI – Pekerja Migran Indonesia"),
                        ],
                        help_text="Kosongkan bila janjinya untuk semua segmen.",
                        max_length=5,
                        verbose_name="segmen",
                    ),
                ),
                ("made_on", models.DateField(verbose_name="tanggal janji")),
                ("due_on", models.DateField(verbose_name="tenggat")),
                (
                    "source",
                    models.CharField(
                        help_text="Misalnya Rapat koordinasi 12 Agustus 2025.",
                        max_length=200,
                        verbose_name="forum atau sumber",
                    ),
                ),
                (
                    "status",
                    models.CharField(
                        choices=[("berjalan", "Berjalan"), ("selesai", "Selesai"), ("batal", "Batal")],
                        default="berjalan",
                        max_length=10,
                        verbose_name="status",
                    ),
                ),
                ("closed_on", models.DateField(blank=True, null=True, verbose_name="tanggal ditutup")),
                (
                    "closing_note",
                    models.CharField(blank=True, max_length=300, verbose_name="catatan penutupan"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        help_text="OPD kabupaten/kota itu, OPD provinsinya, atau instansi tanpa wilayah.",
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="commitments",
                        to="regions.agency",
                        verbose_name="penanggung jawab",
                    ),
                ),
                (
                    "regency",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to="regions.regency",
                        to_field="code",
                        verbose_name="kabupaten/kota",
                    ),
                ),
            ],
            options={
                "verbose_name": "janji tindak lanjut",
                "verbose_name_plural": "janji tindak lanjut",
                "indexes": [models.Index(fields=["regency", "status", "due_on"], name="commitment_urgency")],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("promise__regex", "\\S")), name="commitment_says_something"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("source__regex", "\\S")), name="commitment_has_source"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("promised_members__isnull", True),
                            ("promised_members__range", (1, 300000000)),
                            _connector="OR",
                        ),
                        name="commitment_members_range",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("segment__in", ["", "PU", "BPU", "JAKON", "PMI"])),
                        name="commitment_segment_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("due_on__lte", datetime.date(2100, 12, 31)),
                            ("made_on__gte", datetime.date(2000, 1, 1)),
                        ),
                        name="commitment_dates_range",
                        violation_error_message="Tanggal janji atau tenggatnya tidak masuk akal. Periksa tahunnya.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("due_on__gte", models.F("made_on"))),
                        name="commitment_due_after_made",
                        violation_error_message="Tenggat tidak boleh sebelum tanggal janji.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("status__in", ["berjalan", "selesai", "batal"])),
                        name="commitment_status_known",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            models.Q(
                                ("closed_on__isnull", True), ("closing_note", ""), ("status", "berjalan")
                            ),
                            models.Q(
                                models.Q(("status", "berjalan"), _negated=True),
                                ("closed_on__isnull", False),
                                ("closing_note__regex", "\\S"),
                            ),
                            _connector="OR",
                        ),
                        name="commitment_closed_whole",
                        violation_error_message="Janji yang selesai atau batal harus disertai tanggal dan catatan penutupan; yang masih berjalan tanpa keduanya.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("closed_on__isnull", True),
                            ("closed_on__gte", models.F("made_on")),
                            _connector="OR",
                        ),
                        name="commitment_closed_after_made",
                        violation_error_message="Tanggal ditutup tidak boleh sebelum tanggal janji.",
                    ),
                ],
            },
        ),
    ]
