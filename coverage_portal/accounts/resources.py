"""Users as a table to take away, and what every such table has in common."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import tablib
from import_export.fields import Field
from import_export.resources import Resource
from import_export.widgets import Widget

from .models import User


class Shown(Widget):
    """Hands the value, as it is shown, to the file's writer, which knows what its format can hold."""

    def __init__(self, shown: Callable[[Any], Any] | None) -> None:
        super().__init__()
        self._shown = shown

    def render(self, value: Any, obj: Any = None, **_kwargs: Any) -> Any:
        return value if self._shown is None else self._shown(value)


def column(heading: str, attribute: str | None = None, shown: Callable[[Any], Any] | None = None) -> Field:
    """A column of an export: an attribute as it is, or as `shown` makes of it.

    Without an attribute the resource has a `dehydrate_…` method for it.
    """
    return Field(column_name=heading, attribute=attribute, widget=Shown(shown))


def answer(value: bool | None) -> str:
    """Yes or no as import files have it; nothing where it is not known."""
    return "" if value is None else "ya" if value else "tidak"


def text(value: Any) -> str:
    """A value as text, nothing where there is none."""
    return "" if value is None else str(value)


class Table(Resource):
    """An export. `title` names the sheet."""

    title = "Data"

    @classmethod
    def get_display_name(cls) -> str:
        return cls.title

    def after_export(self, queryset: Any, dataset: tablib.Dataset, **_kwargs: Any) -> None:
        dataset.title = self.title


class UserResource(Table):
    title = "Pengguna"

    username = column("Nama Pengguna", "username")
    name = column("Nama")
    groups = column("Kelompok")
    areas = column("Wilayah Kerja")
    active = column("Aktif", "is_active", answer)
    last_login = column("Masuk Terakhir")

    def dehydrate_name(self, user: User) -> str:
        return user.get_full_name()

    def dehydrate_groups(self, user: User) -> str:
        return ", ".join(sorted(user.groups.values_list("name", flat=True)))

    def dehydrate_areas(self, user: User) -> str:
        return ", ".join(sorted({grant.area_code for grant in user.grants.all()}))

    def dehydrate_last_login(self, user: User) -> Any:
        return None if user.last_login is None else user.last_login.date()
