from datetime import date
from decimal import Decimal

import pytest

from coverage_portal.lib.identity import parse_name, parse_sex
from coverage_portal.lib.spreadsheets import CellError
from coverage_portal.lib.values import BadValue


@pytest.mark.parametrize(
    "cell",
    [
        *("L", "l", " L ", "'L", "LK", "Lk.", "Lelaki", "Pria", "PRIA", "M", "male"),
        *("Laki-laki", "LAKI - LAKI", "laki laki", "Laki-Laki", "Laki2"),
    ],
)
def test_parse_sex_of_a_man(cell: str) -> None:
    assert parse_sex(cell) == "L"


@pytest.mark.parametrize(
    "cell",
    ["P", "p", "P\u00a0", "PR", "Pr.", "Perempuan", "PEREMPUAN", "Wanita", "wanita ", "F", "Female", "'P"],
)
def test_parse_sex_of_a_woman(cell: str) -> None:
    assert parse_sex(cell) == "P"


@pytest.mark.parametrize("cell", [None, "", " ", "-", "–"])
def test_parse_sex_of_a_blank_is_none(cell: object) -> None:
    assert parse_sex(cell) is None


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1", "sex_number"),
        ("2", "sex_number"),
        (1, "sex_number"),
        (2.0, "sex_number"),
        (Decimal(1), "sex_number"),
        ("W", "sex_letter_w"),
        ("w.", "sex_letter_w"),
        ("L/P", "sex_unreadable"),
        ("X", "sex_unreadable"),
        ("Kawin", "sex_unreadable"),
        (date(1990, 1, 1), "sex_unreadable"),
        (True, "boolean"),
        ("#N/A", "formula_error"),
        (CellError("#N/A"), "formula_error"),
    ],
)
def test_parse_sex_refuses_what_has_two_meanings_or_none(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_sex(cell)

    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "name"),
    [
        ("Budi Santoso", "Budi Santoso"),
        ("  SITI   aminah\n", "SITI aminah"),
        ("Andi\u00a0Wijaya", "Andi Wijaya"),
        ("dr. H. Ahmad, S.T., M.T.", "dr. H. Ahmad, S.T., M.T."),
        ("Ma'ruf", "Ma'ruf"),
        ("Nur-Aini", "Nur-Aini"),
        ("'Aisyah", "Aisyah"),
        ("\ufeffBudi\u200b", "Budi"),
        ("Andre\u0301", "André"),
        ("Budi 2", "Budi 2"),
        ("Budi (lahir 17-08-1990)", "Budi (lahir 17-08-1990)"),
        ("O", "O"),
    ],
)
def test_parse_name_tidies_blanks_and_keeps_the_letters(cell: str, name: str) -> None:
    assert parse_name(cell) == name


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (None, "name_blank"),
        ("", "name_blank"),
        ("-", "name_blank"),
        ("12345", "name_without_letters"),
        ("...", "name_without_letters"),
        (12345, "name_without_letters"),
        (date(1990, 1, 1), "name_without_letters"),
        (CellError("#REF!"), "formula_error"),
        ("#REF!", "formula_error"),
        (True, "boolean"),
        ("Budi 6171011708909001", "name_holds_number"),
        ("Budi/6171.01.170890.9001", "name_holds_number"),
        ("Budi 25000000001", "name_holds_number"),
    ],
)
def test_parse_name_refuses_with_a_code(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_name(cell)

    assert error.value.code == code
