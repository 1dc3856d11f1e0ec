"""Boundary files: taken over as a whole or not at all, by command and by page."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.contrib.auth.models import Group
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import CommandError, call_command
from django.test import Client

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from regions import boundaries
from regions.models import Regency
from tests import factories

CODES = [*(f"61.{number:02}" for number in range(1, 13)), "61.71", "61.72"]
PAGE = "/admin/regions/regency/boundaries/"


def square(west: float = 109.0, south: float = -1.0) -> dict[str, Any]:
    east, north = west + 0.5, south + 0.5
    ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
    return {"type": "Polygon", "coordinates": [ring]}


def collection() -> dict[str, Any]:
    features = [
        {"type": "Feature", "properties": {"kode": code}, "geometry": square(109 + n / 10)}
        for n, code in enumerate(CODES)
    ]
    return {"type": "FeatureCollection", "features": features}


def as_file(data: Any) -> bytes:
    return json.dumps(data).encode()


def problems_of(content: bytes) -> list[str]:
    with pytest.raises(boundaries.UnusableBoundaries) as refused:
        boundaries.read(content, CODES)
    return list(refused.value.problems)


def test_file_is_read_by_code() -> None:
    found = boundaries.read(b"\xef\xbb\xbf" + as_file(collection()), CODES)

    assert sorted(found) == CODES
    assert found["61.01"] == square(109)


def test_code_may_be_the_id() -> None:
    data = collection()
    for feature in data["features"]:
        feature["id"] = feature.pop("properties")["kode"]

    assert sorted(boundaries.read(as_file(data), CODES)) == CODES


def test_several_parts_heights_and_many_decimals_are_taken() -> None:
    data = collection()
    ring = [[109.123456789, -1.1, 30], [109.5, -1.1, 30], [109.5, -0.5, 31], [109.123456789, -1.1, 30]]
    data["features"][3]["geometry"] = {"type": "MultiPolygon", "coordinates": [[ring], [ring]]}
    data["crs"] = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}

    found = boundaries.read(as_file(data), CODES)

    read = [[109.12346, -1.1], [109.5, -1.1], [109.5, -0.5], [109.12346, -1.1]]
    assert found["61.04"] == {"type": "MultiPolygon", "coordinates": [[read], [read]]}


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "tidak dapat dibaca sebagai JSON"),
        (b"kode;nama", "tidak dapat dibaca sebagai JSON"),
        (b"\xff\xfe\x00", "tidak dapat dibaca sebagai JSON"),
        (b'{"type": NaN}', "tidak dapat dibaca sebagai JSON"),
        (b"[" * 200_000, "tidak dapat dibaca sebagai JSON"),
        (b"1" * 5_000, "tidak dapat dibaca sebagai JSON"),
        (b"[]", "FeatureCollection"),
        (as_file(square()), "FeatureCollection"),
        (as_file({"type": "FeatureCollection", "features": []}), "kosong"),
        (as_file({"type": "FeatureCollection"}), "kosong"),
        (as_file({**collection(), "crs": {"properties": {"name": "EPSG:23839"}}}), "WGS84"),
        (as_file({**collection(), "crs": "EPSG:4326"}), "WGS84"),
        (b" " * (boundaries.MAX_BYTES + 1), "lebih besar dari 5 MB"),
    ],
    ids=[
        "empty",
        "csv",
        "binary",
        "not a number",
        "deep",
        "long number",
        "list",
        "bare geometry",
        "no features",
        "features missing",
        "projected",
        "crs without name",
        "too large",
    ],
)
def test_unusable_file_is_refused_in_words(content: bytes, sentence: str) -> None:
    (problem,) = problems_of(content)

    assert sentence in problem


def with_code(code: Any) -> Callable[[dict[str, Any]], None]:
    return lambda feature: feature.update(properties={"kode": code})


def with_ring(ring: Any) -> Callable[[dict[str, Any]], None]:
    return lambda feature: feature.update(geometry={"type": "Polygon", "coordinates": [ring]})


def with_geometry(geometry: Any) -> Callable[[dict[str, Any]], None]:
    return lambda feature: feature.update(geometry=geometry)


CORNERS = square()["coordinates"][0]


@pytest.mark.parametrize(
    ("spoil", "sentence"),
    [
        (with_code("6104"), "“6104” bukan kode Kemendagri"),
        (with_code(61.04), "“61.04” bukan kode Kemendagri"),
        (with_code("62.01"), "“62.01” bukan kode Kemendagri"),
        (with_code(None), "tidak ada kode Kemendagri"),
        (with_code("61.01"), "kode 61.01 sudah ada"),
        (lambda feature: feature.update(id="61.05"), "dua wilayah yang berbeda"),
        (lambda feature: feature.update(type="Fitur"), "bukan fitur GeoJSON"),
        (with_geometry(None), "bukan Polygon atau MultiPolygon"),
        (with_geometry({"type": "Point", "coordinates": [109, 0]}), "bukan Polygon atau MultiPolygon"),
        (with_geometry({"type": "Polygon"}), "koordinatnya kosong atau rusak"),
        (with_geometry({"type": "Polygon", "coordinates": [{}]}), "koordinatnya kosong atau rusak"),
        (with_ring(CORNERS[:-1]), "tidak tertutup"),
        (with_ring(CORNERS[:1] * 3), "tidak tertutup"),
        (with_ring([*CORNERS, "109"]), "bukan pasangan bujur dan lintang"),
        (with_ring([[True, 1], *CORNERS]), "bukan pasangan bujur dan lintang"),
        (with_ring([["109", "-1"], *CORNERS]), "bukan pasangan bujur dan lintang"),
        (with_ring([point[::-1] for point in CORNERS]), "bujur dan lintang tertukar"),
        (with_ring([[1e999, 0], *CORNERS]), "di luar rentang derajat"),
        (with_ring([[545_000, 9_900_000], *CORNERS]), "di luar rentang derajat"),
    ],
    ids=[
        "code without point",
        "code as a number",
        "other province",
        "no code",
        "code twice",
        "two codes",
        "no feature",
        "no geometry",
        "point",
        "no coordinates",
        "no list",
        "open ring",
        "three corners",
        "text among points",
        "truth as number",
        "texts as numbers",
        "latitude first",
        "infinite",
        "metres",
    ],
)
def test_one_bad_feature_refuses_the_file_and_is_named(
    spoil: Callable[[dict[str, Any]], None], sentence: str
) -> None:
    data = collection()
    spoil(data["features"][3])

    first, *others = problems_of(as_file(data).replace(b"Infinity", b"1e999"))

    assert first.startswith("Fitur 4: ")
    assert sentence in first
    assert others == ["Belum ada batas untuk: 61.04."]


def test_missing_regencies_are_named() -> None:
    data = collection()
    del data["features"][12:]

    assert problems_of(as_file(data)) == ["Belum ada batas untuk: 61.71, 61.72."]


def test_endless_problems_are_cut_short() -> None:
    features = [{"type": "Feature"}] * 500

    problems = problems_of(as_file({"type": "FeatureCollection", "features": features}))

    assert len(problems) == boundaries.MAX_PROBLEMS + 1
    assert problems[-1] == "… dan 471 masalah lain."


@pytest.fixture
def geojson(tmp_path: Path) -> Path:
    path = tmp_path / "batas.geojson"
    path.write_bytes(as_file(collection()))
    return path


@pytest.mark.django_db
def test_command_loads_all_and_leaves_a_trace(geojson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = generation.current()

    call_command("load_boundaries", str(geojson))

    assert capsys.readouterr().out == "14 boundaries changed\n"
    assert Regency.objects.active().exclude(boundary=None).count() == 14
    assert Regency.objects.get(code="61.01").boundary == square(109)
    changes = Change.objects.filter(model="regions.regency")
    assert {(c.actor, c.source, c.reason) for c in changes} == {("sistem", "command", "batas.geojson")}
    assert {(c.before["boundary"], c.after["boundary"]) for c in changes} == {(None, "Polygon, 5 titik")}
    assert generation.current() != before


@pytest.mark.django_db
def test_same_file_again_changes_nothing(geojson: Path, capsys: pytest.CaptureFixture[str]) -> None:
    call_command("load_boundaries", str(geojson))
    before = generation.current()

    call_command("load_boundaries", str(geojson))

    assert capsys.readouterr().out == "14 boundaries changed\n0 boundaries changed\n"
    assert Change.objects.count() == 14
    assert generation.current() == before


@pytest.mark.django_db
def test_bad_file_changes_nothing(tmp_path: Path, geojson: Path) -> None:
    call_command("load_boundaries", str(geojson))
    data = collection()
    data["features"][0]["geometry"] = square(100)
    data["features"][13]["geometry"] = None
    bad = tmp_path / "rusak.geojson"
    bad.write_bytes(as_file(data))

    with pytest.raises(CommandError, match="Fitur 14"):
        call_command("load_boundaries", str(bad))

    assert Regency.objects.get(code="61.01").boundary == square(109)
    assert Change.objects.count() == 14


def test_command_says_what_is_wrong_with_the_path(tmp_path: Path) -> None:
    with pytest.raises(CommandError, match="No such file"):
        call_command("load_boundaries", str(tmp_path / "tidak-ada.geojson"))


def portal_admin(client: Client, *areas: str) -> None:
    user = factories.user("admin", *areas, is_staff=True)
    user.groups.add(Group.objects.get(name="Admin portal"))
    client.force_login(user)


@pytest.mark.django_db
def test_page_loads_all(client: Client) -> None:
    portal_admin(client, "61")

    response = client.post(
        PAGE, {"file": SimpleUploadedFile("b.geojson", as_file(collection()))}, follow=True
    )

    assert "14 batas wilayah diganti." in response.content.decode()
    assert Regency.objects.active().exclude(boundary=None).count() == 14
    assert {change.actor for change in Change.objects.all()} == {"admin"}


@pytest.mark.django_db
def test_page_shows_every_problem_and_loads_nothing(client: Client) -> None:
    portal_admin(client, "61")
    data = collection()
    data["features"][0]["properties"] = {"kode": "<b>6101"}
    del data["features"][13]

    response = client.post(PAGE, {"file": SimpleUploadedFile("b.geojson", as_file(data))})

    text = response.content.decode()
    assert "Fitur 1: “&lt;b&gt;6101” bukan kode Kemendagri" in text
    assert "Belum ada batas untuk: 61.01, 61.72." in text
    assert not Regency.objects.exclude(boundary=None).exists()


@pytest.mark.django_db
def test_page_asks_for_a_file(client: Client) -> None:
    portal_admin(client, "61")

    assert client.get(PAGE).status_code == 200
    assert "file" in client.post(PAGE, {}).context["form"].errors


@pytest.mark.django_db
@pytest.mark.parametrize("areas", [["61.04"], []], ids=["one regency", "no area"])
def test_page_is_for_whoever_keeps_the_whole_province(client: Client, areas: list[str]) -> None:
    portal_admin(client, *areas)

    assert client.get(PAGE).status_code == 403
    assert client.post(PAGE, {"file": SimpleUploadedFile("b", as_file(collection()))}).status_code == 403
    assert PAGE not in client.get("/admin/regions/regency/").content.decode()


@pytest.mark.django_db
def test_list_of_regencies_leads_to_the_page(client: Client) -> None:
    portal_admin(client, "61")

    assert PAGE in client.get("/admin/regions/regency/").content.decode()
