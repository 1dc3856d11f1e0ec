from __future__ import annotations

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.inputs import AmountInput, CountInput, MonthInput
from coverage_portal.lib.periods import Month

LANGUAGES = st.sampled_from(["id", "en"])


@given(people=st.integers(-300_000_000, 300_000_000), language=LANGUAGES)
def test_number_of_people_shown_is_read_as_the_same(people: int, language: str) -> None:
    field = CountInput()
    with translation.override(language):
        assert field.clean(field.prepare_value(people)) == people


@given(
    amount=st.decimals(-(10**13), 10**13, places=2, allow_nan=False, allow_infinity=False), language=LANGUAGES
)
def test_amount_shown_is_read_as_the_same(amount: Decimal, language: str) -> None:
    field = AmountInput()
    with translation.override(language):
        shown = field.prepare_value(amount)
        assert field.clean(shown) == amount
        assert not field.has_changed(amount, shown)


@pytest.mark.parametrize(
    ("language", "typed", "code"),
    [
        ("id", "12.5", "dot_decimal"),
        ("en", "12,5", "comma_decimal"),
        ("id", "12,5", "fraction"),
        ("id", "1e3", "scientific"),
        ("id", "BENAR", "not_a_number"),
    ],
)
def test_number_of_people_that_cannot_be_read_says_why(language: str, typed: str, code: str) -> None:
    with translation.override(language), pytest.raises(ValidationError) as refused:
        CountInput().clean(typed)

    assert refused.value.error_list[0].code == code


def test_bounds_are_kept() -> None:
    field = CountInput(min_value=1, max_value=9)

    assert field.clean("9") == 9
    for typed in ("0", "10"):
        with pytest.raises(ValidationError):
            field.clean(typed)


def test_nothing_is_nothing_where_it_may_be() -> None:
    assert CountInput(required=False).clean(" ") is None
    assert AmountInput(required=False).clean("") is None
    with pytest.raises(ValidationError):
        CountInput().clean("")


def test_month_is_read_in_each_usual_way() -> None:
    for typed in ("2025-07", "Juli 2025", "07/2025"):
        assert MonthInput().clean(typed) == Month(2025, 7)
