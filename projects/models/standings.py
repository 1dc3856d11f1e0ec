"""What is derived of projects, kept so that lists need not derive it again. ADR 14 says why and how.

Nothing here is typed in, and all of it may be deleted: `standings.refresh` makes it anew.
"""

from __future__ import annotations

from typing import ClassVar

from django.contrib.postgres.fields import ArrayField
from django.db import models

from projects.querysets import StandingQuerySet
from regions.models import Agency

from .contracts import Project


class Touched(models.Model):
    """Something of this project was written: what is kept of it is no longer true. Written by triggers only.

    Without a foreign key: a deleted project is touched too.
    """

    project_id = models.BigIntegerField()

    class Meta:
        verbose_name = "touched project"

    def __str__(self) -> str:
        return str(self.project_id)


class Standing(models.Model):
    """The position of a project as of a day, as far as lists show it, sort by it and add it up.

    Rupiah; `due` and `outstanding` are None where unknown, `is_estimate` where the portal's own. `start`,
    `end` and `last_day` are as changed by addenda. `is_registered` says that BPJS knows the project,
    `cover_end` the last day of a paid cover. `rules` is the fingerprint of what it was judged by.

    What lists filter and add up by is copied from the project, so that they need not look at it: `areas` are
    the Kemendagri codes of where it lies, provinces included, by `ProjectQuerySet`'s rule, `words` its names
    and numbers in lower case.
    """

    project = models.ForeignKey(
        Project, models.DO_NOTHING, db_constraint=False, db_index=False, related_name="standings"
    )
    on = models.DateField()
    rules = models.CharField(max_length=16)
    made_on = models.DateField()
    areas = ArrayField(models.CharField(max_length=5))
    agency = models.ForeignKey(
        Agency, models.DO_NOTHING, null=True, db_constraint=False, db_index=False, related_name="+"
    )
    regency_code = models.CharField(max_length=5, null=True)  # noqa: DJ001 - as the project has it
    fund_source = models.CharField(max_length=10)
    planned = models.PositiveIntegerField(null=True)
    words = models.TextField()
    state = models.CharField(max_length=12)
    settlement = models.CharField(max_length=12, blank=True)
    is_registered = models.BooleanField()
    is_over = models.BooleanField()
    is_protected = models.BooleanField(null=True)
    value = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    due = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    is_estimate = models.BooleanField()
    paid = models.DecimalField(max_digits=20, decimal_places=2)
    outstanding = models.DecimalField(max_digits=20, decimal_places=2, null=True)
    arrears = models.DecimalField(max_digits=20, decimal_places=2)
    arrears_to_30 = models.DecimalField(max_digits=20, decimal_places=2)
    arrears_to_90 = models.DecimalField(max_digits=20, decimal_places=2)
    arrears_over_90 = models.DecimalField(max_digits=20, decimal_places=2)
    start = models.DateField(null=True)
    end = models.DateField(null=True)
    last_day = models.DateField(null=True)
    cover_end = models.DateField(null=True)
    enrolled = models.PositiveIntegerField()
    open_rules = ArrayField(models.CharField(max_length=30))
    missing = ArrayField(models.CharField(max_length=20))

    objects = StandingQuerySet.as_manager()

    class Meta:
        verbose_name = "standing of a project"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["project", "on", "rules"], name="standing_once"),
        ]
        indexes: ClassVar = [models.Index(fields=["on", "rules"], name="standing_on")]

    def __str__(self) -> str:
        return f"{self.project_id} {self.on} {self.state}"
