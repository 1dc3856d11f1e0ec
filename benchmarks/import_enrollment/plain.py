"""The table that the other arms fill: the sheet's columns, and the indexes that the portal keeps.

One table where the portal has two, with readable NIKs and without its checks, trigger and generated columns:
less work for them than for the portal.
"""

from __future__ import annotations

from typing import ClassVar

from django.db import connection, models

from projects.models import Project
from regions.models import Regency


class PlainEnrollment(models.Model):
    nik = models.CharField(max_length=26)
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1, blank=True)
    birth_date = models.DateField(null=True)
    kpj = models.CharField(max_length=11, blank=True)
    segment = models.CharField(max_length=5)
    regency = models.ForeignKey(
        Regency, models.PROTECT, to_field="code", db_index=False, related_name="+", db_constraint=False
    )
    employer_npp = models.CharField(max_length=8, blank=True)
    project = models.ForeignKey(Project, models.PROTECT, null=True, related_name="+", db_constraint=False)
    occupation = models.CharField(max_length=15, blank=True)
    funding = models.CharField(max_length=10, blank=True)
    start = models.DateField()
    paid_through = models.DateField(null=True)

    class Meta:
        app_label = "benchmarks"
        constraints: ClassVar = [
            models.UniqueConstraint(
                fields=["nik", "segment", "employer_npp", "project", "start"],
                nulls_distinct=False,
                name="plain_once",
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["regency", "segment"], name="plain_regency_segment")]

    def __str__(self) -> str:
        return f"{self.pk}"


def create_table() -> None:
    """Make the table, unless it is there and filled."""
    if PlainEnrollment._meta.db_table in connection.introspection.table_names():
        return
    with connection.schema_editor() as editor:
        editor.create_model(PlainEnrollment)
