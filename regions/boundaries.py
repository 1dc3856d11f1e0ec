"""Boundary files: GeoJSON read strictly into one geometry a regency, or refused with every reason at once."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any, TypeAlias

from django.utils.translation import gettext as _

Geometry: TypeAlias = dict[str, Any]

MAX_BYTES = 5 * 1024 * 1024
MAX_PROBLEMS = 30
DECIMALS = 5
"""About a metre, far finer than an indicative map."""

_WGS84 = {"urn:ogc:def:crs:OGC:1.3:CRS84", "urn:ogc:def:crs:EPSG::4326", "EPSG:4326"}
_DEPTHS = {"Polygon": 2, "MultiPolygon": 3}
_SMALLEST_RING = 4


class UnusableBoundaries(Exception):
    """The file cannot be used; `problems` says everything that is wrong with it, in the reader's language."""

    def __init__(self, problems: Collection[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = tuple(problems)


class _Fault(Exception):
    """What is wrong with one feature."""


def read(content: bytes, codes: Collection[str]) -> dict[str, Geometry]:
    """The geometries of a GeoJSON file by Kemendagri code.

    The file must be a FeatureCollection in WGS84 degrees (longitude first) with exactly one Polygon or
    MultiPolygon for each of `codes`; a feature says its code as `id` or as the property `kode`.

    Raises:
        UnusableBoundaries: anything else; nothing of the file is to be used.
    """
    features = _features(content)
    found: dict[str, Geometry] = {}
    problems = []
    for number, feature in enumerate(features, start=1):
        try:
            code = _code(feature, codes)
            if code in found:
                raise _Fault(_("kode %(code)s sudah ada pada fitur sebelumnya") % {"code": code})
            found[code] = _geometry(feature.get("geometry"))
        except _Fault as fault:
            problems.append(_("Fitur %(number)s: %(fault)s.") % {"number": number, "fault": fault})
    missing = sorted(set(codes) - set(found))
    if missing:
        problems.append(_("Belum ada batas untuk: %(codes)s.") % {"codes": ", ".join(missing)})
    if problems:
        raise UnusableBoundaries(_shortened(problems))
    return found


def fingerprint(geometry: Mapping[str, Any] | None) -> str | None:
    """A short description of a geometry for the history, which has no use for thousands of points."""
    if geometry is None:
        return None
    return f"{geometry['type']}, {_points(geometry['coordinates'])} titik"


def _points(coordinates: Any) -> int:
    if not isinstance(coordinates[0], list):
        return 1
    return sum(_points(part) for part in coordinates)


def _features(content: bytes) -> list[Any]:
    if len(content) > MAX_BYTES:
        raise UnusableBoundaries(
            [
                _("Berkas lebih besar dari %(limit)s MB; sederhanakan garisnya.")
                % {"limit": MAX_BYTES // 1024**2}
            ]
        )
    try:
        data = json.loads(content.decode("utf-8-sig"), parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise UnusableBoundaries(
            [_("Berkas bukan GeoJSON: isinya tidak dapat dibaca sebagai JSON.")]
        ) from error
    if not isinstance(data, dict) or data.get("type") != "FeatureCollection":
        raise UnusableBoundaries([_("Berkas bukan kumpulan fitur GeoJSON (FeatureCollection).")])
    if not isinstance(data.get("features"), list) or not data["features"]:
        raise UnusableBoundaries([_("Kumpulan fitur di berkas ini kosong.")])
    if not _is_wgs84(data.get("crs")):
        raise UnusableBoundaries([_("Koordinat harus dalam derajat WGS84 (EPSG:4326).")])
    features: list[Any] = data["features"]
    return features


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _is_wgs84(crs: Any) -> bool:
    """Whether the reference system, which today's GeoJSON leaves out, is WGS84 where a file names one."""
    if crs is None:
        return True
    properties = crs.get("properties") if isinstance(crs, dict) else None
    return isinstance(properties, dict) and properties.get("name") in _WGS84


def _code(feature: Any, codes: Collection[str]) -> str:
    if not isinstance(feature, dict) or feature.get("type") != "Feature":
        raise _Fault(_("bukan fitur GeoJSON"))
    properties = feature.get("properties")
    named = [feature.get("id"), properties.get("kode") if isinstance(properties, dict) else None]
    given = {value for value in named if isinstance(value, str) and value in codes}
    if len(given) == 1:
        return given.pop()
    if len(given) > 1:
        raise _Fault(_("id dan properti kode menyebut dua wilayah yang berbeda"))
    shown = next((str(value)[:20] for value in reversed(named) if value not in (None, "")), "")
    if not shown:
        raise _Fault(_("tidak ada kode Kemendagri di id atau di properti kode"))
    sentence = _(
        "“%(code)s” bukan kode Kemendagri wilayah di provinsi ini; tulis misalnya 61.04 sebagai teks"
    )
    raise _Fault(sentence % {"code": shown})


def _geometry(geometry: Any) -> Geometry:
    kind = geometry.get("type") if isinstance(geometry, dict) else None
    if kind not in _DEPTHS:
        raise _Fault(_("geometrinya bukan Polygon atau MultiPolygon"))
    return {"type": kind, "coordinates": _nested(geometry.get("coordinates"), _DEPTHS[kind])}


def _nested(coordinates: Any, depth: int) -> list[Any]:
    """The coordinates, checked and rounded: rings of points at depth 1, lists of such above."""
    if not isinstance(coordinates, list) or not coordinates:
        raise _Fault(_("koordinatnya kosong atau rusak"))
    if depth > 1:
        return [_nested(part, depth - 1) for part in coordinates]
    ring = [_position(point) for point in coordinates]
    if len(ring) < _SMALLEST_RING or ring[0] != ring[-1]:
        raise _Fault(_("garis batasnya tidak tertutup"))
    return ring


def _position(point: Any) -> list[float]:
    if not isinstance(point, list) or not 2 <= len(point) <= 3 or not all(_is_number(n) for n in point):
        raise _Fault(_("ada titik yang bukan pasangan bujur dan lintang"))
    longitude, latitude = point[:2]
    if abs(longitude) <= 90 < abs(latitude) <= 180:
        raise _Fault(_("bujur dan lintang tertukar: bujur ditulis lebih dahulu"))
    if abs(longitude) > 180 or abs(latitude) > 90:
        raise _Fault(_("ada titik di luar rentang derajat WGS84"))
    return [round(float(longitude), DECIMALS), round(float(latitude), DECIMALS)]


def _is_number(value: Any) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def _shortened(problems: list[str]) -> list[str]:
    rest = len(problems) - MAX_PROBLEMS
    if rest <= 0:
        return problems
    return [*problems[:MAX_PROBLEMS], _("… dan %(rest)s masalah lain.") % {"rest": rest}]
