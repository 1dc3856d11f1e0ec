"""Model fields for values that the standard library has no type for."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from .periods import Month

month_of = lru_cache(maxsize=2048)(Month.of)
"""Columns repeat a few months over and over: one value for each makes reading and comparing cheap."""


class MonthField(models.DateField[Any, Any]):
    """A calendar month, stored as the date of its first day and handed out as a `Month`."""

    description = _("Bulan")

    # What the type checker reads; django-stubs knows no other value of a date column than a date.
    _pyi_private_set_type: Month | datetime.date | str | None  # type: ignore[assignment]
    _pyi_private_get_type: Month  # type: ignore[assignment]
    _pyi_lookup_exact_type: Month | datetime.date | str  # type: ignore[assignment]

    def from_db_value(self, value: datetime.date | None, *_args: object) -> Month | None:
        return None if value is None else month_of(value)

    def to_python(self, value: Any) -> Month | None:
        if value is None or isinstance(value, Month):
            return value
        if isinstance(value, datetime.date):
            return Month.of(value)
        try:
            return Month.parse(str(value)[:7])
        except ValueError as error:
            raise ValidationError(
                _("Tulis bulan sebagai tahun-bulan, misalnya 2025-07."), code="invalid"
            ) from error

    def get_prep_value(self, value: Any) -> datetime.date | None:
        month = self.to_python(value)
        return None if month is None else month.first

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return "" if value is None else str(value)

    def formfield(self, **kwargs: Any) -> Any:
        from django import forms

        return models.Field.formfield(self, **{"form_class": forms.CharField, **kwargs})
