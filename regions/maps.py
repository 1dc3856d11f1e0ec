"""The province as a picture: tiles in their rough places, and outlines once boundaries are loaded.

Pure geometry: what comes out are SVG coordinates as whole numbers and path data as text.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from typing import Any, Protocol

from .coverage import Standing

TILE = 100
TILE_GAP = 6
MAP_WIDTH = 800

NEAR_POINTS, FAR_POINTS = Decimal(10), Decimal(25)


class Place(Protocol):
    """What a map asks of a regency: its code, and where its tile stands, if anywhere."""

    @property
    def code(self) -> str: ...
    @property
    def tile_row(self) -> int | None: ...
    @property
    def tile_column(self) -> int | None: ...


class Row(Protocol):
    """One line of the ranking: a regency and how it stands."""

    @property
    def regency(self) -> Place: ...
    @property
    def standing(self) -> Standing: ...


class Band(StrEnum):
    """How far an area stands from its own target: the classes of the map, the same in each province."""

    REACHED = "reached"
    NEAR = "near"
    FAR = "far"
    FARTHEST = "farthest"
    ZERO = "zero"
    UNMEASURED = "unmeasured"
    NOT_APPLICABLE = "not_applicable"
    HIDDEN = "hidden"
    MISSING = "missing"


SCALE = (Band.REACHED, Band.NEAR, Band.FAR, Band.FARTHEST)


def legend(rows: Iterable[Row]) -> tuple[Band, ...]:
    """The classes to explain: the scale and missing data always, the others where they occur."""
    seen = {band(row.standing) for row in rows}
    return tuple(each for each in Band if each in SCALE or each is Band.MISSING or each in seen)


def band(standing: Standing) -> Band:
    """The class of an area: the target itself, then 10 and 25 percentage points below it.

    Apart from that scale stand: no data, data that the reader may not be told, nobody who could be a member,
    nothing to measure by (no potensi, or no target), and nobody protected at all.
    """
    count, target = standing.count, standing.target_percent
    if count.workforce == 0:
        return Band.NOT_APPLICABLE
    if count.is_hidden:
        return Band.HIDDEN
    if count.members is None:
        return Band.MISSING
    share = count.percent
    if share is None or target is None:
        return Band.UNMEASURED
    if share == 0:
        return Band.ZERO
    if share >= target:
        return Band.REACHED
    short = target - share
    if short < NEAR_POINTS:
        return Band.NEAR
    return Band.FAR if short < FAR_POINTS else Band.FARTHEST


@dataclass(frozen=True, slots=True)
class Tile:
    """One regency as a square of `TILE_GAP` less than `TILE`; `x` and `y` are its upper left corner."""

    row: Row
    band: Band
    x: int
    y: int


@dataclass(frozen=True, slots=True)
class TileMap:
    """All regencies that have a tile position, and the size of the picture in SVG units."""

    tiles: tuple[Tile, ...]
    width: int
    height: int


def tile_map(rows: Iterable[Row]) -> TileMap | None:
    """The tiles in reading order; None where no regency has a position (the page then has its list)."""
    placed = []
    for row in rows:
        at_row, at_column = row.regency.tile_row, row.regency.tile_column
        if at_row is not None and at_column is not None:
            placed.append((at_row, at_column, row))
    if not placed:
        return None
    placed.sort(key=lambda place: place[:2])
    tiles = tuple(
        Tile(row, band(row.standing), at_column * TILE, at_row * TILE) for at_row, at_column, row in placed
    )
    width = max(tile.x for tile in tiles) + TILE - TILE_GAP
    height = max(tile.y for tile in tiles) + TILE - TILE_GAP
    return TileMap(tiles, width, height)


@dataclass(frozen=True, slots=True)
class Shape:
    """The boundary of one area as SVG path data, and where its label stands."""

    path: str
    label_x: int
    label_y: int


@dataclass(frozen=True, slots=True)
class Shapes:
    """The boundaries of a province's areas by code, and the size of the picture in SVG units."""

    by_code: Mapping[str, Shape]
    width: int
    height: int


Point = tuple[int, int]


def shapes(boundaries: Mapping[str, Mapping[str, Any]]) -> Shapes | None:
    """The areas with a boundary, projected together; None where there is none.

    Args:
        boundaries: GeoJSON geometries (Polygon or MultiPolygon, degrees, longitude first) by area code.
    """
    rings_of = {code: rings for code, geometry in boundaries.items() if (rings := list(_rings(geometry)))}
    corners = [corner for rings in rings_of.values() for ring in rings for corner in ring]
    if not corners:
        return None
    west, east = min(c[0] for c in corners), max(c[0] for c in corners)
    south, north = min(c[1] for c in corners), max(c[1] for c in corners)
    # Equirectangular about the middle latitude: so near the equator the error over one province is less than
    # the width of a line.
    squeeze = math.cos(math.radians((south + north) / 2))
    scale = MAP_WIDTH / max((east - west) * squeeze, 1e-9)

    def project(corner: Sequence[float]) -> Point:
        return round((corner[0] - west) * squeeze * scale), round((north - corner[1]) * scale)

    drawn = {}
    for code, rings in rings_of.items():
        projected = [_thinned(project(corner) for corner in ring) for ring in rings]
        drawn[code] = Shape(
            "".join(_path(ring) for ring in projected),
            *_middle(max(projected, key=lambda ring: abs(_signed_double(ring)))),
        )
    return Shapes(drawn, MAP_WIDTH, max(round((north - south) * scale), 1))


@dataclass(frozen=True, slots=True)
class Outline:
    """One regency of the outline map."""

    row: Row
    band: Band
    shape: Shape


def outlines(rows: Iterable[Row], drawn: Shapes) -> tuple[Outline, ...]:
    """The regencies that have a shape, in the order of the rows."""
    return tuple(
        Outline(row, band(row.standing), drawn.by_code[row.regency.code])
        for row in rows
        if row.regency.code in drawn.by_code
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Sequence[Sequence[float]]]:
    if geometry.get("type") == "Polygon":
        yield from geometry["coordinates"]
    elif geometry.get("type") == "MultiPolygon":
        for polygon in geometry["coordinates"]:
            yield from polygon


def _thinned(points: Iterable[Point]) -> list[Point]:
    """The points without those that fall on the one before."""
    kept: list[Point] = []
    for point in points:
        if not kept or point != kept[-1]:
            kept.append(point)
    return kept


def _path(points: Sequence[Point]) -> str:
    """Relative path data: shorter than absolute coordinates by half."""
    (x, y), *rest = points
    parts = [f"M{x} {y}"]
    for next_x, next_y in rest:
        parts.append(f"l{next_x - x} {next_y - y}")
        x, y = next_x, next_y
    return "".join(parts) + "z"


def _signed_double(ring: Sequence[Point]) -> int:
    following = (*ring[1:], ring[0])
    return sum(x * next_y - next_x * y for (x, y), (next_x, next_y) in zip(ring, following, strict=True))


def _middle(ring: Sequence[Point]) -> Point:
    """The centroid of a ring; of its corners where it has no area."""
    double = _signed_double(ring)
    if double == 0:
        return sum(p[0] for p in ring) // len(ring), sum(p[1] for p in ring) // len(ring)
    x = y = 0
    for (x0, y0), (x1, y1) in zip(ring, (*ring[1:], ring[0]), strict=True):
        cross = x0 * y1 - x1 * y0
        x += (x0 + x1) * cross
        y += (y0 + y1) * cross
    return round(x / (3 * double)), round(y / (3 * double))
