import contextlib
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.numbers import (
    BIGINT_MAX,
    format_number,
    format_percent,
    format_rupiah,
    format_signed,
    parse_count,
    parse_money,
    parse_percent,
)
from coverage_portal.lib.values import BadValue

NBSP = "\u00a0"


@pytest.mark.parametrize(
    ("cell", "count"),
    [
        (None, None),
        ("", None),
        ("-", None),
        ("–", None),
        ("0", 0),
        ("7", 7),
        ("007", 7),
        ("1.234", 1234),
        ("1.819.430", 1819430),
        ("1819430", 1819430),
        ("1.234,00", 1234),
        ("1234,0", 1234),
        ("  1.234  ", 1234),
        ("1.234\u00a0", 1234),
        ("'1234", 1234),
        ("１２３", 123),
        ("-5", -5),
        ("−5", -5),
        ("(1.234)", -1234),
        ("+5", 5),
        (1234, 1234),
        (1234.0, 1234),
        (999_999_999_999_999.0, 999_999_999_999_999),
        (-5, -5),
        (Decimal("1234.00"), 1234),
        (BIGINT_MAX, BIGINT_MAX),
    ],
)
def test_parse_count_reads_whole_numbers(cell: object, count: int | None) -> None:
    assert parse_count(cell) == count


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("12.5", "dot_decimal"),
        ("1.23", "dot_decimal"),
        ("0.123", "dot_decimal"),
        ("1234.567", "dot_decimal"),
        ("1.234.5", "malformed_groups"),
        ("1.23.456", "malformed_groups"),
        ("1..234", "malformed_groups"),
        ("1.234,", "malformed_groups"),
        ("1,234", "comma_thousands"),
        ("1,000", "comma_thousands"),
        ("1,234,567", "comma_thousands"),
        ("1,234.00", "comma_thousands"),
        ("12,5", "fraction"),
        ("1234,5", "fraction"),
        (1.234, "fraction"),
        (12.5, "fraction"),
        (Decimal("0.5"), "fraction"),
        ("12 orang", "not_a_number"),
        ("dua belas", "not_a_number"),
        ("1 234", "not_a_number"),
        ("1_000", "not_a_number"),
        ("0x1F", "not_a_number"),
        ("10²", "not_a_number"),
        ("١٠٠٠", "not_a_number"),
        ("--5", "not_a_number"),
        ("(50", "not_a_number"),
        ("50)", "not_a_number"),
        ("5%", "not_a_number"),
        ("Rp 5", "not_a_number"),
        ("9" * 61, "not_a_number"),
        ("nan", "not_finite"),
        ("NaN", "not_finite"),
        ("Infinity", "not_finite"),
        (float("nan"), "not_finite"),
        (float("inf"), "not_finite"),
        ("1e400", "scientific"),
        ("6,1E+15", "scientific"),
        (True, "boolean"),
        (False, "boolean"),
        (date(2025, 7, 31), "number_is_date"),
        (BIGINT_MAX + 1, "too_big"),
        ("9.223.372.036.854.775.808", "too_big"),
        (1e19, "too_big"),
        (1e15, "digits_lost"),
    ],
)
def test_parse_count_refuses_what_is_not_surely_a_whole_number(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_count(cell)

    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "count"), [("1,234", 1234), ("1,819,430", 1819430), ("1,234.00", 1234), ("1234.0", 1234)]
)
def test_parse_count_in_english_style(cell: str, count: int) -> None:
    assert parse_count(cell, style="en") == count


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1.234", "dot_thousands"),
        ("1.819.430", "dot_thousands"),
        ("12.5", "fraction"),
        ("12,5", "comma_decimal"),
        ("1,23,456", "malformed_groups"),
    ],
)
def test_parse_count_in_english_style_refuses_indonesian_text(cell: str, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_count(cell, style="en")

    assert error.value.code == code


@pytest.mark.parametrize(
    ("cell", "amount"),
    [
        (None, None),
        ("-", None),
        ("Rp -", None),
        ("nan", None),
        ("  Nilai Kontrak belum dibuat", None),
        ("Rp 2.711.780.000,00", "2711780000"),
        ("  Rp. 4.978.128.000,00", "4978128000"),
        ("  Rp. 0,00", "0"),
        ("Rp1.234.567", "1234567"),
        ("Rp 5.000,-", "5000"),
        ("IDR 2.500.000", "2500000"),
        ("2376558,39", "2376558.39"),
        ("1.500,5", "1500.5"),
        ("2,4 M", "2400000000"),
        ("2,4 miliar", "2400000000"),
        ("Rp 2,4 Milyar", "2400000000"),
        ("954,5 Jt", "954500000"),
        ("1.000 Jt", "1000000000"),
        ("270 juta", "270000000"),
        ("1,5 T", "1500000000000"),
        ("500 rb", "500000"),
        ("2,500,000.00", "2500000"),
        ("2,500,000", "2500000"),
        ("(Rp 5.000)", "-5000"),
        ("-Rp5.000", "-5000"),
        ("Rp -5.000", "-5000"),
        (2711780000, "2711780000"),
        (2711780000.0, "2711780000"),
        (105939389198.79001, "105939389198.79"),
        (1234.5678, "1234.57"),
        (Decimal("1000.50"), "1000.50"),
    ],
)
def test_parse_money_reads_rupiah(cell: object, amount: str | None) -> None:
    parsed = parse_money(cell)

    assert parsed == (None if amount is None else Decimal(amount))
    assert "E" not in str(parsed)


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        ("1,234", "comma_thousands"),
        ("12,345 M", "comma_thousands"),
        ("2.4 M", "dot_decimal"),
        ("2500000.00", "dot_decimal"),
        ("2.500.00", "malformed_groups"),
        ("1,2345", "too_many_decimals"),
        ("0,123456 rb", "too_many_decimals"),
        ("1.500.000.000.000.000.000.000", "too_big"),
        ("9.999.999.999 T", "too_big"),
        (1e16, "digits_lost"),
        (954.5, "small_fraction"),
        (1.234, "small_fraction"),
        ("NaN", "not_finite"),
        ("sNaN", "not_finite"),
        ("-Infinity", "not_finite"),
        ("1e400", "scientific"),
        ("0x1F", "not_a_number"),
        ("1_000_000", "not_a_number"),
        ("Rp", "not_a_number"),
        ("- -5", "not_a_number"),
        ("lima juta", "not_a_number"),
        ("31,63 %", "not_a_number"),
        (True, "boolean"),
        (date(2025, 7, 31), "number_is_date"),
    ],
)
def test_parse_money_refuses_what_is_not_surely_an_amount(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_money(cell)

    assert error.value.code == code


def test_parse_money_in_english_style_refuses_m_for_million_or_miliar() -> None:
    with pytest.raises(BadValue) as error:
        parse_money("2.5 M", style="en")

    assert error.value.code == "unit_ambiguous"
    assert parse_money("2.5 juta", style="en") == 2_500_000


@pytest.mark.parametrize(
    ("cell", "percent"),
    [
        (None, None),
        ("–", None),
        ("31,63 %", "31.63"),
        ("31,63%", "31.63"),
        (f"31,63{NBSP}%", "31.63"),
        ("31,63", "31.63"),
        ("31,630 %", "31.630"),
        ("37 persen", "37"),
        ("0,32 %", "0.32"),
        ("100%", "100"),
        ("104,5 %", "104.5"),
        ("0", "0"),
        (0, "0"),
        (31.63, "31.63"),
        (60.8, "60.8"),
        ("-5 %", "-5"),
    ],
)
def test_parse_percent_gives_percentage_points(cell: object, percent: str | None) -> None:
    assert parse_percent(cell) == (None if percent is None else Decimal(percent))


@pytest.mark.parametrize(
    ("cell", "code"),
    [
        (0.3163, "fraction_percent"),
        (1, "fraction_percent"),
        ("0,3163", "fraction_percent"),
        ("60.80", "dot_decimal"),
        ("%", "not_a_number"),
        (True, "boolean"),
    ],
)
def test_parse_percent_refuses_what_could_be_a_fraction(cell: object, code: str) -> None:
    with pytest.raises(BadValue) as error:
        parse_percent(cell)

    assert error.value.code == code


@pytest.mark.parametrize(
    ("value", "places", "indonesian", "english"),
    [
        (1819430, 0, "1.819.430", "1,819,430"),
        (Decimal("1234.5"), 2, "1.234,50", "1,234.50"),
        (Decimal("0.5"), 0, "1", "1"),
        (Decimal("-1234.5"), 0, "-1.235", "-1,235"),
        (Decimal("-0.4"), 0, "0", "0"),
        (2.675, 2, "2,68", "2.68"),
        (BIGINT_MAX, 2, "9.223.372.036.854.775.807,00", "9,223,372,036,854,775,807.00"),
        (None, 0, "–", "–"),
    ],
)
def test_format_number_in_both_languages(value, places: int, indonesian: str, english: str) -> None:
    assert format_number(value, "id", places) == indonesian
    assert format_number(value, "en-gb", places) == english


def test_format_percent_rounds_half_up_and_keeps_the_sign_on_the_line() -> None:
    assert format_percent(Decimal("31.625"), "id") == f"31,63{NBSP}%"
    assert format_percent(Decimal("31.625"), "en") == "31.63%"
    assert format_percent(Decimal(61), "id", 0) == f"61{NBSP}%"
    assert format_percent(None, "id") == "–"


@pytest.mark.parametrize(
    ("value", "places", "expected"),
    [
        (Decimal("1.095"), 2, "+1,10"),
        (Decimal("-0.256"), 2, "−0,26"),
        (Decimal("-0.004"), 2, "0,00"),
        (-20_013, 0, "−20.013"),
        (None, 2, "–"),
    ],
)
def test_format_signed_puts_a_sign_before_what_does_not_round_to_nothing(value, places, expected) -> None:
    assert format_signed(value, "id", places) == expected


def test_format_rupiah_has_no_space_and_the_minus_in_front() -> None:
    assert format_rupiah(2711780000, "id") == "Rp2.711.780.000"
    assert format_rupiah(Decimal("-5000.5"), "id", 2) == "-Rp5.000,50"
    assert format_rupiah(16800, "en") == "Rp16,800"
    assert format_rupiah(None, "en") == "–"


@given(count=st.integers(-BIGINT_MAX, BIGINT_MAX), style=st.sampled_from(["id", "en"]))
def test_count_survives_formatting_and_parsing(count: int, style) -> None:
    assert parse_count(format_number(count, style), style=style) == count


@given(
    amount=st.decimals(-(10**15), 10**15, places=2, allow_nan=False, allow_infinity=False),
    style=st.sampled_from(["id", "en"]),
)
def test_money_survives_formatting_and_parsing(amount: Decimal, style) -> None:
    assert parse_money(format_rupiah(amount, style, 2), style=style) == amount


@given(percent=st.decimals(0, 200, places=2), style=st.sampled_from(["id", "en"]))
def test_percent_survives_formatting_and_parsing(percent: Decimal, style) -> None:
    assert parse_percent(format_percent(percent, style), style=style) == percent


@given(cell=st.text(max_size=80) | st.floats() | st.integers() | st.booleans() | st.none())
def test_parsers_answer_or_refuse_and_never_fail(cell: object) -> None:
    for parse in (parse_count, parse_money, parse_percent):
        value = None
        with contextlib.suppress(BadValue):
            value = parse(cell)

        assert value is None or abs(value) <= BIGINT_MAX
