"""Refuses rows whose cells contradict their row, each other, or themselves: of two values one would win."""

from __future__ import annotations

import re

from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable
from coverage_portal.lib.spreadsheets.wellformed import CONTROLS

_PLAIN = re.compile(rb'<c(?=[\s/>])(?:\sr="([A-Z]{1,7})(\d{1,10})")?')
_CELL = re.compile(rb"<c(?=[\s/>])([^<>]*)>")
_REFERENCE = re.compile(rb"\sr\s*=\s*[\"']([A-Za-z]{1,7})(\d{1,10})[\"']")
_ANY_REFERENCE = re.compile(rb"\sr\s*=")
_SECOND_VALUE = re.compile(rb"(?:</(?:v|is)\s*>|<(?:v|is)\s*/>)\s*+<(?!/c\s*>|extLst)")
"""What follows a cell's value but its end: another value, or a formula, for which the library drops it."""
_ODD_NUMBER = re.compile(
    rb"<c(?=[\s>])([^<>]*)>\s*(?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*)?"
    rb"<v(?:\s[^<>]*)?>[^<&\x00-\x08\x0b\x0c\x0e-\x1f]*+[^<]"
)
"""A reference (`&#49;`) in a number, which the library leaves out of it, or a control character."""
_NO_INDEX = re.compile(
    rb"<c\s(?:[^<>]*?\s)??(?:t=[\"']s[\"'][^<>]*>\s*(?:<f(?:\s[^<>]*)?(?:/>|>[^<]*</f>)\s*)?"
    rb"<v>(?!\d{1,10}</v>|</v>)"
    rb"|s=[\"'](?!\d{1,9}[\"']))"
)
"""A text or a style by a number that is none (`14.5`, or with a line break): the library takes the first."""
_NESTED = re.compile(rb"<([tfv])(?:\s[^<>]*)?(?<!/)>[^<]*+<(?!/\1\s*>)")
"""A tag in a text, a value or a formula: the library ends it there, or takes a value from within."""
_NO_CONTENT = re.compile(rb"<c(?:\s[^<>]*)?(?<!/)>\s*+<(?!(?:f|v|is|extLst)[\s/>]|/c)")
"""A cell that begins with what no cell holds: another cell, for one whose end is lost."""
_TEXT_TYPE = re.compile(rb"\st\s*=\s*[\"']str[\"']")


def refuse_nested(window: bytes) -> None:
    """Raises Unreadable('corrupt') where a text, a value or a formula holds another tag."""
    if _NESTED.search(window):
        raise Unreadable("corrupt")


class Placing:
    """Looks at the first `limits.checked_xml_bytes` of a sheet's rows."""

    def __init__(self, limits: Limits) -> None:
        self._left = limits.checked_xml_bytes
        self._once: set[tuple[bytes, ...]] = set()

    def window(self, window: bytes) -> bool:
        """Whether rows of this window are looked at. Raises Unreadable('corrupt')."""
        self._left -= len(window)
        if self._left < 0:
            return False
        refuse_nested(window)
        if _SECOND_VALUE.search(window) or _NO_INDEX.search(window) or _NO_CONTENT.search(window):
            raise Unreadable("corrupt")
        if b"&" in window or len(window.translate(None, CONTROLS)) < len(window):
            for match in _ODD_NUMBER.finditer(window):
                if not _TEXT_TYPE.search(match[1]):
                    raise Unreadable("corrupt")
        return True

    def row(self, number: int, window: bytes, start: int, end: int) -> None:
        """A row whose tag ends at `start`.

        Raises Unreadable('corrupt') where it is within another one, or where one of its cells names another
        row or comes twice.
        """
        if window[start - 2 : start] != b"/>" and window.find(b"</row", start, end) < 0:
            raise Unreadable("corrupt")
        found = _PLAIN.findall(window, start, end)
        if not found:
            return
        letters, numbers = zip(*found, strict=True)
        if set(numbers) != {b"%d" % number}:
            letters = _otherwise(number, window, start, end)
        if letters in self._once:
            return
        column, taken = -1, set()
        for name in letters:
            column = _index(name) if name else column + 1
            if column in taken:
                raise Unreadable("corrupt")
            taken.add(column)
        if len(self._once) < 1_000:
            self._once.add(letters)


def _otherwise(number: int, window: bytes, start: int, end: int) -> tuple[bytes, ...]:
    """The columns of cells that name no place, or not as nearly all programs do; b"" for none."""
    letters = []
    for cell in _CELL.finditer(window, start, end):
        reference = _REFERENCE.search(cell[1])
        if reference is None:
            if _ANY_REFERENCE.search(cell[1]):
                raise Unreadable("corrupt")
            letters.append(b"")
            continue
        if int(reference[2]) != number:
            raise Unreadable("corrupt")
        letters.append(reference[1].upper())
    return tuple(letters)


def _index(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * 26 + letter - 64
    return number - 1
