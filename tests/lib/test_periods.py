import contextlib
from datetime import date, datetime
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.periods import (
    Month,
    find_month,
    format_date,
    format_month,
    months,
    parse_date,
    parse_month,
)
from coverage_portal.lib.values import BadValue

JULY = Month(2025, 7)
any_month = st.builds(Month, st.integers(1900, 2100), st.integers(1, 12))
any_day = st.dates(date(1950, 1, 1), date(2049, 12, 31))


def test_month_knows_its_days_and_its_text() -> None:
    month = Month.of(date(2024, 2, 11))

    assert (str(month), month.first, month.last) == ("2024-02", date(2024, 2, 1), date(2024, 2, 29))
    assert Month.parse("2024-02") == month
    assert {month: "a"}[Month(2024, 2)] == "a"


def test_month_counts_in_months() -> None:
    assert Month(2025, 11) + 3 == Month(2026, 2)
    assert Month(2026, 2) - 3 == Month(2025, 11)
    assert Month(2026, 12) - JULY == 17
    assert Month(2025, 12) < Month(2026, 1)
    assert max(JULY, Month(2024, 12)) == JULY


def test_months_includes_both_ends_and_is_empty_backwards() -> None:
    assert months(Month(2025, 11), Month(2026, 1)) == [Month(2025, 11), Month(2025, 12), Month(2026, 1)]
    assert months(JULY, JULY) == [JULY]
    assert months(JULY, JULY - 1) == []


@pytest.mark.parametrize(("year", "month"), [(2025, 0), (2025, 13), (0, 1), (10000, 1)])
def test_month_refuses_what_no_calendar_has(year: int, month: int) -> None:
    with pytest.raises(ValueError, match="no such month"):
        Month(year, month)


@pytest.mark.parametrize("text", ["2025-7", "2025/07", "2025-07-01", "2025-13", "", "٢٠٢٥-٠٧"])
def test_month_parse_takes_its_own_form_only(text: str) -> None:
    with pytest.raises(ValueError, match="month"):
        Month.parse(text)


@given(month=any_month, count=st.integers(-1000, 1000))
def test_month_arithmetic_undoes_itself(month: Month, count: int) -> None:
    moved = month + count

    assert moved - count == month
    assert moved - month == count
    assert Month.parse(str(moved)) == moved


@pytest.mark.parametrize(
    "cell",
    [
        "Juli 2025",
        "JULI 2025",
        "juli  2025",
        "Jul 2025",
        "Jul. 2025",
        "Juli2025",
        "Juli-25",
        "Juli-2025",
        "Juli '25",
        "July 2025",
        "2025 Juli",
        "Juli tahun 2025",
        "07/2025",
        "7/2025",
        "07-2025",
        "2025-07",
        "2025/07",
        "202507",
        "2025-07-31",
        "31 Juli 2025",
        "31/07/2025",
        "per 31 Juli 2025",
        "Posisi: Juli 2025",
        "Bulan : Juli 2025",
        "s.d. Juli 2025",
        202507,
        202507.0,
        45839,
        date(2025, 7, 31),
        datetime(2025, 7, 1, 12, 30),
    ],
)
def test_parse_month_reads_july_2025(cell: object) -> None:
    assert parse_month(cell) == JULY


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("Pebruari", 2),
        ("Peb", 2),
        ("Feb", 2),
        ("Mrt", 3),
        ("Mei", 5),
        ("Agust", 8),
        ("Agt", 8),
        ("Ags", 8),
        ("Agu.", 8),
        ("Sept", 9),
        ("Okt", 10),
        ("Nop", 11),
        ("Nopember", 11),
        ("Des", 12),
        ("December", 12),
    ],
)
def test_parse_month_knows_the_spellings(text: str, number: int) -> None:
    assert parse_month(f"{text} 2025") == Month(2025, number)


