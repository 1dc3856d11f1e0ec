"""What is kept of construction projects: contracts, changes, assessments, payments, and holidays."""

from decimal import Decimal

import django.core.validators
import django.db.models.deletion
from django.db import migrations, models

import projects.models.contracts


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0009_corrections"),
        ("regions", "0004_agency"),
    ]

    operations = [
        migrations.CreateModel(
            name="Holiday",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("date", models.DateField(unique=True, verbose_name="tanggal")),
                ("name", models.CharField(max_length=120, verbose_name="nama")),
                (
                    "kind",
                    models.CharField(
                        choices=[("nasional", "Libur nasional"), ("cuti_bersama", "Cuti bersama")],
                        default="nasional",
                        max_length=12,
                        verbose_name="jenis",
                    ),
                ),
                ("source", models.CharField(max_length=200, verbose_name="dasar")),
            ],
            options={
                "verbose_name": "hari libur",
                "verbose_name_plural": "hari libur",
            },
        ),
        migrations.CreateModel(
            name="Instalment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "number",
                    models.PositiveSmallIntegerField(
                        validators=[django.core.validators.MinValueValidator(1)], verbose_name="termin ke"
                    ),
                ),
                ("due_on", models.DateField(verbose_name="jatuh tempo")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=20,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.01"), "Nilai harus lebih dari 0."
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("1000000000000000"),
                                "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                            ),
                        ],
                        verbose_name="jumlah",
                    ),
                ),
            ],
            options={
                "verbose_name": "termin",
                "verbose_name_plural": "termin",
            },
        ),
        migrations.CreateModel(
            name="Payment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("paid_on", models.DateField(verbose_name="tanggal bayar")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=20,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.01"), "Nilai harus lebih dari 0."
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("1000000000000000"),
                                "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                            ),
                        ],
                        verbose_name="jumlah dibayar",
                    ),
                ),
                (
                    "reference",
                    models.CharField(
                        blank=True,
                        help_text="Kode iuran atau nomor bukti bayar; membedakan dua pembayaran yang sama besar.",
                        max_length=60,
                        verbose_name="nomor bukti",
                    ),
                ),
                ("source", models.CharField(blank=True, max_length=200, verbose_name="sumber data")),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
            ],
            options={
                "verbose_name": "pembayaran",
                "verbose_name_plural": "pembayaran",
            },
        ),
        migrations.CreateModel(
            name="ProjectRegency",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
            ],
            options={
                "verbose_name": "kabupaten/kota lain",
                "verbose_name_plural": "kabupaten/kota lain",
            },
        ),
        migrations.AddField(
            model_name="project",
            name="agency",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projects",
                to="regions.agency",
                verbose_name="instansi",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="budget_year",
            field=models.PositiveSmallIntegerField(
                blank=True,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(2000),
                    django.core.validators.MaxValueValidator(2100),
                ],
                verbose_name="tahun anggaran",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="cancelled",
            field=models.BooleanField(default=False, verbose_name="batal"),
        ),
        migrations.AddField(
            model_name="project",
            name="cancelled_on",
            field=models.DateField(blank=True, null=True, verbose_name="tanggal batal"),
        ),
        migrations.AddField(
            model_name="project",
            name="certified_on",
            field=models.DateField(blank=True, null=True, verbose_name="tanggal sertifikat"),
        ),
        migrations.AddField(
            model_name="project",
            name="contract_number",
            field=models.CharField(blank=True, max_length=120, verbose_name="nomor kontrak"),
        ),
        migrations.AddField(
            model_name="project",
            name="contract_value",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=20,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.01"), "Nilai harus lebih dari 0."),
                    django.core.validators.MaxValueValidator(
                        Decimal("1000000000000000"),
                        "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                    ),
                ],
                verbose_name="nilai kontrak",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="contribution_base",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                help_text="Nilai yang dipakai menghitung iuran, bila ditetapkan lain daripada nilai kontrak.",
                max_digits=20,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.01"), "Nilai harus lebih dari 0."),
                    django.core.validators.MaxValueValidator(
                        Decimal("1000000000000000"),
                        "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                    ),
                ],
                verbose_name="dasar iuran",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="cover_end",
            field=models.DateField(
                blank=True,
                help_text="Akhir perlindungan menurut BPJS Ketenagakerjaan.",
                null=True,
                verbose_name="perlindungan sampai",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="data_date",
            field=models.DateField(blank=True, null=True, verbose_name="tanggal data"),
        ),
        migrations.AddField(
            model_name="project",
            name="district",
            field=models.CharField(blank=True, max_length=80, verbose_name="kecamatan"),
        ),
        migrations.AddField(
            model_name="project",
            name="fund_source",
            field=models.CharField(
                blank=True,
                choices=[
                    ("apbn", "APBN"),
                    ("apbd", "APBD (belum dirinci)"),
                    ("apbd_prov", "APBD provinsi"),
                    ("apbd_kab", "APBD kabupaten/kota"),
                    ("bumn", "BUMN/BUMD"),
                    ("apbdes", "APBDes"),
                    ("swasta", "Swasta"),
                    ("lainnya", "Lainnya"),
                ],
                max_length=10,
                verbose_name="sumber dana",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="has_maintenance",
            field=models.BooleanField(
                default=True,
                help_text="Tidak dicentang bila kontraknya tanpa masa pemeliharaan.",
                verbose_name="bermasa pemeliharaan",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="owner",
            field=models.CharField(
                blank=True,
                help_text="Nama satuan kerja seperti tertulis di sumbernya, bila belum ada di daftar instansi.",
                max_length=200,
                verbose_name="pemilik menurut sumber",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="planned_workers",
            field=models.PositiveIntegerField(
                blank=True,
                null=True,
                validators=[django.core.validators.MinValueValidator(1)],
                verbose_name="rencana tenaga kerja",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="ppk",
            field=models.CharField(blank=True, max_length=120, verbose_name="PPK"),
        ),
        migrations.AddField(
            model_name="project",
            name="registered_on",
            field=models.DateField(blank=True, null=True, verbose_name="tanggal pendaftaran"),
        ),
        migrations.AddField(
            model_name="project",
            name="source",
            field=models.CharField(default="belum dicatat", max_length=200, verbose_name="sumber data"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="project",
            name="spk_date",
            field=models.DateField(blank=True, null=True, verbose_name="tanggal SPK"),
        ),
        migrations.AddField(
            model_name="project",
            name="vat_included",
            field=models.BooleanField(blank=True, null=True, verbose_name="nilai termasuk PPN"),
        ),
        migrations.AddField(
            model_name="project",
            name="vat_rate",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=5,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(0),
                    django.core.validators.MaxValueValidator(100),
                ],
                verbose_name="tarif PPN (%)",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="wages",
            field=models.DecimalField(
                blank=True,
                decimal_places=2,
                max_digits=20,
                null=True,
                validators=[
                    django.core.validators.MinValueValidator(Decimal("0.01"), "Nilai harus lebih dari 0."),
                    django.core.validators.MaxValueValidator(
                        Decimal("1000000000000000"),
                        "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                    ),
                ],
                verbose_name="jumlah upah",
            ),
        ),
        migrations.AddField(
            model_name="project",
            name="wages_known",
            field=models.BooleanField(blank=True, null=True, verbose_name="komponen upah diketahui"),
        ),
        migrations.AddField(
            model_name="project",
            name="work",
            field=models.CharField(
                blank=True,
                choices=[
                    ("perencanaan", "Perencanaan"),
                    ("pelaksanaan", "Pelaksanaan"),
                    ("pengawasan", "Pengawasan"),
                ],
                max_length=12,
                verbose_name="jenis pekerjaan",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="first_paid_on",
            field=models.DateField(
                blank=True,
                editable=False,
                help_text="Mengikuti pembayarannya; pekerja proyek dihitung sejak pembayaran pertama.",
                null=True,
                verbose_name="iuran pertama dibayar",
            ),
        ),
        migrations.AlterField(
            model_name="project",
            name="regency",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projects",
                to="regions.regency",
                to_field="code",
                verbose_name="kabupaten/kota",
            ),
        ),
        migrations.CreateModel(
            name="Addendum",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=120, verbose_name="nomor adendum")),
                ("signed_on", models.DateField(verbose_name="tanggal adendum")),
                (
                    "contract_value",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.01"), "Nilai harus lebih dari 0."
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("1000000000000000"),
                                "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                            ),
                        ],
                        verbose_name="nilai kontrak baru",
                    ),
                ),
                (
                    "contribution_base",
                    models.DecimalField(
                        blank=True,
                        decimal_places=2,
                        max_digits=20,
                        null=True,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.01"), "Nilai harus lebih dari 0."
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("1000000000000000"),
                                "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                            ),
                        ],
                        verbose_name="dasar iuran baru",
                    ),
                ),
                ("start", models.DateField(blank=True, null=True, verbose_name="mulai baru")),
                ("end", models.DateField(blank=True, null=True, verbose_name="selesai (PHO) baru")),
                (
                    "maintenance_end",
                    models.DateField(blank=True, null=True, verbose_name="akhir pemeliharaan (FHO) baru"),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="addenda",
                        to="projects.project",
                        verbose_name="proyek",
                    ),
                ),
            ],
            options={
                "verbose_name": "adendum",
                "verbose_name_plural": "adendum",
            },
        ),
        migrations.CreateModel(
            name="Assessment",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("number", models.CharField(max_length=60, verbose_name="nomor penetapan")),
                ("assessed_on", models.DateField(verbose_name="tanggal penetapan")),
                (
                    "amount",
                    models.DecimalField(
                        decimal_places=2,
                        max_digits=20,
                        validators=[
                            django.core.validators.MinValueValidator(
                                Decimal("0.01"), "Nilai harus lebih dari 0."
                            ),
                            django.core.validators.MaxValueValidator(
                                Decimal("1000000000000000"),
                                "Nilai terlalu besar; paling banyak 1.000 triliun rupiah.",
                            ),
                        ],
                        verbose_name="jumlah iuran",
                    ),
                ),
                (
                    "is_additional",
                    models.BooleanField(
                        default=False,
                        help_text="Ditambahkan pada penetapan sebelumnya; tanpa ini, menggantikannya.",
                        verbose_name="tambahan",
                    ),
                ),
                ("note", models.CharField(blank=True, max_length=300, verbose_name="catatan")),
                (
                    "project",
                    models.ForeignKey(
                        db_index=False,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="assessments",
                        to="projects.project",
                        verbose_name="proyek",
                    ),
                ),
            ],
            options={
                "verbose_name": "penetapan iuran",
                "verbose_name_plural": "penetapan iuran",
            },
        ),
        migrations.CreateModel(
            name="Contractor",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("name", models.CharField(max_length=200, verbose_name="nama")),
                (
                    "npwp",
                    projects.models.contracts.NpwpField(
                        blank=True,
                        help_text="NPWP badan usaha, 15 atau 16 angka, dengan atau tanpa tanda baca.",
                        max_length=16,
                        verbose_name="NPWP",
                    ),
                ),
                (
                    "npp",
                    models.CharField(
                        blank=True,
                        help_text="Nomor pendaftaran perusahaan di BPJS Ketenagakerjaan.",
                        max_length=8,
                        validators=[
                            django.core.validators.RegexValidator(
                                "^[A-Z0-9]{8}$", "NPP terdiri atas 8 huruf besar atau angka."
                            )
                        ],
                        verbose_name="NPP",
                    ),
                ),
            ],
            options={
                "verbose_name": "penyedia jasa",
                "verbose_name_plural": "penyedia jasa",
                "indexes": [models.Index(fields=["name"], name="contractor_name")],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("npwp", ""), _negated=True),
                        fields=("npwp",),
                        name="contractor_npwp_unique",
                        violation_error_message="Penyedia dengan NPWP ini sudah ada.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(
                            ("npwp", ""), ("npwp__regex", "^(0\\d{15}|10\\d{14})$"), _connector="OR"
                        ),
                        name="contractor_npwp_form",
                        violation_error_message="NPWP badan usaha terdiri atas 16 angka dan diawali 0 atau 10.",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("npp", ""), ("npp__regex", "^[A-Z0-9]{8}$"), _connector="OR"),
                        name="contractor_npp_form",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("name", ""), _negated=True), name="contractor_named"
                    ),
                ],
            },
        ),
        migrations.AddField(
            model_name="project",
            name="contractor",
            field=models.ForeignKey(
                blank=True,
                help_text="Kosong untuk swakelola.",
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="projects",
                to="projects.contractor",
                verbose_name="penyedia jasa",
            ),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["name"], name="project_name"),
        ),
        migrations.AddIndex(
            model_name="project",
            index=models.Index(fields=["spk_date"], name="project_spk_date"),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("name", ""), _negated=True), name="project_named"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("source", ""), _negated=True),
                name="project_has_source",
                violation_error_message="Sumber data belum diisi.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("maintenance_end__gte", models.F("start"))),
                name="project_maintenance_after_start",
                violation_error_message="Akhir pemeliharaan mendahului tanggal mulai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("registered_on__gte", models.F("spk_date"))),
                name="project_registered_after_contract",
                violation_error_message="Tanggal pendaftaran mendahului tanggal SPK.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("certified_on__gte", models.F("spk_date"))),
                name="project_certified_after_contract",
                violation_error_message="Tanggal sertifikat mendahului tanggal SPK.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_on__gte", models.F("spk_date"))),
                name="project_cancelled_after_contract",
                violation_error_message="Tanggal batal mendahului tanggal SPK.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("certified_on__gte", models.F("registered_on"))),
                name="project_certified_after_registered",
                violation_error_message="Tanggal sertifikat mendahului tanggal pendaftaran.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("contract_value__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="project_contract_value_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contribution_base__range", (Decimal("0.01"), Decimal("1000000000000000")))
                ),
                name="project_contribution_base_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("wages__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="project_wages_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("wages__isnull", True),
                    models.Q(("wages_known", True), ("wages_known__isnull", False)),
                    _connector="OR",
                ),
                name="project_wages_are_known",
                violation_error_message="Jumlah upah terisi, tetapi komponen upah tidak diketahui.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("vat_rate__range", (0, 100))), name="project_vat_rate_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("planned_workers__range", (1, 1000000))),
                name="project_planned_workers_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("budget_year__range", (2000, 2100))), name="project_budget_year_range"
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("cancelled_on__isnull", True), ("cancelled", True), _connector="OR"),
                name="project_cancelled_when",
                violation_error_message="Tanggal batal terisi, tetapi proyek tidak ditandai batal.",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    (
                        "fund_source__in",
                        ["", "apbn", "apbd", "apbd_prov", "apbd_kab", "bumn", "apbdes", "swasta", "lainnya"],
                    )
                ),
                name="project_fund_source_known",
            ),
        ),
        migrations.AddConstraint(
            model_name="project",
            constraint=models.CheckConstraint(
                condition=models.Q(("work__in", ["", "perencanaan", "pelaksanaan", "pengawasan"])),
                name="project_work_known",
            ),
        ),
        migrations.AlterConstraint(
            model_name="project",
            name="project_package_code_unique",
            constraint=models.UniqueConstraint(
                condition=models.Q(("package_code", ""), _negated=True),
                fields=("package_code",),
                name="project_package_code_unique",
                violation_error_message="Proyek dengan kode paket ini sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="project",
            name="project_bpjs_number_unique",
            constraint=models.UniqueConstraint(
                condition=models.Q(("bpjs_number", ""), _negated=True),
                fields=("bpjs_number",),
                name="project_bpjs_number_unique",
                violation_error_message="Proyek dengan nomor BPJS ini sudah ada.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="project",
            name="project_end_after_start",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))),
                name="project_end_after_start",
                violation_error_message="Tanggal selesai mendahului tanggal mulai.",
            ),
        ),
        migrations.AlterConstraint(
            model_name="project",
            name="project_maintenance_after_end",
            constraint=models.CheckConstraint(
                condition=models.Q(("maintenance_end__gte", models.F("end"))),
                name="project_maintenance_after_end",
                violation_error_message="Akhir pemeliharaan mendahului tanggal selesai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(("kind__in", ["nasional", "cuti_bersama"])), name="holiday_kind_known"
            ),
        ),
        migrations.AddConstraint(
            model_name="holiday",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    models.Q(("name", ""), _negated=True), models.Q(("source", ""), _negated=True)
                ),
                name="holiday_named",
            ),
        ),
        migrations.AddField(
            model_name="instalment",
            name="assessment",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="instalments",
                to="projects.assessment",
                verbose_name="penetapan iuran",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="assessment",
            field=models.ForeignKey(
                blank=True,
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="projects.assessment",
                verbose_name="penetapan iuran",
            ),
        ),
        migrations.AddField(
            model_name="payment",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="payments",
                to="projects.project",
                verbose_name="proyek",
            ),
        ),
        migrations.AddField(
            model_name="projectregency",
            name="project",
            field=models.ForeignKey(
                db_index=False,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="further",
                to="projects.project",
                verbose_name="proyek",
            ),
        ),
        migrations.AddField(
            model_name="projectregency",
            name="regency",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT,
                related_name="+",
                to="regions.regency",
                to_field="code",
                verbose_name="kabupaten/kota",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.UniqueConstraint(
                fields=("project", "number"),
                name="addendum_once",
                violation_error_message="Adendum dengan nomor ini sudah ada di proyek itu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="addendum_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contract_value__isnull", False),
                    ("contribution_base__isnull", False),
                    ("start__isnull", False),
                    ("end__isnull", False),
                    ("maintenance_end__isnull", False),
                    _connector="OR",
                ),
                name="addendum_changes_something",
                violation_error_message="Adendum belum mengubah apa pun: isi nilai atau tanggalnya.",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(("contract_value__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="addendum_contract_value_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("contribution_base__range", (Decimal("0.01"), Decimal("1000000000000000")))
                ),
                name="addendum_contribution_base_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(("end__gte", models.F("start"))),
                name="addendum_end_after_start",
                violation_error_message="Tanggal selesai mendahului tanggal mulai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="addendum",
            constraint=models.CheckConstraint(
                condition=models.Q(("maintenance_end__gte", models.F("end"))),
                name="addendum_maintenance_after_end",
                violation_error_message="Akhir pemeliharaan mendahului tanggal selesai.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.UniqueConstraint(
                fields=("project", "number"),
                name="assessment_once",
                violation_error_message="Penetapan dengan nomor ini sudah ada di proyek itu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("number", ""), _negated=True), name="assessment_numbered"
            ),
        ),
        migrations.AddConstraint(
            model_name="assessment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="assessment_amount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.UniqueConstraint(
                fields=("assessment", "number"),
                name="instalment_once",
                violation_error_message="Termin ini sudah ada di penetapan itu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("number__gte", 1)), name="instalment_number_from_one"
            ),
        ),
        migrations.AddConstraint(
            model_name="instalment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="instalment_amount_range",
            ),
        ),
        migrations.AddIndex(
            model_name="payment",
            index=models.Index(fields=["project", "paid_on"], name="payment_project_paid_on"),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", ""), _negated=True),
                fields=("project", "reference"),
                name="payment_reference_once",
                violation_error_message="Pembayaran dengan nomor bukti ini sudah ada di proyek itu.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.UniqueConstraint(
                condition=models.Q(("reference", "")),
                fields=("project", "paid_on", "amount"),
                name="payment_once",
                violation_error_message="Pembayaran sebesar ini pada tanggal itu sudah ada. Bila memang dua kali, isi nomor buktinya.",
            ),
        ),
        migrations.AddConstraint(
            model_name="payment",
            constraint=models.CheckConstraint(
                condition=models.Q(("amount__range", (Decimal("0.01"), Decimal("1000000000000000")))),
                name="payment_amount_range",
            ),
        ),
        migrations.AddConstraint(
            model_name="projectregency",
            constraint=models.UniqueConstraint(
                fields=("project", "regency"),
                name="projectregency_once",
                violation_error_message="Kabupaten/kota ini sudah ada di proyek itu.",
            ),
        ),
    ]
