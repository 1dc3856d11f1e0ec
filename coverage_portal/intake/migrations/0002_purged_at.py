from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("intake", "0001_initial")]

    operations = [
        migrations.AddField(
            model_name="importbatch",
            name="purged_at",
            field=models.DateTimeField(blank=True, null=True, verbose_name="berkas dihapus pada"),
        ),
    ]
