"""What the words in a sheet stand for in the tables, for the arms without the portal."""

from __future__ import annotations

from django.db import models

from projects.choices import Funding, Occupation, Sex
from regions.choices import Segment
from regions.models import Regency


def regencies() -> dict[str, str]:
    """Codes by name, as `Kabupaten Sambas`."""
    found = Regency.objects.filter(province_id="61").values_list("code", "kind", "name")
    return {f"{kind.capitalize()} {name}": code for code, kind, name in found}


def sexes() -> dict[str, str]:
    return {value: value for value in Sex.values}


def segments() -> dict[str, str]:
    return {value: value for value in Segment.values}


def occupations() -> dict[str, str]:
    return _by_label(Occupation)


def funding() -> dict[str, str]:
    return _by_label(Funding)


def _by_label(choices: type[models.TextChoices]) -> dict[str, str]:
    return {str(label): str(value) for value, label in choices.choices}
