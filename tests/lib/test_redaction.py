import logging

import pytest

from coverage_portal.lib.redaction import MASK, RedactingFormatter, redact, redacted

NIK = "6107011501909001"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        pytest.param(f"NIK {NIK} ganda", f"NIK {MASK} ganda", id="in a sentence"),
        pytest.param(f"nik_{NIK}_x", f"nik_{MASK}_x", id="beside underscores"),
        pytest.param(f"({NIK},{NIK})", f"({MASK},{MASK})", id="two of them"),
        pytest.param("6107 0115 0190 9001", MASK, id="in fours"),
        pytest.param("610701-150190-9001", MASK, id="district, birth, serial"),
        pytest.param("61.07.01.150190.9001", MASK, id="with the district's points"),
        pytest.param("6107-0115-0190-9001.", f"{MASK}.", id="in fours with hyphens"),
        pytest.param(
            "batch 1c2d3e4f-6107-4115-8190-9001abcdef01",
            "batch 1c2d3e4f-6107-4115-8190-9001abcdef01",
            id="an id that looks like fours",
        ),
        pytest.param("6107+0115+0190+9001", MASK, id="in fours, as an address has it"),
        pytest.param("610701%20150190%209001", MASK, id="in groups, encoded"),
        pytest.param(f"{NIK}1", MASK, id="a digit too many"),
        pytest.param(NIK + NIK, MASK, id="two in one"),
        pytest.param("610701150190900", "610701150190900", id="15 digits are no NIK"),
        pytest.param("Rp 2.711.780.000,00", "Rp 2.711.780.000,00", id="money"),
        pytest.param("2026-11-21 10:03:12,044", "2026-11-21 10:03:12,044", id="a time"),
    ],
)
def test_redact(text: str, expected: str) -> None:
    assert redact(text) == expected


def test_redacted_goes_through_a_value_to_its_numbers() -> None:
    value = {NIK: [NIK, int(NIK), float(NIK), 42, None], "n": {"v": f"x {NIK}"}, "d": 0.5}

    assert redacted(value) == {MASK: [MASK, MASK, MASK, 42, None], "n": {"v": f"x {MASK}"}, "d": 0.5}


def format_with(formatter: logging.Formatter) -> str:
    try:
        raise ValueError(f"duplicate key (nik)=({NIK})")
    except ValueError as error:
        record = logging.LogRecord(
            "intake", logging.ERROR, __file__, 1, "row of %s refused", (NIK,), (ValueError, error, None)
        )
    return formatter.format(record)


def test_formatter_masks_arguments_and_tracebacks() -> None:
    line = format_with(RedactingFormatter("%(message)s"))

    assert line == f"row of {MASK} refused\nValueError: duplicate key (nik)=({MASK})"


def test_formatter_is_what_masks() -> None:
    line = format_with(logging.Formatter("%(message)s"))

    assert line.count(NIK) == 2
