"""All provinces and regencies of the Republic, and what is known beyond that of Kalimantan Barat's."""

from django.db import migrations

from regions import reference


def load(apps, schema_editor):
    province_model = apps.get_model("regions", "Province")
    regency_model = apps.get_model("regions", "Regency")
    province_model.objects.bulk_create(
        province_model(code=record.code, name=record.name) for record in reference.provinces()
    )
    regencies = []
    for record in reference.regencies():
        regency = regency_model(
            code=record.code, province_id=record.province_code, kind=record.kind, name=record.name
        )
        details = reference.details().get(record.code)
        if details is not None:
            regency.bps_code = details.bps_code
            regency.capital = details.capital
            regency.short_name = details.short_name
            regency.tile_row = details.tile_row
            regency.tile_column = details.tile_column
        regencies.append(regency)
    regency_model.objects.bulk_create(regencies)


def remove(apps, schema_editor):
    """Refused by the database while figures of an area are stored."""
    apps.get_model("regions", "Regency").objects.all().delete()
    apps.get_model("regions", "Province").objects.all().delete()


class Migration(migrations.Migration):
    dependencies = [("regions", "0001_initial")]

    operations = [migrations.RunPython(load, remove)]
