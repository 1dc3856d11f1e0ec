import csv
from datetime import date, time
from decimal import Decimal
from pathlib import Path

import pytest

from coverage_portal.lib import numbers, periods, values
from coverage_portal.lib.values import BadValue

# In that file these two stand for number cells of a spreadsheet, not for text.
NUMBER_CELLS = {"105939389198.79001": 105939389198.79001, "33102": 33102}


@pytest.mark.parametrize(
    ("text", "tidied"),
    [
        ("  Sambas \n", "Sambas"),
        ("Rp\u00a01.234", "Rp 1.234"),
        ("3 /\n   0", "3 / 0"),
        ("'6101", "6101"),
        ("’6101", "6101"),
        ("\ufeffNIK\u200b", "NIK"),
        ("１２３", "123"),
        ("10²", "10²"),
        ("½", "½"),
    ],
    ids=[
        "spaces",
        "no-break-space",
        "line-break",
        "apostrophe",
        "curly-apostrophe",
        "invisible",
        "full-width",
        "superscript-kept",
        "fraction-kept",
    ],
)
def test_tidy_cleans_only_what_carries_no_meaning(text: str, tidied: str) -> None:
    assert values.tidy(text) == tidied


@pytest.mark.parametrize("cell", [None, "", "   ", "-", "–", "—", "--", "'", "\u00a0"])
def test_is_blank_for_what_tables_leave_empty(cell: object) -> None:
    assert values.is_blank(cell)


@pytest.mark.parametrize("cell", ["0", 0, 0.0, False, "nihil", "n/a"])
def test_is_blank_never_for_a_zero_or_a_word(cell: object) -> None:
    assert not values.is_blank(cell)


@pytest.mark.parametrize(
    "parse", [numbers.parse_count, numbers.parse_money, periods.parse_month, periods.parse_date]
)
@pytest.mark.parametrize(
    "cell", ["#REF!", "#DIV/0!", "#N/A", object()], ids=["ref", "div", "na", "error-cell"]
)
def test_failed_formula_is_called_one_everywhere(parse, cell: object) -> None:
    with pytest.raises(BadValue) as error:
        parse(cell)

    assert error.value.code == "formula_error"


def test_bad_value_says_what_is_wrong_and_keeps_the_value_out_of_the_exception() -> None:
    with pytest.raises(BadValue) as error:
        periods.parse_date("08/31/2025")

    assert error.value.message == (
        "Bulan 31 tidak ada: tanggal ditulis hari/bulan/tahun, misalnya 31/08/2025."
    )
    assert error.value.template % error.value.params == error.value.message
    assert str(error.value) == "date_month_first"


def test_every_template_takes_its_params() -> None:
    params = {"month": 13, "year": 1899, "first": 1900, "last": 2100}

    sentences = [template % params for template in values.TEMPLATES.values()]

    assert all(sentence.endswith(".") for sentence in sentences)


def test_value_vectors_are_read_as_they_say(shared_data: Path) -> None:
    file = shared_data / "vectors" / "value_vectors.csv"
    if not file.exists():
        pytest.skip("shared_data/vectors/value_vectors.csv is absent")
    rows = list(csv.DictReader(file.read_text(encoding="utf-8").splitlines()))
    readers = {"money": numbers.parse_money, "date": periods.parse_date}

    wrong = [
        (row["input"], row["expected"], answer)
        for row in rows
        if row["field"] in readers
        and not _as_expected(answer := _answer(readers[row["field"]], row["input"]), row["expected"])
    ]

    assert sum(row["field"] in readers for row in rows) >= 29
    assert wrong == []


def _answer(read, text: str) -> object:
    try:
        return read(NUMBER_CELLS.get(text, text))
    except BadValue as error:
        return error


def _as_expected(answer: object, expected: str) -> bool:
    if expected.startswith("period"):
        return isinstance(answer, BadValue) and answer.code == "date_without_day"
    if expected.startswith(("refuse", "report", "blank or refuse")):
        return isinstance(answer, BadValue)
    if expected.startswith("blank"):
        return answer is None
    first = expected.split()[0]
    return answer == (date.fromisoformat(first) if "-" in first else Decimal(first))


def test_time_of_day_is_neither_number_nor_period() -> None:
    with pytest.raises(BadValue) as number:
        numbers.parse_count(time(7, 30))
    with pytest.raises(BadValue) as month:
        periods.parse_month(time(7, 30))
    with pytest.raises(BadValue) as day:
        periods.parse_date(time(7, 30))

    codes = [error.value.code for error in (number, month, day)]
    assert codes == ["number_is_date", "month_unreadable", "date_unreadable"]
