"""The tile map, the outlines and the classes both share."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import pytest

from coverage_portal.lib.periods import Month
from regions import maps
from regions.coverage import Basis, Count, Standing, Targets, standing


@dataclass
class Place:
    code: str
    tile_row: int | None = None
    tile_column: int | None = None


@dataclass
class Row:
    regency: Place
    standing: Standing


def standing_at(percent: str | None, target: str | None = "61") -> Standing:
    members = None if percent is None else int(Decimal(percent) * 100)
    count = Count(
        "61.04", None, Month(2025, 12), members, 10_000, 2025, Basis.REPORTED, complete=members is not None
    )
    return standing(count, Targets({2026: Decimal(target)} if target else {}), {})


def row(code: str, at: tuple[int, int] | None = None, percent: str | None = "40") -> Row:
    return Row(Place(code, *(at or (None, None))), standing_at(percent))


@pytest.mark.parametrize(
    ("percent", "target", "band"),
    [
        ("61.00", "61", maps.Band.REACHED),
        ("60.99", "61", maps.Band.NEAR),
        ("51.01", "61", maps.Band.NEAR),
        ("51.00", "61", maps.Band.FAR),
        ("36.01", "61", maps.Band.FAR),
        ("36.00", "61", maps.Band.FARTHEST),
        ("0.01", "61", maps.Band.FARTHEST),
        ("0.00", "61", maps.Band.ZERO),
        ("45.00", "45", maps.Band.REACHED),
        ("61.00", None, maps.Band.UNMEASURED),
        (None, "61", maps.Band.MISSING),
    ],
)
def test_classes_break_at_the_target_and_ten_and_twenty_five_points_below(percent, target, band):
    assert maps.band(standing_at(percent, target)) is band


def test_tiles_stand_in_reading_order_and_unplaced_regencies_are_left_to_the_list():
    rows = [row("61.04", (1, 1)), row("61.01", (0, 0)), row("61.99"), row("61.02", (1, 0), None)]

    drawn = maps.tile_map(rows)

    assert drawn is not None
    assert [(tile.row.regency.code, tile.x, tile.y) for tile in drawn.tiles] == [
        ("61.01", 0, 0),
        ("61.02", 0, 100),
        ("61.04", 100, 100),
    ]
    assert drawn.tiles[1].band is maps.Band.MISSING
    assert (drawn.width, drawn.height) == (194, 194)


def test_province_without_tile_positions_has_no_tile_map():
    assert maps.tile_map([row("62.01"), row("62.02")]) is None


SQUARE = {"type": "Polygon", "coordinates": [[[109, 0], [110, 0], [110, 1], [109, 1], [109, 0]]]}
WITH_ISLAND = {
    "type": "MultiPolygon",
    "coordinates": [
        [[[110, 0], [112, 0], [112, 1], [110, 1], [110, 0]]],
        [[[108.9, 0.4], [109, 0.4], [109, 0.5], [108.9, 0.4]]],
    ],
}


def test_outlines_share_one_projection_with_north_up():
    drawn = maps.shapes({"61.01": SQUARE, "61.02": {**SQUARE, "coordinates": [_moved(SQUARE, 1)]}})

    assert drawn is not None
    assert drawn.width == maps.MAP_WIDTH
    assert drawn.by_code["61.01"].path == "M0 400l400 0l0 -400l-400 0l0 400z"
    assert drawn.by_code["61.02"].path.startswith("M400 400")
    assert (drawn.by_code["61.01"].label_x, drawn.by_code["61.01"].label_y) == (200, 200)


def _moved(geometry: dict, degrees: int) -> list:
    return [[longitude + degrees, latitude] for longitude, latitude in geometry["coordinates"][0]]


def test_label_stands_in_the_largest_part_of_a_regency_with_islands():
    drawn = maps.shapes({"61.11": WITH_ISLAND})

    assert drawn is not None
    shape = drawn.by_code["61.11"]
    assert shape.path.count("M") == 2
    assert (shape.label_x, shape.label_y) == (542, 129)


def test_no_boundaries_make_no_map():
    assert maps.shapes({}) is None


def test_outlines_leave_out_regencies_without_a_boundary():
    drawn = maps.shapes({"61.01": SQUARE})
    assert drawn is not None

    outlines = maps.outlines([row("61.01"), row("61.02")], drawn)

    assert [outline.row.regency.code for outline in outlines] == ["61.01"]
