import csv
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from coverage_portal.lib.identity import Npp, parse_kpj, parse_npp, parse_npwp
from coverage_portal.lib.spreadsheets import CellError
from coverage_portal.lib.values import BadValue

TODAY = date(2026, 11, 21)
NIK = "6171011708909001"
# Invented; the ninth digit is right.
OLD = "987654324701000"


@pytest.mark.parametrize("blank", [None, "", "  ", "-", "–", "'"])
def test_blank_number_is_none(blank: object) -> None:
    assert parse_kpj(blank) is None
    assert parse_npp(blank) is None
    assert parse_npwp(blank, on=TODAY) is None


@pytest.mark.parametrize("cell", ["#N/A", CellError("#FORMULA"), True, date(2025, 1, 1)])
def test_number_is_no_formula_error_truth_or_date(cell: object) -> None:
    codes = []
    for parse in (parse_kpj, parse_npp, lambda cell: parse_npwp(cell, on=TODAY)):
        with pytest.raises(BadValue) as error:
            parse(cell)
        codes.append(error.value.code)

    assert len(set(codes)) == 1
    assert codes[0] in {"formula_error", "boolean", "number_is_date"}


@pytest.mark.parametrize(
    ("cell", "digits", "warnings"),
    [
        ("25000000001", "25000000001", ()),
        (" 250 0000 0001\u00a0", "25000000001", ()),
        ("'02500000001", "02500000001", ()),
        (25000000001, "25000000001", ()),
        (25000000001.0, "25000000001", ()),
        ("25000000001.0", "25000000001", ()),
        (2500000001, "2500000001", ("kpj_length",)),
        ("250000000011", "250000000011", ("kpj_length",)),
        ("25000000000001", "25000000000001", ("kpj_length",)),
    ],
)
def test_parse_kpj_warns_of_another_length(cell: object, digits: str, warnings: tuple[str, ...]) -> None:
    kpj = parse_kpj(cell)

    assert kpj is not None
    assert (kpj.digits, kpj.warnings) == (digits, warnings)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("belum punya", "kpj_not_digits"),
        ("KPJ25000000001", "kpj_not_digits"),
        (2500000000.5, "kpj_not_digits"),
        ("2,5E+10", "kpj_digits_lost"),
        ("617101170890900", "kpj_too_long"),
        (NIK, "kpj_too_long"),
        ("6171.01.170890.9001", "kpj_too_long"),
        (int(NIK), "kpj_too_long"),
    ],
)
def test_parse_kpj_refuses_what_is_none_and_any_nik(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_kpj(cell)

    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "npp"),
    [
        ("12345678", Npp("12345678")),
        (12345678, Npp("12345678")),
        ("12345678.0", Npp("12345678")),
        ("ab123456", Npp("AB123456")),
        (" JJ012345 ", Npp("JJ012345")),
        ("AB123456-000", Npp("AB123456", "000")),
        ("AB123456 / 001", Npp("AB123456", "001")),
        ("ab123456 d1", Npp("AB123456", "D1")),
    ],
)
def test_parse_npp_reads_number_and_division(cell: object, npp: Npp) -> None:
    assert parse_npp(cell) == npp


@pytest.mark.parametrize(
    "cell", ["1234567", 1234567, 12345678.5, "123456789", "ABC", "PT Contoh", "1234567Ä", NIK, 1e300]
)
def test_parse_npp_refuses_another_form(cell: object) -> None:
    with pytest.raises(BadValue) as error:
        parse_npp(cell)

    assert error.value.code == "npp_malformed"


def test_npp_is_written_with_its_division() -> None:
    assert [str(Npp("AB123456")), str(Npp("AB123456", "001"))] == ["AB123456", "AB123456-001"]


@pytest.mark.parametrize(
    ("cell", "digits", "is_nik", "warnings"),
    [
        ("98.765.432.4-701.000", f"0{OLD}", False, ()),
        (f"0{OLD}", f"0{OLD}", False, ()),
        (int(OLD), f"0{OLD}", False, ()),
        ("98 . 765 . 432 . 4 - 701 . 000", f"0{OLD}", False, ()),
        ("012345674701000", "0012345674701000", False, ()),
        (12345674701000, "0012345674701000", False, ("npwp_zero_restored",)),
        ("12345674701000", "0012345674701000", False, ("npwp_zero_restored",)),
        ("1000000000001234", "1000000000001234", False, ("npwp_unchecked",)),
        (NIK, NIK, True, ()),
        (int(NIK), NIK, True, ("nik_from_number",)),
        ("6171991708909001", "6171991708909001", True, ("nik_unknown_district",)),
    ],
)
def test_parse_npwp_gives_sixteen_digits(cell, digits: str, is_nik: bool, warnings: tuple[str, ...]) -> None:
    npwp = parse_npwp(cell, on=TODAY)

    assert npwp is not None
    assert (npwp.digits, npwp.is_nik, npwp.warnings) == (digits, is_nik, warnings)


@pytest.mark.parametrize("placeholder", ["00.000.000.0-000.000", "0000000000000000", "0", 0])
def test_npwp_of_zeros_is_none(placeholder: object) -> None:
    assert parse_npwp(placeholder, on=TODAY) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("tidak ada", "npwp_not_digits"),
        (Decimal("12.5"), "npwp_not_digits"),
        ("9,87654E+14", "npwp_digits_lost"),
        ("9876543247010", "npwp_wrong_length"),
        (f"0{OLD}000000", "npwp_wrong_length"),
        ("98.765.432.5-701.000", "npwp_check_digit"),
        ("89.765.432.4-701.000", "npwp_check_digit"),
        ("12345675701000", "npwp_check_digit"),
        ("6171018108909001", "nik_bad_day"),
        (6171011708909000, "nik_excel_rounded"),
    ],
)
def test_parse_npwp_refuses_with_a_code(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_npwp(cell, on=TODAY)

    assert error.value.code == code


@pytest.mark.parametrize("place", range(9))
def test_npwp_check_digit_notices_every_single_wrong_digit(place: int) -> None:
    wrong = [f"{OLD[:place]}{digit}{OLD[place + 1 :]}" for digit in "0123456789" if digit != OLD[place]]

    codes = []
    for cell in wrong:
        with pytest.raises(BadValue) as error:
            parse_npwp(cell, on=TODAY)
        codes.append(error.value.code)

    assert codes == ["npwp_check_digit"] * 9


def test_npwp_vectors_are_read_as_they_say(shared_data: Path) -> None:
    file = shared_data / "vectors" / "value_vectors.csv"
    if not file.exists():
        pytest.skip("shared_data/vectors/value_vectors.csv is absent")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    vectors = {row["input"]: row["expected"] for row in rows if row["field"] == "npwp"}

    read = {text: parse_npwp(text, on=TODAY) for text in vectors}

    assert len(vectors) >= 5
    assert {text: npwp is None for text, npwp in read.items()} == {
        text: expected.startswith("placeholder") for text, expected in vectors.items()
    }
    assert len({npwp.digits for npwp in read.values() if npwp}) == 1
