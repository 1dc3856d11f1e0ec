"""The letters that were printed: numbered without a gap, and never changed."""

import django.contrib.postgres.fields
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models

KEPT = """
CREATE FUNCTION projects_letter_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.number <> (SELECT coalesce(max(number), 0) + 1 FROM projects_letter WHERE year = NEW.year) THEN
        RAISE EXCEPTION 'a letter does not follow the last one of its year'
            USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_without_gap';
    END IF;
    RETURN NEW;
END $$;
CREATE FUNCTION projects_letter_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'what a letter said does not change'
        USING ERRCODE = 'check_violation', CONSTRAINT = 'letter_unchanged';
END $$;
CREATE TRIGGER letter_without_gap BEFORE INSERT ON projects_letter
    FOR EACH ROW EXECUTE FUNCTION projects_letter_numbered();
CREATE TRIGGER letter_unchanged BEFORE UPDATE ON projects_letter FOR EACH ROW WHEN (
    (NEW.year, NEW.number, NEW.agency_name, NEW."on", NEW.areas, NEW.projects, NEW.content, NEW.sha256,
     NEW.actor, NEW.printed_at)
    IS DISTINCT FROM
    (OLD.year, OLD.number, OLD.agency_name, OLD."on", OLD.areas, OLD.projects, OLD.content, OLD.sha256,
     OLD.actor, OLD.printed_at)
) EXECUTE FUNCTION projects_letter_kept();
"""
NOT_KEPT = """
DROP TRIGGER letter_unchanged ON projects_letter;
DROP TRIGGER letter_without_gap ON projects_letter;
DROP FUNCTION projects_letter_kept();
DROP FUNCTION projects_letter_numbered();
"""


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0015_history_of_projects"),
        ("regions", "0004_agency"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Letter",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("year", models.PositiveSmallIntegerField(verbose_name="tahun")),
                ("number", models.PositiveIntegerField(verbose_name="nomor urut")),
                ("agency_name", models.CharField(max_length=200, verbose_name="nama instansi")),
                ("on", models.DateField(verbose_name="posisi per tanggal")),
                (
                    "areas",
                    django.contrib.postgres.fields.ArrayField(
                        base_field=models.CharField(max_length=5), size=None, verbose_name="wilayah"
                    ),
                ),
                ("projects", models.PositiveIntegerField(verbose_name="jumlah proyek")),
                ("content", models.JSONField(verbose_name="isi surat")),
                ("sha256", models.CharField(max_length=64, verbose_name="sha256 berkas PDF")),
                ("actor", models.CharField(max_length=150, verbose_name="dicetak oleh")),
                (
                    "printed_at",
                    models.DateTimeField(default=django.utils.timezone.now, verbose_name="dicetak pada"),
                ),
                (
                    "agency",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        related_name="letters",
                        to="regions.agency",
                        verbose_name="instansi",
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        blank=True,
                        null=True,
                        on_delete=django.db.models.deletion.SET_NULL,
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="pengguna",
                    ),
                ),
            ],
            options={
                "verbose_name": "surat imbauan",
                "verbose_name_plural": "surat imbauan",
                "permissions": [("print_letter", "Boleh mencetak surat imbauan")],
                "default_permissions": ("view",),
                "constraints": [
                    models.UniqueConstraint(fields=("year", "number"), name="letter_reference_once"),
                    models.CheckConstraint(
                        condition=models.Q(("number__gte", 1)), name="letter_number_from_one"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("projects__gte", 1)), name="letter_has_projects"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("areas__len__gt", 0)), name="letter_has_areas"
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("sha256__regex", "^[0-9a-f]{64}$")), name="letter_sha256_form"
                    ),
                ],
            },
        ),
        migrations.RunSQL(KEPT, NOT_KEPT),
    ]
