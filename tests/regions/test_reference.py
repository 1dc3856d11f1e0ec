import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

from regions import reference


def test_provinces_are_the_38_with_well_formed_codes() -> None:
    codes = [province.code for province in reference.provinces()]

    assert len(codes) == len(set(codes)) == 38
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"[1-9]\d", code) for code in codes)
    assert {"61", "65", "92", "96"} <= set(codes)


def test_regencies_are_the_514_with_well_formed_codes() -> None:
    records = reference.regencies()
    codes = [record.code for record in records]

    assert len(codes) == len(set(codes)) == 514
    assert codes == sorted(codes)
    assert all(re.fullmatch(r"\d{2}\.\d{2}", code) for code in codes)
    assert Counter(record.kind for record in records) == {"kabupaten": 416, "kota": 98}


def test_regencies_belong_to_a_province_and_number_cities_from_71() -> None:
    provinces = {province.code for province in reference.provinces()}

    for record in reference.regencies():
        assert record.province_code in provinces
        assert (record.kind == "kota") == (int(record.code[3:]) >= 71), record
        assert record.name == record.name.strip()
        assert not record.name.startswith(("Kabupaten ", "Kota ", "Kab.", "Kep.")), record


def test_details_cover_exactly_kalimantan_barat() -> None:
    kalbar = [record.code for record in reference.regencies() if record.province_code == "61"]

    assert list(reference.details()) == kalbar
    assert len(kalbar) == 14


def test_details_add_up_to_the_published_totals() -> None:
    details = reference.details().values()

    assert sum(record.population for record in details) == 5_646_268
    assert sum(record.area_km2 for record in details) == Decimal("147018.063")


def test_details_differ_from_kemendagri_in_seven_bps_codes() -> None:
    differing = {
        code: record.bps_code
        for code, record in reference.details().items()
        if record.bps_code != code.replace(".", "")
    }

    assert differing == {
        "61.02": "6104",
        "61.03": "6105",
        "61.04": "6106",
        "61.05": "6107",
        "61.06": "6108",
        "61.07": "6102",
        "61.08": "6103",
    }
    assert len({record.bps_code for record in reference.details().values()}) == 14


def test_details_give_each_regency_its_own_tile_and_short_name() -> None:
    details = reference.details().values()

    assert len({(record.tile_row, record.tile_column) for record in details}) == 14
    assert len({record.short_name for record in details}) == 14
    assert all(re.fullmatch(r"[A-Z]{3}", record.short_name) for record in details)
    assert all(record.tile_row in range(5) and record.tile_column in range(5) for record in details)


def test_mempawah_is_the_one_with_a_former_name() -> None:
    former = {code: record.former_name for code, record in reference.details().items() if record.former_name}

    assert former == {"61.02": "Pontianak"}
    assert reference.details()["61.02"].capital == "Mempawah"


def test_every_table_is_named_among_the_sources() -> None:
    folder = Path(reference.__file__).parent
    sources = (folder / "SOURCES.md").read_text(encoding="utf-8")

    tables = [file.name for file in folder.glob("*.csv")]

    assert len(tables) == 3
    assert all(f"`{name}`" in sources for name in tables)
