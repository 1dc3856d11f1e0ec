import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from coverage_portal.lib.identity import TEMPLATES, BadIdentity, NikReader, parse_nik
from coverage_portal.lib.spreadsheets import CellError
from coverage_portal.lib.values import BadValue

TODAY = date(2026, 11, 21)
NIK = "6171011708909001"


def test_parse_nik_takes_its_parts() -> None:
    nik = parse_nik("6107015501909001", on=TODAY)

    assert (nik.digits, nik.district_code, nik.regency_code) == ("6107015501909001", "61.07.01", "61.07")
    assert (nik.birth_date, nik.sex, nik.last4) == (date(1990, 1, 15), "P", "9001")
    assert nik.warnings == ()


@pytest.mark.parametrize(
    "cell",
    [
        NIK,
        f"{NIK} ",
        f"\n {NIK}\r\n",
        f"'{NIK}",
        f"’{NIK}",
        "6171.01.170890.9001",
        "61.71.01.170890.9001",
        "617101-170890-9001",
        "6171 0117 0890 9001",
        "6171\u00a0011708909001",
        "61710\n11708909001",
        f"\ufeff{NIK}",
        f"\u200b{NIK}\u200b",
        "６１７１０１１７０８９０９００１",
    ],
    ids=[
        "plain",
        "trailing-blank",
        "line-breaks-around",
        "apostrophe",
        "curly-apostrophe",
        "dots",
        "all-dots",
        "hyphens",
        "in-fours",
        "no-break-space",
        "wrapped",
        "bom",
        "zero-width",
        "full-width",
    ],
)
def test_parse_nik_tidies_what_carries_no_meaning(cell: str) -> None:
    nik = parse_nik(cell, on=TODAY)

    assert (nik.digits, nik.warnings) == (NIK, ())


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "nik_blank"),
        ("", "nik_blank"),
        (" \n", "nik_blank"),
        ("'", "nik_blank"),
        ("-", "nik_not_digits"),
        ("—", "nik_not_digits"),
        ("belum ada", "nik_not_digits"),
        ("6171I11708909001", "nik_not_digits"),
        ("617101170890900¹", "nik_not_digits"),
        ("٦١٧١٠١١٧٠٨٩٠٩٠٠١", "nik_not_digits"),
        ("-6171011708909001", "nik_not_digits"),
        ("617101170890900.1", "nik_not_digits"),
        ("6171011708909001.5", "nik_wrong_length"),
        ("25000000001", "nik_wrong_length"),
        ("61710117089090011", "nik_wrong_length"),
        ("617101170890901", "nik_excel_rounded"),
        ("6.17101170890900E+15", "nik_excel_rounded"),
        ("6,17101E+15", "nik_excel_rounded"),
        ("6.17e15", "nik_excel_rounded"),
        ("9171011708909001.0", "nik_excel_rounded"),
        ("0000000000000000", "nik_filler"),
        ("1111111111111111", "nik_filler"),
        ("9999999999999999", "nik_filler"),
        ("6100011708909001", "nik_bad_area"),
        ("6170011708909001", "nik_bad_area"),
        ("0671011708909001", "nik_bad_area"),
        ("6071011708909001", "nik_bad_area"),
        ("6171010008909001", "nik_bad_day"),
        ("6171013208909001", "nik_bad_day"),
        ("6171014008909001", "nik_bad_day"),
        ("6171017208909001", "nik_bad_day"),
        ("6171018108909001", "nik_bad_day"),
        ("6171019908909001", "nik_bad_day"),
        ("6171011700909001", "nik_impossible_date"),
        ("6171011713909001", "nik_impossible_date"),
        ("6171013104909001", "nik_impossible_date"),
        ("6171017104909001", "nik_impossible_date"),
        ("6171012902019001", "nik_impossible_date"),
        ("6171011708900000", "nik_serial_zero"),
        ("#REF!", "formula_error"),
        (CellError("#FORMULA"), "formula_error"),
        (True, "boolean"),
        (date(1990, 8, 17), "number_is_date"),
    ],
)
def test_parse_nik_refuses_with_a_code(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_nik(cell, on=TODAY)

    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (6171011708909000, "nik_excel_rounded"),
        (617101170890901, "nik_excel_rounded"),
        (9171011708909000.0, "nik_excel_rounded"),
        (9171011708909002.0, "nik_excel_rounded"),
        (61710117089090011, "nik_wrong_length"),
        (25000000001, "nik_wrong_length"),
        (0, "nik_wrong_length"),
        (-6171011708909001, "nik_not_digits"),
        (6171011708.5, "nik_not_digits"),
        (float("nan"), "nik_not_digits"),
        (Decimal("1E+999999"), "nik_excel_rounded"),
    ],
)
def test_parse_nik_refuses_a_number_that_may_have_lost_digits(cell: object, code: str) -> None:
    with pytest.raises(BadIdentity) as error:
        parse_nik(cell, on=TODAY)

    assert error.value.code == code


@pytest.mark.parametrize(
    "cell",
    [6171011708909001, 6171011708909001.0, Decimal(NIK), f"{NIK}.0"],
    ids=["int", "float", "decimal", "text-of-a-float"],
)
def test_parse_nik_marks_an_exact_number_for_review(cell: object) -> None:
    nik = parse_nik(cell, on=TODAY)

    assert (nik.digits, nik.warnings) == (NIK, ("nik_from_number",))


def test_parse_nik_takes_a_whole_number_above_the_floats_when_it_is_exact() -> None:
    nik = parse_nik(9171011708909001, on=TODAY)

    assert (nik.digits, nik.warnings) == ("9171011708909001", ("nik_from_number",))


