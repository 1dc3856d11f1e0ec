"""What an import of enrollments keeps beside the enrollments: its staged rows, and what its undo needs.

No foreign keys and no `db_constraint`: a million rows come and go at once, and every one would be checked.
"""

from __future__ import annotations

from django.db import models

from coverage_portal.lib.fields import MonthField


class StagedEnrollment(models.Model):
    """A row of a sheet that could be read. The table is UNLOGGED: a crash of the database empties it.

    Blank text means that the row does not say; `outcome` is set only for rows that comparing took out.
    """

    pk = models.CompositePrimaryKey("batch_id", "row_number")
    batch_id = models.UUIDField()
    row_number = models.IntegerField()
    nik_sealed = models.BinaryField(max_length=64)
    nik_last4 = models.CharField(max_length=4)
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    kpj = models.CharField(max_length=11)
    segment = models.CharField(max_length=5)
    regency_id = models.CharField(max_length=5)
    employer_npp = models.CharField(max_length=8)
    project_id = models.BigIntegerField(null=True)
    occupation = models.CharField(max_length=15)
    funding = models.CharField(max_length=10)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    paid_through = models.DateField(null=True)
    outcome = models.CharField(max_length=7, default="", db_default="")

    def __str__(self) -> str:
        return f"{self.row_number}"


class EnrollmentImage(models.Model):
    """An enrollment as an import left it, and as it was before: null where the import made it.

    `after_sum` and `worker_sum` are checksums of the stored rows; `worker_sum` is there only where the import
    made the worker too.
    """

    pk = models.CompositePrimaryKey("enrollment_id", "batch_id")
    batch_id = models.UUIDField(db_index=True)
    enrollment_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    before = models.JSONField(null=True)
    after_sum = models.BigIntegerField()
    worker_sum = models.BigIntegerField(null=True)

    def __str__(self) -> str:
        return f"{self.enrollment_id}"


class WorkerImage(models.Model):
    """A worker whose own data an import changed: as before, and the checksum of what it left."""

    pk = models.CompositePrimaryKey("worker_id", "batch_id")
    batch_id = models.UUIDField(db_index=True)
    worker_id = models.BigIntegerField()
    before = models.JSONField()
    after_sum = models.BigIntegerField()

    def __str__(self) -> str:
        return f"{self.worker_id}"


class RemovedEnrollment(models.Model):
    """An enrollment that a correction took away, and its worker, both whole: undoing it puts them back.

    The sealed NIK is there because the worker goes too, where nobody else speaks of them.
    """

    pk = models.CompositePrimaryKey("enrollment_id", "batch_id")
    batch_id = models.UUIDField(db_index=True)
    enrollment_id = models.BigIntegerField()
    worker_id = models.BigIntegerField()
    segment = models.CharField(max_length=5)
    regency_id = models.CharField(max_length=5)
    employer_npp = models.CharField(max_length=8)
    project_id = models.BigIntegerField(null=True)
    occupation = models.CharField(max_length=15)
    funding = models.CharField(max_length=10)
    start = models.DateField()
    end = models.DateField(null=True)
    paid_through = models.DateField(null=True)
    nik_sealed = models.BinaryField(max_length=64)
    nik_last4 = models.CharField(max_length=4)
    name = models.CharField(max_length=120)
    sex = models.CharField(max_length=1)
    birth_date = models.DateField(null=True)
    kpj = models.CharField(max_length=11)

    def __str__(self) -> str:
        return f"{self.enrollment_id}"


class CountingClaim(models.Model):
    """What an applied import asks of the counting: months up to `month`, and a cell that its list covers.

    Of two imports that touched the same worker, the later one has the higher id. The horizon is the latest of
    all claims and of `base`, where it stood before the first of them. The cell stays complete as long as a
    claim names it; `is_first` is the claim that made it so. A claim that is `corrected_by` a later import
    asks for nothing, until that one is undone.
    """

    batch_id = models.UUIDField(unique=True)
    month = MonthField(null=True)
    base = MonthField(null=True)
    regency_id = models.CharField(max_length=5, blank=True)
    segment = models.CharField(max_length=5, blank=True)
    is_first = models.BooleanField(default=False)
    corrected_by = models.UUIDField(null=True)

    def __str__(self) -> str:
        return f"{self.month}"
