"""What must hold for every NIK and every cell, over generated ones."""

from datetime import date

from hypothesis import assume, given
from hypothesis import strategies as st

from coverage_portal.lib.identity import NikReader, districts
from coverage_portal.lib.values import BadValue

TODAY = date(2026, 11, 21)
READER = NikReader(TODAY)

births = st.dates(date(1926, 11, 22), TODAY)
sexes = st.sampled_from("LP")
# Invented people have these serials.
serials = st.integers(9001, 9999)


def written(district: str, birth: date, sex: str, serial: int) -> str:
    return f"{district}{birth.day + (40 if sex == 'P' else 0):02}{birth:%m%y}{serial:04}"


known = st.sampled_from(sorted(districts.known()))
niks = st.builds(written, known, births, sexes, serials)


@given(known, births, sexes, serials)
def test_parse_takes_apart_what_was_put_together(district: str, birth: date, sex: str, serial: int) -> None:
    nik = READER.parse(written(district, birth, sex, serial))

    assert (nik.district_code.replace(".", ""), nik.birth_date, nik.sex) == (district, birth, sex)
    assert (nik.last4, nik.warnings) == (f"{serial:04}", ())


@given(niks, st.integers(6, 11), st.integers(1, 9))
def test_a_wrong_digit_in_the_date_never_passes_unnoticed(digits: str, place: int, step: int) -> None:
    right = READER.parse(digits)
    wrong = f"{digits[:place]}{(int(digits[place]) + step) % 10}{digits[place + 1 :]}"

    passed, problem, _ = READER.read(wrong)

    assert problem is not None or READER.disagreements(passed, birth_date=right.birth_date, sex=right.sex)


@given(niks, st.integers(0, 3), st.integers(1, 9))
def test_a_wrong_digit_in_the_regency_passes_only_as_another_regency(
    digits: str, place: int, step: int
) -> None:
    wrong = f"{digits[:place]}{(int(digits[place]) + step) % 10}{digits[place + 1 :]}"

    _, problem, warnings = READER.read(wrong)

    assert problem is not None or warnings or wrong[:6] in districts.known()


@given(niks, st.lists(st.sampled_from(["", " ", ".", "-", "\u00a0", "\n"]), min_size=7, max_size=7))
def test_separators_between_pairs_change_nothing(digits: str, separators: list[str]) -> None:
    pairs = [digits[place : place + 2] for place in range(0, 16, 2)]
    cell = "".join(pair + gap for pair, gap in zip(pairs, [*separators, ""], strict=True))

    assert READER.read(cell) == (digits, None, ())


@given(niks)
def test_a_number_cell_passes_only_with_its_last_digit(digits: str) -> None:
    passed, problem, warnings = READER.read(int(digits))

    if digits.endswith("0"):
        assert problem is not None
        assert problem.code == "nik_excel_rounded"
    else:
        assert (passed, problem, warnings) == (digits, None, ("nik_from_number",))


@given(niks)
def test_a_float_never_passes_as_another_number(digits: str) -> None:
    passed, problem, _ = READER.read(float(digits))

    assert passed == digits if problem is None else passed == ""


cells = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(),
    st.floats(),
    st.decimals(),
    st.dates(),
    st.text(),
    st.text("0123456789.-' E+\u00a0²٣１", max_size=24),
    st.text("0123456789", min_size=16, max_size=16),
)


@given(cells)
def test_read_answers_any_cell_with_digits_or_a_problem_that_has_a_sentence(cell: object) -> None:
    digits, problem, warnings = READER.read(cell)

    if problem is None:
        assert len(digits) == 16
        assert READER.read(digits)[:2] == (digits, None)
    else:
        assert (digits, warnings) == ("", ())
        assert isinstance(problem, BadValue)
        assert problem.message


@given(niks, st.dates(date(1990, 1, 1), date(2090, 12, 31)))
def test_no_birth_is_after_the_day_of_reading_nor_a_century_before(digits: str, on: date) -> None:
    digits, problem, _ = NikReader(on).read(digits)
    assume(problem is None)

    born = NikReader(on).birth(digits).day

    assert born <= on
    # The same day a hundred years later would be after the day of reading.
    assert (born.year + 100, born.month, born.day) > (on.year, on.month, on.day)