@pytest.mark.parametrize("cell", ["Juli", "bulan Juli", "7", "07", 7, 7.0])
def test_parse_month_without_a_year_needs_one_given(cell: object) -> None:
    with pytest.raises(BadValue) as error:
        parse_month(cell)

    assert error.value.code == "month_without_year"
    assert parse_month(cell, year=2025) == JULY
    assert parse_month(1, year=2025) == Month(2025, 1)
    assert parse_month(12, year=2025) == Month(2025, 12)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("13/2025", "month_unknown"),
        ("2025-00", "month_unknown"),
        ("Januari s.d. Juli 2025", "month_unreadable"),
        ("Jul-Agu 2025", "month_unreadable"),
        ("2025", "month_unreadable"),
        ("Jumlah", "month_unreadable"),
        ("45839", "month_unreadable"),
        ("31 Juli", "month_unreadable"),
        (202513, "month_unreadable"),
        (7.2025, "month_unreadable"),
        (0, "month_unreadable"),
        (13, "month_unreadable"),
        (73416, "month_unreadable"),
        (2025, "month_unreadable"),
        (float("nan"), "month_unreadable"),
        (10**400, "month_unreadable"),
        ("31-02-2025", "date_impossible"),
        ("08/31/2025", "date_month_first"),
        ("Juli 1825", "year_out_of_range"),
        (True, "boolean"),
    ],
    ids=str,
)
def test_parse_month_refuses_what_names_no_single_month(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_month(cell)

    assert error.value.code == code


@pytest.mark.parametrize("parse", [parse_month, parse_date])
@pytest.mark.parametrize("cell", [None, "", "  ", "-", "–"])
def test_blank_cell_is_no_period(parse, cell: object) -> None:
    assert parse(cell) is None


@pytest.mark.parametrize(
    "title",
    [
        "Bulan : Juli 2025",
        "REKAP PESERTA AKTIF BULAN JULI TAHUN 2025",
        "Rekap per 31 Juli 2025",
        "Posisi 31-07-2025",
        "Periode: 07/2025",
        "Periode 7/2025",
        "per 2025-07",
        "per 1-7-2025",
        "per 2025-7-31",
        "Data Juli-25",
        "Tahun 2025 Bulan Juli",
        "Juli 2025 (Jul 2025)",
        "Peserta Juli 2025, dicetak tanggal 5 Agustus 2025",
        "Perda Nomor 12/2024: cakupan Juli 2025",
    ],
)
def test_find_month_in_a_title(title: str) -> None:
    assert find_month(title) == JULY


@pytest.mark.parametrize(
    "title",
    [
        "Januari s.d. Juli 2025",
        "Juni 2025 dan Juli 2025",
        "31 Juni 2025",
        "Bulan Juli",
        "Tahun 2025",
        "Nomor 07/2025",
        "Dicetak: Senin, 4 Agustus 2025",
        "Desa 2025 di Marau",
        "",
    ],
)
def test_find_month_leaves_the_doubtful_to_the_user(title: str) -> None:
    assert find_month(title) is None


def test_find_month_takes_the_year_given() -> None:
    assert find_month("Bulan Juli", year=2025) == JULY
    assert find_month("Juni dan Juli", year=2025) is None


@pytest.mark.parametrize(
    ("cell", "day"),
    [
        ("31 Agustus 2025", date(2025, 8, 31)),
        ("31 Agust 2025", date(2025, 8, 31)),
        ("31 AGT. 2025", date(2025, 8, 31)),
        ("31-Agu-25", date(2025, 8, 31)),
        ("Minggu, 31 Agustus 2025", date(2025, 8, 31)),
        ("August 31, 2025", date(2025, 8, 31)),
        ("31-08-2025", date(2025, 8, 31)),
        ("31/08/2025", date(2025, 8, 31)),
        ("31/8/2025", date(2025, 8, 31)),
        ("31.08.2025", date(2025, 8, 31)),
        ("2025-08-31", date(2025, 8, 31)),
        ("2025/08/31", date(2025, 8, 31)),
        ("20250831", date(2025, 8, 31)),
        ("2025-08-31 00:00:00", date(2025, 8, 31)),
        ("2025-8-31 7.30", date(2025, 8, 31)),
        ("2025-08-31T07:30:00", date(2025, 8, 31)),
        ("05/08/2025", date(2025, 8, 5)),
        ("1 Peb 2025", date(2025, 2, 1)),
        ("06-SEP-23", date(2023, 9, 6)),
        ("29-02-2024", date(2024, 2, 29)),
        ("17/8/90", date(1990, 8, 17)),
        ("17/8/49", date(2049, 8, 17)),
        ("17/8/50", date(1950, 8, 17)),
        (10959, date(1930, 1, 1)),
        (33102, date(1990, 8, 17)),
        (73415.99, date(2100, 12, 31)),
        (45900.75, date(2025, 8, 31)),
        (Decimal(45900), date(2025, 8, 31)),
        (date(2025, 8, 31), date(2025, 8, 31)),
        (datetime(2025, 8, 31, 23, 59), date(2025, 8, 31)),
    ],
)
def test_parse_date_reads_day_month_year(cell: object, day: date) -> None:
    assert parse_date(cell) == day


def test_parse_date_sends_a_birth_in_the_future_a_century_back() -> None:
    assert parse_date("17/8/45", latest=date(2025, 7, 31)) == date(1945, 8, 17)
    assert parse_date("31/7/25", latest=date(2025, 7, 31)) == date(2025, 7, 31)
    assert parse_date("1/8/25", latest=date(2025, 7, 31)) == date(1925, 8, 1)
    assert parse_date("17/8/2045", latest=date(2025, 7, 31)) == date(2045, 8, 17)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("08/31/2025", "date_month_first"),
        ("08/17/1990", "date_month_first"),
        ("31-02-2025", "date_impossible"),
        ("29/02/2025", "date_impossible"),
        ("2025-02-31", "date_impossible"),
        ("00/00/0000", "date_impossible"),
        ("Agustus 2025", "date_without_day"),
        ("08/2025", "date_without_day"),
        ("SEUMUR HIDUP", "date_lifelong"),
        ("33102", "date_unreadable"),
        ("31 08 2025", "date_unreadable"),
        ("31/08-2025", "date_unreadable"),
        ("2025-08/31", "date_unreadable"),
        ("kemarin", "date_unreadable"),
        ("31 Agustus 20025", "date_unreadable"),
        (2025, "date_serial_range"),
        (20250831, "date_serial_range"),
        (10958, "date_serial_range"),
        (73416, "date_serial_range"),
        (-1, "date_serial_range"),
        (float("inf"), "date_serial_range"),
        ("31-08-1825", "year_out_of_range"),
        (date(1825, 8, 31), "year_out_of_range"),
        (True, "boolean"),
    ],
)
def test_parse_date_refuses_what_is_not_surely_a_date(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_date(cell)

    assert error.value.code == code


def test_months_and_dates_are_shown_in_both_languages() -> None:
    assert format_month(JULY, "id") == "Juli 2025"
    assert format_month(JULY, "en-gb") == "July 2025"
    assert format_month(Month(2025, 8), "id", short=True) == "Agu 2025"
    assert format_date(date(2025, 5, 1), "id") == "1 Mei 2025"
    assert format_date(date(2025, 8, 1), "en") == "1 August 2025"
    assert format_date(date(2025, 8, 1), "en", short=True) == "1 Aug 2025"


@given(month=any_month, language=st.sampled_from(["id", "en"]), short=st.booleans())
def test_month_survives_formatting_and_parsing(month: Month, language: str, short: bool) -> None:
    shown = format_month(month, language, short=short)

    assert parse_month(shown) == month
    assert find_month(f"Rekap peserta bulan {shown}") == month


@given(day=any_day, language=st.sampled_from(["id", "en"]))
def test_date_survives_formatting_and_parsing(day: date, language: str) -> None:
    assert parse_date(format_date(day, language)) == day
    assert parse_date(f"{day:%d/%m/%y}") == day


@given(cell=st.text(max_size=40) | st.floats() | st.integers() | st.datetimes() | st.none())
def test_parsers_answer_or_refuse_and_never_fail(cell: object) -> None:
    for parse in (parse_month, parse_date):
        period = None
        with contextlib.suppress(BadValue):
            period = parse(cell)

        assert period is None or 1900 <= period.year <= 2100
