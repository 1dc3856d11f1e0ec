from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("projects", "0008_reveal_nik"),
    ]

    operations = [
        migrations.CreateModel(
            name="RemovedEnrollment",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "enrollment_id",
                        "batch_id",
                        blank=True,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("batch_id", models.UUIDField(db_index=True)),
                ("enrollment_id", models.BigIntegerField()),
                ("worker_id", models.BigIntegerField()),
                ("segment", models.CharField(max_length=5)),
                ("regency_id", models.CharField(max_length=5)),
                ("employer_npp", models.CharField(max_length=8)),
                ("project_id", models.BigIntegerField(null=True)),
                ("occupation", models.CharField(max_length=15)),
                ("funding", models.CharField(max_length=10)),
                ("start", models.DateField()),
                ("end", models.DateField(null=True)),
                ("paid_through", models.DateField(null=True)),
                ("nik_sealed", models.BinaryField(max_length=64)),
                ("nik_last4", models.CharField(max_length=4)),
                ("name", models.CharField(max_length=120)),
                ("sex", models.CharField(max_length=1)),
                ("birth_date", models.DateField(null=True)),
                ("kpj", models.CharField(max_length=11)),
            ],
        ),
        migrations.AddField(
            model_name="countingclaim",
            name="corrected_by",
            field=models.UUIDField(null=True),
        ),
    ]
