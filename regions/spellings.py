"""How area names and codes are spelled in spreadsheets, taken apart without knowing which areas exist."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from decimal import Decimal
from typing import NamedTuple

from coverage_portal.lib.values import is_blank, tidy

_KINDS = {
    "kabupaten": "kabupaten",
    "kab": "kabupaten",
    "pemkab": "kabupaten",
    "kotamadya": "kota",
    "kodya": "kota",
    "kota": "kota",
    "pemkot": "kota",
    "provinsi": "provinsi",
    "propinsi": "provinsi",
    "prov": "provinsi",
    "prop": "provinsi",
    "pemprov": "provinsi",
}
_FILLERS = {"administrasi", "adm"}
_ABBREVIATIONS = {"kep": "kepulauan"}
_CONTRADICTION = "?"
_LONGEST_NAME = 80
_LONGEST_PROVINCE = 4

_GOVERNMENT = re.compile(r"^(?:pemerintah(?: daerah)?|pemda)\b")
_WORD = re.compile(r"[a-z0-9]+")
_ORDINAL = re.compile(r"^[0-9]{1,3} ?(?:[.)] ?| )(?=[^\W\d])")
_CODE_ALONE = re.compile(r"[0-9]{2}[0-9.,]*")
_CODE_AND_NAME = re.compile(r"^(?P<code>[0-9]{2}(?:[.,][0-9]{1,2}|[0-9]{2}))(?![0-9.,])[ :)–-]*(?=[^\W\d])")
_JOINED_KIND = re.compile(
    r"^(?P<word>kabupaten|kab|kotamadya|kodya|kota|provinsi|propinsi|prov)(?P<rest>.{3,})$"
)


class Code(NamedTuple):
    """A written area code. `kemendagri` is it in Kemendagri's form (`61`, `61.04`), whatever its system.

    `dotted`: written with a dot, as Kemendagri does. `repaired`: a zero was put back (`61.1` to `61.10`).
    `problem` is a code of `names.TEMPLATES` when it cannot be an area's code at all.
    """

    text: str
    kemendagri: str = ""
    dotted: bool = False
    repaired: bool = False
    problem: str = ""


def text_of(cell: object) -> str:
    """A name or code cell as text; "" when blank. A number cell loses Excel's `.0`, and only that."""
    if is_blank(cell):
        return ""
    if isinstance(cell, float | Decimal) and not isinstance(cell, bool):
        return f"{cell:.10g}"
    return tidy(str(cell))[:_LONGEST_NAME]


def split_code(name: str) -> tuple[str, str]:
    """The code and the name in a name cell: `61.04 - Kab. Ketapang`, `6104`, or `1. Kab. Sambas`, no code."""
    if _CODE_ALONE.fullmatch(name):
        return name, ""
    if match := _CODE_AND_NAME.match(name):
        return match["code"], name[match.end() :]
    return "", _ORDINAL.sub("", name)


def parse_code(text: str) -> Code:
    """`61`, `61.04`, `6104`, `61.1`; a comma counts as the dot. Never raises."""
    plain = text.replace(" ", "").replace(",", ".").strip(".")
    if match := re.fullmatch(r"([0-9]{2})(?:\.?00|\.0)?", plain):
        return Code(text, match[1], dotted=True)
    if re.fullmatch(r"[0-9]{2}\.[0-9]{2}", plain):
        return Code(text, plain, dotted=True)
    if re.fullmatch(r"[0-9]{2}\.[0-9]", plain):
        return Code(text, f"{plain}0", dotted=True, repaired=True)
    if re.fullmatch(r"[0-9]{4}", plain):
        return Code(text, f"{plain[:2]}.{plain[2:]}")
    if re.fullmatch(r"[0-9]{2}\.?[0-9]{2}\.?[0-9]{2}(?:\.?[0-9]{3,4})?", plain):
        return Code(text, problem="code_not_regency")
    return Code(text, problem="code_malformed")


def key_of(name: str) -> str:
    """A name reduced to what all its spellings share: `Kubu Raya`, `KUBURAYA` and `Kubu-Raya` are one."""
    return "".join(_words(name))


def readings(name: str, provinces: Collection[str]) -> list[tuple[str | None, str]]:
    """The (kind, key) pairs that a name may be read as, the most literal first.

    The kind is None where the name does not say, and one that no area has where it says two (`Kab. Sambas
    (Kota)`). A province named after the area (`Kab. Sambas, Kalbar`) is left off; `provinces` are its keys.
    """
    words = _words(_GOVERNMENT.sub("", _folded(name)).strip())
    found = _readings_of(words)
    if (shorter := _without_province(words, provinces)) != words:
        found += _readings_of(shorter)
    return list(dict.fromkeys(found))


def _readings_of(words: list[str]) -> list[tuple[str | None, str]]:
    found: list[tuple[str | None, str]] = [(None, "".join(words))]
    kinds: set[str] = set()
    while len(words) > 1 and words[0] in _KINDS:
        kinds.add(_KINDS[words[0]])
        words = words[1:]
    found.append((_only(kinds), "".join(words)))
    # One word at a time: "Lima Puluh Kota, Kab." keeps the "Kota" of its name.
    while len(words) > 1 and words[-1] in _KINDS:
        kinds.add(_KINDS[words[-1]])
        words = words[:-1]
        found.append((_only(kinds), "".join(words)))
    if not kinds and (joined := _JOINED_KIND.match("".join(words))):
        found.append((_KINDS[joined["word"]], joined["rest"]))
    return found


def _folded(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", tidy(text))
    return "".join(char for char in decomposed if not unicodedata.combining(char)).casefold()


def _words(name: str) -> list[str]:
    words = [_ABBREVIATIONS.get(word, word) for word in _WORD.findall(_folded(name))]
    return [word for word in words if word not in _FILLERS] or words


def _without_province(words: list[str], provinces: Collection[str]) -> list[str]:
    for length in range(_LONGEST_PROVINCE, 0, -1):
        rest = words[:-length]
        if "".join(words[-length:]) in provinces:
            while rest and _KINDS.get(rest[-1]) == "provinsi":
                rest = rest[:-1]
            if any(word not in _KINDS for word in rest):
                return rest
    return words


def _only(kinds: set[str]) -> str | None:
    if len(kinds) > 1:
        return _CONTRADICTION
    return next(iter(kinds), None)
