"""Putting the example into an empty database, with the history that every written record has."""

from __future__ import annotations

import dataclasses
import uuid
from decimal import Decimal
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.utils.translation import gettext as _

from coverage_portal import demo
from coverage_portal.accounts import generation, history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, User
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects.models import Project
from regions.models import Membership, QuotedFigure, Target, Workforce

from . import closing, commitments, figures, project_loading
from .quotes import QUOTES, Quote

ACTION = uuid.UUID("6ca0c0de-0000-4000-8000-000000000061")
"""The action that loading is in the history."""

PONTIANAK_TARGET = (
    "61.71",
    2026,
    Decimal("45"),
    "Target Kota Pontianak 2026 (pemberitaan; dasar hukum belum diverifikasi)",
)


class Refused(Exception):
    """The example is not to be loaded here; the message says why."""


def reason_against() -> str:
    """Why the example cannot be loaded into this database, whatever was there before; empty if it can."""
    if not settings.EMBEDDED:
        return _("Data contoh hanya untuk basis data tertanam, tidak pernah dengan DATABASE_URL.")
    if settings.HOME_PROVINCE != figures.PROVINCE:
        return _("Data contoh hanya ada untuk Kalimantan Barat (HOME_PROVINCE=61).")
    if any(model.objects.exists() for model in (User, Membership, Workforce, Project, ImportBatch)):
        return _("Basis data ini sudah berisi pengguna atau angka.")
    return ""


def load() -> None:
    """Load the example: users, figures, quoted figures, projects, and promises.

    Raises:
        Refused: the database is not the embedded one, or not empty.
    """
    before = demo.state()
    try:
        with transaction.atomic():
            reason = reason_against()
            if reason:
                raise Refused(reason)
            _load_figures(_load_users())
            # Before the commit: figures that are an example are never shown without saying so.
            demo.remember(demo.LOADED)
            generation.move()
    except BaseException:
        demo.remember(before)
        raise


def _load_users() -> list[history.Traced]:
    made: list[history.Traced] = []
    for person in demo.PEOPLE:
        user = User(username=person.username, first_name=person.who, last_name="(contoh)")
        user.is_staff = user.is_superuser = person.grant is None
        user.set_password(person.password)
        user.save()
        made.append((user, None, history.snapshot_of_user(user)))
        if person.grant is not None:
            role, area, agency = person.grant
            grant = AreaGrant.objects.create(user=user, role=role, area_code=area, agency_code=agency)
            made.append((grant, None, history.snapshot(grant)))
    return made


def _load_figures(users: list[history.Traced]) -> None:
    area, year, percent, legal_basis = PONTIANAK_TARGET
    rows: list[Model] = [
        *Workforce.objects.bulk_create(
            Workforce(**_identity(cell, "year"), people=cell.people, source=cell.source)
            for cell in figures.workforce_cells()
        ),
        *Membership.objects.bulk_create(
            Membership(
                **_identity(cell, "month"),
                reported=cell.people,
                source=cell.source,
                data_date=cell.period.last,
            )
            for cell in figures.membership_cells()
        ),
        Target.objects.create(**_area(area), year=year, percent=percent, legal_basis=legal_basis),
        *QuotedFigure.objects.bulk_create(_quoted(quote) for quote in QUOTES),
    ]
    rows += [*project_loading.load(), *commitments.load(), *closing.load()]
    author = Author(None, Change.Source.COMMAND, "Data contoh", ACTION)
    traced = ((row, None, history.snapshot(row)) for row in rows)
    history.record(author, [*users, *traced], at=closing.arrived_at)


def _quoted(quote: Quote) -> QuotedFigure:
    values = {field.name: getattr(quote, field.name) for field in dataclasses.fields(quote)}
    return QuotedFigure(**_area(values.pop("area")), **values)


def _identity(cell: figures.Cell[Month] | figures.Cell[int], period: str) -> dict[str, Any]:
    return {**_area(cell.area), "segment": cell.segment, period: cell.period}


def _area(code: str) -> dict[str, Any]:
    return {"regency_id" if "." in code else "province_id": code}
