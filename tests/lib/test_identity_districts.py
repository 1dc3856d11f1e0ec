import csv
from pathlib import Path

import pytest

from coverage_portal.lib.identity import districts

ROOT = Path(__file__).resolve().parents[2]


def test_districts_of_the_home_province_are_the_decrees() -> None:
    numbers = sorted(code[4:] for code in districts.known() if code.startswith("6103"))

    assert numbers == [f"{number:02}" for number in (*range(1, 14), 20, 21)]
    assert sum(code.startswith("61") for code in districts.known()) == 174


def test_districts_add_up_to_the_nation() -> None:
    counts = [len(codes) for codes in (districts.known(), districts.regencies(), districts.provinces())]

    assert counts == [7285, 514, 38]
    assert {len(code) for code in districts.known()} == {6}


def test_regencies_are_those_of_the_reference_table() -> None:
    table = ROOT / "regions/reference/regencies.csv"
    rows = csv.DictReader(table.read_text(encoding="utf-8").splitlines())

    assert districts.regencies() == {row["code"].replace(".", "") for row in rows}


def test_districts_are_those_of_the_compilation(shared_data: Path) -> None:
    file = shared_data / "areas" / "indonesia_kecamatan.csv"
    if not file.exists():
        pytest.skip("shared_data/areas/indonesia_kecamatan.csv is absent")
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())

    assert districts.known() == {row["kode"].replace(".", "") for row in rows}
