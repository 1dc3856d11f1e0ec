"""Numbers as Indonesian letters spell them."""

import pytest

from coverage_portal.lib.number_words import MOST, spelled, with_words


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "nol"),
        (1, "satu"),
        (10, "sepuluh"),
        (11, "sebelas"),
        (12, "dua belas"),
        (19, "sembilan belas"),
        (20, "dua puluh"),
        (21, "dua puluh satu"),
        (100, "seratus"),
        (111, "seratus sebelas"),
        (250, "dua ratus lima puluh"),
        (999, "sembilan ratus sembilan puluh sembilan"),
        (1000, "seribu"),
        (1005, "seribu lima"),
        (11_000, "sebelas ribu"),
        (100_001, "seratus ribu satu"),
        (MOST, "sembilan ratus sembilan puluh sembilan ribu sembilan ratus sembilan puluh sembilan"),
    ],
)
def test_number_is_spelled(number: int, words: str) -> None:
    assert spelled(number) == words


@pytest.mark.parametrize("number", [-1, MOST + 1])
def test_number_out_of_range_is_refused(number: int) -> None:
    with pytest.raises(ValueError, match=str(number)):
        spelled(number)


def test_figure_and_words_stand_beside_each_other() -> None:
    assert with_words(1205) == "1.205 (seribu dua ratus lima)"
