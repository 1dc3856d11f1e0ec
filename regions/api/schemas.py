"""What the open interface answers: names, meanings and forms, as its description tells them."""

from __future__ import annotations

from typing import Literal

from ninja import Schema
from pydantic import Field

from .answering import AREA, MONTH, Percent, asked

KindOfArea = Literal["provinsi", "kabupaten", "kota"]
SegmentCode = Literal["PU", "BPU", "JAKON", "PMI"]

AREA_TEXT = "Kemendagri code of the province (`61`) or of a regency (`61.04`)."
MONTH_TEXT = "Month of the data, `YYYY-MM`."
SEGMENT_TEXT = "Only this segment."


class AreasQuery(Schema):
    """Nothing may be asked of the areas: there are few."""


class CoverageQuery(Schema):
    area: str = asked("61", f"{AREA_TEXT} Default: the home province.", pattern=AREA)
    month: str = asked("2025-07", f"{MONTH_TEXT} Default: the latest complete one.", pattern=MONTH)
    segment: SegmentCode = asked("PU", SEGMENT_TEXT)


class MembershipQuery(Schema):
    area: str = asked("61", f"{AREA_TEXT} Default: the home province.", pattern=AREA)
    month: str = asked("2025-07", f"{MONTH_TEXT} Default: all months.", pattern=MONTH)
    segment: SegmentCode = asked("PU", SEGMENT_TEXT)


class YearQuery(Schema):
    area: str = asked("61", f"{AREA_TEXT} Default: all areas.", pattern=AREA)
    year: int = asked(2025, "Only this year.", ge=2000, le=2100)


class Area(Schema):
    code: str = Field(description="Kemendagri code, the key of all figures.")
    bps_code: str = Field(
        description="BPS code: a second, different key. 7 of 14 differ in Kalimantan Barat."
    )
    name: str
    kind: KindOfArea
    province: str = Field(description="Kemendagri code of the province.")


class AreasMeta(Schema):
    source: str


class Areas(Schema):
    items: list[Area]
    meta: AreasMeta


Basis = Literal["reported", "counted", "mixed", "total", "missing", "suppressed"]
BASIS_TEXT = (
    "Where the members come from: `reported` by BPJS, `counted` from complete lists, `mixed`, an undetailed "
    "official `total`; `missing`: the data are not in; `suppressed`: too few persons to be shown."
)


class CoverageItem(Schema):
    area: str = Field(description="Kemendagri code.")
    month: str
    segment: SegmentCode | None = Field(description="null: all segments that count towards coverage.")
    members: int | None = Field(description="Active members, persons. null: not known, or suppressed.")
    workforce: int | None = Field(description="Workforce (potensi tenaga kerja), persons.")
    coverage_percent: Percent | None = Field(
        description="members / workforce x 100, rounded half up to two decimals; may exceed 100."
    )
    target_percent: Percent | None = Field(
        description="Target that the month is measured by. It is set for all segments together."
    )
    gap: int | None = Field(description="ceil(target x workforce) - members, persons, not below 0.")
    basis: Basis = Field(description=BASIS_TEXT)
    complete: bool = Field(description="false: data of the area are missing, in part or whole.")


class SourceNamed(Schema):
    name: str
    data_date: str | None


class AreaNamed(Schema):
    code: str
    bps_code: str
    name: str


class CoverageMeta(Schema):
    area: AreaNamed
    month: str
    headline_month: str | None = Field(description="The latest month with complete data.")
    counted_segments: list[str] = Field(description="The segments that add up to the item without one.")
    target_year: int | None
    workforce_year: int | None = Field(description="The year whose workforce is used.")
    regencies_in: int
    regencies_all: int
    suppressed: int = Field(description="How many items are suppressed.")
    suppressed_below: int = Field(description="The threshold in persons; 0: nothing is suppressed.")
    sources: list[SourceNamed]


class Coverage(Schema):
    items: list[CoverageItem]
    meta: CoverageMeta


class MembershipItem(Schema):
    area: str
    month: str
    segment: SegmentCode | None = Field(description="null: all segments that count towards coverage.")
    members: int | None
    basis: Basis = Field(description=BASIS_TEXT)
    complete: bool


class MembershipMeta(Schema):
    area: AreaNamed
    counted_segments: list[str]
    suppressed: int
    suppressed_below: int


class Membership(Schema):
    items: list[MembershipItem]
    meta: MembershipMeta


class WorkforceItem(Schema):
    area: str
    year: int
    segment: SegmentCode | None = Field(description="null: a total that came without detail.")
    workforce: int
    source: str
    data_date: str | None


class WorkforceMeta(Schema):
    unit: str


class Workforce(Schema):
    items: list[WorkforceItem]
    meta: WorkforceMeta


class TargetItem(Schema):
    area: str
    year: int
    target_percent: Percent
    legal_basis: str
    own: bool = Field(description="false: the regency has none of its own, its province's applies.")


class TargetMeta(Schema):
    unit: str


class Targets(Schema):
    items: list[TargetItem]
    meta: TargetMeta


class Indicator(Schema):
    """Metadata as Satu Data asks for them."""

    code: str
    name: str
    definition: str
    formula: str
    unit: str
    classification: str
    source: list[str]
    period: str
    data_date: str | None = Field(description="The latest day that the figures are of.")
    release_date: str | None = Field(description="The day on which figures of it were last entered.")
    kemendagri_code: str
    bps_code: str
    area_name: str
    producer: str
    endpoint: str


class IndicatorsMeta(Schema):
    portal: str
    contact: str


class Indicators(Schema):
    items: list[Indicator]
    meta: IndicatorsMeta
