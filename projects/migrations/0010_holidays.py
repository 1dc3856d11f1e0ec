"""The holidays and days of joint leave of 2025 and 2026, to be checked against the decree and kept on."""

import datetime

from django.db import migrations

NATIONAL, JOINT_LEAVE = "nasional", "cuti_bersama"
SOURCES = {
    2025: "SKB Tiga Menteri hari libur 2025 dan perubahannya (periksa naskahnya)",
    2026: "SKB Tiga Menteri hari libur 2026 (periksa naskahnya)",
}
HOLIDAYS = {
    "2025-01-01": "Tahun Baru Masehi",
    "2025-01-27": "Isra Mikraj Nabi Muhammad",
    "2025-01-29": "Tahun Baru Imlek",
    "2025-03-29": "Hari Suci Nyepi",
    "2025-03-31": "Idulfitri",
    "2025-04-01": "Idulfitri",
    "2025-04-18": "Wafat Yesus Kristus",
    "2025-04-20": "Kebangkitan Yesus Kristus (Paskah)",
    "2025-05-01": "Hari Buruh Internasional",
    "2025-05-12": "Hari Raya Waisak",
    "2025-05-29": "Kenaikan Yesus Kristus",
    "2025-06-01": "Hari Lahir Pancasila",
    "2025-06-06": "Iduladha",
    "2025-06-27": "Tahun Baru Islam",
    "2025-08-17": "Proklamasi Kemerdekaan",
    "2025-09-05": "Maulid Nabi Muhammad",
    "2025-12-25": "Kelahiran Yesus Kristus",
    "2026-01-01": "Tahun Baru Masehi",
    "2026-01-16": "Isra Mikraj Nabi Muhammad",
    "2026-02-17": "Tahun Baru Imlek",
    "2026-03-19": "Hari Suci Nyepi",
    "2026-03-21": "Idulfitri",
    "2026-03-22": "Idulfitri",
    "2026-04-03": "Wafat Yesus Kristus",
    "2026-04-05": "Kebangkitan Yesus Kristus (Paskah)",
    "2026-05-01": "Hari Buruh Internasional",
    "2026-05-14": "Kenaikan Yesus Kristus",
    "2026-05-27": "Iduladha",
    "2026-05-31": "Hari Raya Waisak",
    "2026-06-01": "Hari Lahir Pancasila",
    "2026-06-16": "Tahun Baru Islam",
    "2026-08-17": "Proklamasi Kemerdekaan",
    "2026-08-25": "Maulid Nabi Muhammad",
    "2026-12-25": "Kelahiran Yesus Kristus",
}
LEAVE = {
    "2025-01-28": "Tahun Baru Imlek",
    "2025-03-28": "Hari Suci Nyepi",
    "2025-04-02": "Idulfitri",
    "2025-04-03": "Idulfitri",
    "2025-04-04": "Idulfitri",
    "2025-04-07": "Idulfitri",
    "2025-05-13": "Hari Raya Waisak",
    "2025-05-30": "Kenaikan Yesus Kristus",
    "2025-06-09": "Iduladha",
    "2025-08-18": "Proklamasi Kemerdekaan",
    "2025-12-26": "Kelahiran Yesus Kristus",
    "2026-02-16": "Tahun Baru Imlek",
    "2026-03-18": "Hari Suci Nyepi",
    "2026-03-20": "Idulfitri",
    "2026-03-23": "Idulfitri",
    "2026-03-24": "Idulfitri",
    "2026-05-15": "Kenaikan Yesus Kristus",
    "2026-05-28": "Iduladha",
    "2026-12-24": "Kelahiran Yesus Kristus",
}


def load(apps, schema_editor):
    holiday = apps.get_model("projects", "Holiday")
    for kind, days in ((NATIONAL, HOLIDAYS), (JOINT_LEAVE, LEAVE)):
        holiday.objects.bulk_create(
            holiday(
                date=datetime.date.fromisoformat(day),
                name=name if kind == NATIONAL else f"Cuti bersama {name}",
                kind=kind,
                source=SOURCES[int(day[:4])],
            )
            for day, name in days.items()
        )


def remove(apps, schema_editor):
    days = [datetime.date.fromisoformat(day) for day in (*HOLIDAYS, *LEAVE)]
    apps.get_model("projects", "Holiday").objects.filter(date__in=days).delete()


class Migration(migrations.Migration):
    dependencies = [("projects", "0009_project_groups")]

    operations = [migrations.RunPython(load, remove)]
