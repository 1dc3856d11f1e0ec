"""What is shown, raised or left behind never holds the digits. The first test: the check itself can fail."""

import gc
import traceback
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.identity import NikReader, NikSealer, parse_kpj, parse_name, parse_nik, parse_npwp
from coverage_portal.lib.sealing import BrokenSeal
from coverage_portal.lib.values import BadValue

TODAY = date(2026, 11, 21)
NIK = "6171011708909001"


def holds(text: str, digits: str, run: int = 5) -> bool:
    """Whether `text` has as many as `run` of the digits in a row, which is more than the last four."""
    return any(digits[start : start + run] in text for start in range(len(digits) - run + 1))


def said(error: BaseException) -> str:
    """Everything that a log could write of an exception, but for the lines of the program."""
    frames = traceback.TracebackException.from_exception(error, lookup_lines=False)
    chain = []
    while frames is not None:
        chain += list(frames.format_exception_only())
        frames = frames.__cause__ or frames.__context__
    params = getattr(error, "params", {})
    return " ".join([*chain, repr(error), repr(error.args), repr(params), getattr(error, "message", "")])


@dataclass(frozen=True)
class Unmasked:
    digits: str


def test_check_sees_digits_where_they_are_shown() -> None:
    with pytest.raises(ValueError, match="invalid literal") as error:
        int(f"{NIK}x")

    assert holds(repr(Unmasked(NIK)), NIK)
    assert holds(said(error.value), NIK)


def test_nik_shows_its_last_four_digits() -> None:
    nik = parse_nik(NIK, on=TODAY)

    assert [str(nik), repr(nik), f"{nik}", f"{[nik]}"] == ["************9001"] * 3 + ["[************9001]"]


def test_npwp_and_kpj_show_their_last_four_digits() -> None:
    npwp, kpj = parse_npwp(NIK, on=TODAY), parse_kpj("25000000001")

    assert [f"{npwp}", repr(npwp), f"{kpj}", repr(kpj)] == ["************9001"] * 2 + ["*******0001"] * 2


def test_nik_cannot_be_changed() -> None:
    nik = parse_nik(NIK, on=TODAY)

    with pytest.raises(AttributeError):
        nik.digits = "6171011708909002"  # type: ignore[misc]


spoiled = st.one_of(
    st.builds(
        lambda place, letter: NIK[:place] + letter + NIK[place:], st.integers(0, 16), st.text(min_size=1)
    ),
    st.text("0123456789", min_size=12, max_size=20),
    st.integers(10**14, 10**17),
    st.integers(10**14, 10**17).map(float),
)


@given(spoiled)
def test_refusals_hold_no_digits(cell: object) -> None:
    for error in _refusals(cell):
        assert not holds(said(error), str(cell))


def _refusals(cell: object) -> Iterator[BadValue]:
    parsers = (
        lambda: parse_nik(cell, on=TODAY),
        lambda: parse_npwp(cell, on=TODAY),
        lambda: parse_kpj(cell),
        lambda: parse_name(cell),
    )
    for parse in parsers:
        try:
            parse()
        except BadValue as error:
            yield error


@pytest.mark.parametrize(
    "digits", [f"{NIK}1", NIK[:-1] + "x", NIK[:-1] + "¹"], ids=["17", "letter", "superscript"]
)
def test_sealer_refuses_without_digits(digits: str) -> None:
    with pytest.raises(ValueError, match=r".") as error:
        NikSealer(bytes(64)).seal(digits)

    assert not holds(said(error.value), NIK)


def test_broken_seal_says_nothing() -> None:
    sealer = NikSealer(bytes(64))
    sealed = sealer.seal(NIK)

    with pytest.raises(BrokenSeal) as error:
        sealer.open(sealed[:-1] + bytes([sealed[-1] ^ 1]))

    assert str(error.value) == ""
    assert error.value.__suppress_context__


def test_sealer_shows_no_key() -> None:
    sealer = NikSealer(bytes(range(64)))

    assert bytes(range(8)).hex() not in repr(sealer)
    assert not any(isinstance(value, bytes) and len(value) > 2 for value in vars(sealer).values())


def test_problem_of_a_reading_keeps_no_frame_with_the_cell_in_it() -> None:
    problems = [NikReader(TODAY).read(cell)[1] for cell in (f"{NIK}x", f"{NIK}1", "6171018108909001", 6.5)]

    assert [problem and (problem.__traceback__, problem.__context__) for problem in problems] == [
        (None, None)
    ] * 4
    assert not any(NIK in str(gc.get_referents(problem)) for problem in problems)
