"""The addresses of construction in the open interface."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any, Literal, cast

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from ninja import Router, Schema
from pydantic import Field

from coverage_portal.accounts.models import User
from coverage_portal.lib.numbers import rounded
from projects import rates
from projects.selectors import listing
from projects.selectors.listing import Grouping, Tally, Wanted
from regions.api.answering import AREA, Faults, Refused, asked, has_area, mount

from . import contribution

router = Router(tags=["construction"])
projects = Router(tags=["construction"], auth=has_area)
DAY = r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"


class ConstructionQuery(Schema):
    area: str = asked("61.04", "Kemendagri code of a regency. Default: all that one may see.", pattern=AREA)
    on: str = asked("2026-01-31", "Day of the position, `YYYY-MM-DD`. Default: today.", pattern=DAY)


class ConstructionItem(Schema):
    area: str | None = Field(description="Kemendagri code; null: all projects that the reader may see.")
    on: str = Field(description="Day of the position.")
    projects: int = Field(description="Projects that are neither over nor cancelled.")
    registered: int = Field(description="Of these, known to BPJS Ketenagakerjaan.")
    planned_workers: int
    protected_workers: int = Field(description="Enrolled by name in a project whose cover holds.")
    estimated_contribution: int = Field(description="Whole rupiah.")
    paid: int = Field(description="Whole rupiah.")
    arrears: int = Field(description="Whole rupiah.")


class ConstructionMeta(Schema):
    unit: str
    province: str


class Construction(Schema):
    items: list[ConstructionItem]
    meta: ConstructionMeta


def construction(request: HttpRequest, asked: ConstructionQuery) -> Construction:
    """What construction projects add up to, all together and by regency

    Projects are never public: only whoever has signed in is answered, of their own areas. A project in
    several regencies is counted in the one where its contract lies; one without any only in the first item.
    """
    on = _day(asked.on)
    found = listing.sums_of(cast(User, request.user), Wanted(by=Grouping.REGENCY), on)
    tallies = {group.key: group.tally for group in found.groups}
    codes = [regency.code for regency in found.regencies]
    if asked.area and asked.area not in (*codes, settings.HOME_PROVINCE):
        raise Refused(404, "unknown_area", _("Wilayah ini tidak dikenal di portal."), "area")
    items = [_item(None, on, found.total)] if asked.area in ("", settings.HOME_PROVINCE) else []
    items += [_item(code, on, tallies.get(code, Tally())) for code in codes if asked.area in ("", code)]
    meta = ConstructionMeta(unit=_("proyek, orang, rupiah"), province=settings.HOME_PROVINCE)
    return Construction(items=items, meta=meta)


def _item(area: str | None, on: datetime.date, tally: Tally) -> ConstructionItem:
    return ConstructionItem(
        area=area,
        on=on.isoformat(),
        projects=tally.projects,
        registered=tally.registered,
        planned_workers=tally.planned,
        protected_workers=tally.protected,
        estimated_contribution=_rupiah(tally.due),
        paid=_rupiah(tally.paid),
        arrears=_rupiah(tally.arrears),
    )


def _rupiah(amount: Decimal) -> int:
    return int(rounded(amount, 0) or 0)


def _day(text: str) -> datetime.date:
    """The day asked for, today where none is.

    Raises:
        Refused: 422, for no day, one to come, and one before the first tariff.
    """
    today = timezone.localdate()
    if not text:
        return today
    try:
        day = datetime.date.fromisoformat(text)
    except ValueError:
        message = _("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2026-03-02.")
        raise Refused(422, "unreadable", message, "on") from None
    if not rates.FIRST_DAY <= day <= today:
        raise Refused(422, "out_of_range", _("Posisi tanggal ini tidak dapat dihitung."), "on")
    return day


class ContributionLine(Schema):
    component: Literal["JKK", "JKM"]
    above: str
    up_to: str | None
    base: str
    percent: str
    amount: str
    rate: str
    source: str


class Contribution(Schema):
    """Rupiah and percentages are texts here: they are exact."""

    jkk: str
    jkm: str
    total: str
    lines: list[ContributionLine]
    rate: dict[str, Any]


def _parameter(name: str, description: str, **schema: Any) -> dict[str, Any]:
    return {
        "in": "query",
        "name": name,
        "required": name == "value",
        "description": description,
        "schema": {"type": "string", **schema},
    }


AMOUNT = r"^-?[0-9]{1,30}(\.[0-9]{1,2})?$"


@router.get(
    "/contribution",
    response={200: Contribution, 422: Faults},
    operation_id="contribution",
    url_name="contribution",
    summary="Estimated contribution of a construction project",
    description="By cumulative tier, as the law has it. Nothing is stored; open to anyone.",
    openapi_extra={
        "parameters": [
            _parameter("value", "Value of the contract in rupiah.", pattern=AMOUNT),
            _parameter("vat", "Whether the value includes VAT.", enum=["included", "excluded"]),
            _parameter("wages", "Wages a month in rupiah, where they are known.", pattern=AMOUNT),
            _parameter("on", "Day of the contract. Default: today.", pattern=DAY),
        ]
    },
)
def contribution_estimate(request: HttpRequest) -> HttpResponse:
    return contribution.contribution(request)


mount(projects, "construction", ConstructionQuery, Construction, construction, daily=True)
router.add_router("", projects)
