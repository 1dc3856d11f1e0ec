"""How the register of targets starts: Kalimantan Barat, 61 % at the end of 2026, from 37 % in December 2025.

Both are records that an admin can correct: the number of the by-law is not verified, and 61 is the rounding
of 60.80 in the official path.
"""

from decimal import Decimal

from django.db import migrations

from coverage_portal.lib.periods import Month

KALIMANTAN_BARAT = "61"


def load(apps, schema_editor):
    apps.get_model("regions", "Target").objects.create(
        province_id=KALIMANTAN_BARAT,
        year=2026,
        percent=Decimal("61.00"),
        legal_basis="Perda Provinsi Kalimantan Barat (nomor belum diverifikasi)",
    )
    apps.get_model("regions", "Baseline").objects.create(
        province_id=KALIMANTAN_BARAT,
        month=Month(2025, 12),
        percent=Decimal("37.00"),
        source="Gubernur Kalimantan Barat dan BPJS Ketenagakerjaan, jurnalis.co.id, 24 Desember 2025",
    )


def remove(apps, schema_editor):
    apps.get_model("regions", "Target").objects.filter(province_id=KALIMANTAN_BARAT, year=2026).delete()
    apps.get_model("regions", "Baseline").objects.filter(province_id=KALIMANTAN_BARAT).delete()


class Migration(migrations.Migration):
    dependencies = [("regions", "0002_reference_areas")]

    operations = [migrations.RunPython(load, remove)]