def test_parse_nik_says_how_many_digits_there_are() -> None:
    with pytest.raises(BadIdentity) as error:
        parse_nik("6171-0117-0890", on=TODAY)

    assert error.value.message == "NIK harus 16 angka; di sini ada 12."


@pytest.mark.parametrize(
    ("digits", "warning"),
    [
        ("6171061708909001", None),
        ("6171991708909001", "nik_unknown_district"),
        ("6171001708909001", "nik_unknown_district"),
        ("6173011708909001", "nik_unknown_regency"),
        ("5401011708909001", "nik_unknown_province"),
    ],
    ids=["last district", "district too high", "district zero", "regency", "Timor Timur"],
)
def test_parse_nik_warns_of_an_area_that_is_not_listed(digits: str, warning: str | None) -> None:
    nik = parse_nik(digits, on=TODAY)

    assert nik.warnings == ((warning,) if warning else ())


def test_parse_nik_gives_every_warning() -> None:
    nik = parse_nik(6171991708909001, on=TODAY)

    assert nik.warnings == ("nik_from_number", "nik_unknown_district")


@pytest.mark.parametrize(
    ("born", "on", "year"),
    [
        ("170845", date(2026, 11, 21), 1945),
        ("170801", date(2026, 11, 21), 2001),
        ("211126", date(2026, 11, 21), 2026),
        ("221126", date(2026, 11, 21), 1926),
        ("011226", date(2026, 11, 21), 1926),
        ("010127", date(2026, 11, 21), 1927),
        ("010127", date(2027, 1, 1), 2027),
        ("290200", date(2026, 11, 21), 2000),
    ],
)
def test_century_is_the_latest_that_is_not_after_the_day_of_reading(born: str, on: date, year: int) -> None:
    nik = parse_nik(f"617101{born}9001", on=on)

    assert nik.birth_date.year == year


def test_leap_day_of_a_century_that_has_none_is_impossible() -> None:
    with pytest.raises(BadIdentity) as error:
        parse_nik("6171012902009001", on=date(1999, 12, 31))

    assert error.value.code == "nik_impossible_date"


@pytest.mark.parametrize(
    ("birth_date", "sex", "warnings"),
    [
        (None, None, ()),
        (date(1990, 8, 17), "L", ()),
        (date(1890, 8, 17), "L", ()),
        (date(1990, 8, 18), None, ("nik_birth_date_differs",)),
        (date(1990, 9, 17), "L", ("nik_birth_date_differs",)),
        (date(1991, 8, 17), "L", ("nik_birth_date_differs",)),
        (None, "P", ("nik_sex_differs",)),
        (date(1991, 8, 17), "P", ("nik_birth_date_differs", "nik_sex_differs")),
    ],
    ids=["silent", "same", "another century", "day", "month", "year", "sex", "both"],
)
def test_disagreements_with_the_row(birth_date, sex, warnings: tuple[str, ...]) -> None:
    reader = NikReader(TODAY)

    assert parse_nik(NIK, on=TODAY).disagreements(birth_date=birth_date, sex=sex) == warnings
    assert reader.disagreements(NIK, birth_date=birth_date, sex=sex) == warnings


def test_reader_answers_without_raising() -> None:
    reader = NikReader(TODAY)

    readings = [reader.read(cell) for cell in (NIK, f"{NIK} ", 6171991708909001, "", "6171018108909001")]

    assert [digits for digits, _, _ in readings] == [NIK, NIK, "6171991708909001", "", ""]
    assert [problem and problem.code for _, problem, _ in readings] == [
        *(None, None, None),
        *("nik_blank", "nik_bad_day"),
    ]
    assert [warnings for _, _, warnings in readings] == [
        *((), (), ("nik_from_number", "nik_unknown_district")),
        *((), ()),
    ]


def test_reader_knows_the_birth_in_digits_it_has_passed() -> None:
    birth = NikReader(TODAY).birth("6105016902049001")

    assert birth == (date(2004, 2, 29), "P")


def test_reader_knows_no_birth_where_there_is_no_such_date() -> None:
    with pytest.raises(BadIdentity) as error:
        NikReader(TODAY).birth("6105016902059001")

    assert error.value.code == "nik_impossible_date"


def test_nik_vectors_are_read_as_they_say(shared_data: Path) -> None:
    file = shared_data / "vectors" / "nik_vectors.csv"
    if not file.exists():
        pytest.skip("shared_data/vectors/nik_vectors.csv is absent")
    with file.open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))

    answers = [_answer(row) for row in rows]

    assert len(rows) >= 35
    assert answers == [(row["expected"], row["normalized"], row["sex"], row["birth_date"]) for row in rows]


def _answer(row: dict[str, str]) -> tuple[str, str, str, str]:
    """The row's own columns as `parse_nik` would fill them."""
    cell: object = int(row["input"]) if row["cell_type"] == "number" else row["input"]
    try:
        nik = parse_nik(cell, on=TODAY)
    except BadIdentity:
        return "invalid", "", "", ""
    if nik.warnings == ("nik_from_number",):
        expected = "repairable-if-exact"
    elif nik.warnings:
        expected = "valid-with-warning"
    else:
        expected = "valid" if nik.digits == row["input"] else "repairable"
    return expected, nik.digits, nik.sex, nik.birth_date.isoformat()


def test_every_template_is_a_sentence_that_takes_its_params() -> None:
    sentences = [template % {"length": 17} for template in TEMPLATES.values()]

    assert all(sentence.endswith(".") for sentence in sentences)
