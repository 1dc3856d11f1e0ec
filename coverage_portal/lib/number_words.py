"""Whole numbers in Indonesian words, as official letters write them beside the figure."""

from __future__ import annotations

_UNITS = ("", "satu", "dua", "tiga", "empat", "lima", "enam", "tujuh", "delapan", "sembilan")
MOST = 999_999


def spelled(number: int) -> str:
    """`dua belas` for 12, `seribu lima` for 1005.

    Raises:
        ValueError: negative, or above `MOST`.
    """
    if not 0 <= number <= MOST:
        raise ValueError(number)
    return " ".join(_words(number)) or "nol"


def with_words(number: int) -> str:
    """`12 (dua belas)`; thousands are grouped with a dot."""
    return f"{number:,d}".replace(",", ".") + f" ({spelled(number)})"


def _words(number: int) -> list[str]:
    if number >= 1000:
        thousands, rest = divmod(number, 1000)
        return [*(["seribu"] if thousands == 1 else [*_words(thousands), "ribu"]), *_words(rest)]
    if number >= 100:
        hundreds, rest = divmod(number, 100)
        return [*(["seratus"] if hundreds == 1 else [_UNITS[hundreds], "ratus"]), *_words(rest)]
    if number >= 20:
        tens, unit = divmod(number, 10)
        return [_UNITS[tens], "puluh", *_words(unit)]
    if number >= 12:
        return [_UNITS[number - 10], "belas"]
    if number >= 10:
        return ["sepuluh" if number == 10 else "sebelas"]
    return [_UNITS[number]] if number else []
