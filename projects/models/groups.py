"""Who is active by group of occupation, counted now and then and kept. `groups.refresh` makes it anew."""

from __future__ import annotations

from typing import ClassVar

from django.db import models

from coverage_portal.lib.fields import MonthField
from projects.choices import Funding, Occupation
from projects.querysets import RegencyRecordQuerySet
from regions.models import Regency


class GroupCount(models.Model):
    """Persons active in a regency at the end of the last counted month, by occupation and by who pays.

    "" is not known.
    """

    regency = models.ForeignKey(Regency, models.DO_NOTHING, to_field="code", related_name="+")
    occupation = models.CharField(max_length=15, choices=Occupation.choices, blank=True)
    funding = models.CharField(max_length=10, choices=Funding.choices, blank=True)
    people = models.PositiveIntegerField()

    objects = RegencyRecordQuerySet.as_manager()

    class Meta:
        verbose_name = "count of a group"
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["regency", "occupation", "funding"], name="groupcount_once"),
        ]

    def __str__(self) -> str:
        return f"{self.regency_id} {self.occupation} {self.funding}: {self.people}"


class GroupsCounted(models.Model):
    """Of which month the groups are counted, and of which version of the data: one row."""

    id = models.PositiveSmallIntegerField(primary_key=True, default=1)
    month = MonthField()
    version = models.CharField(max_length=32)

    class Meta:
        verbose_name = "month that groups are counted of"
        constraints: ClassVar = [
            models.CheckConstraint(condition=models.Q(id=1), name="groupscounted_one_row"),
        ]

    def __str__(self) -> str:
        return str(self.month)
