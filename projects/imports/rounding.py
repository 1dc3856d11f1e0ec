"""Whether a whole column of NIKs went through a spreadsheet's numbers before it became text.

A number keeps 15 digits, so the 16th becomes 0. In a CSV nothing tells of a single cell that it did: 0 is a
digit like others, though it ends fewer than one NIK in ten, for serials begin at 0001. Of a column it shows.
"""

from __future__ import annotations

from coverage_portal.intake.kinds import Problem
from coverage_portal.lib.values import BadValue
from projects.messages import TEMPLATES

LEAST_ROWS = 20
MOST_SHARE = 0.6
_DAMAGED = frozenset({"nik_excel_rounded", "nik_serial_zero"})
"""What a rounded NIK is refused for by itself: serials 0001 to 0004 are rounded to 0000."""


class Rounding:
    """Counts, of a column, the NIKs that end in 0 and those that are refused for a lost digit."""

    def __init__(self) -> None:
        self._times = 0
        self._different: set[str] = set()

    def ends_in_zero(self, digits: str) -> None:
        self._times += 1
        if len(self._different) < LEAST_ROWS:
            self._different.add(digits)

    def refused(self, error: BadValue) -> None:
        if error.code in _DAMAGED:
            # Each stands for another person: what told them apart is lost.
            self.ends_in_zero(str(self._times))

    def problem(self, rows: int) -> Problem | None:
        """What is wrong with the file, of whose `rows` each should hold a NIK.

        A list of one person's many periods is none of these: so many different NIKs are asked for as a list
        of the fewest rows has.
        """
        is_damaged = (
            rows >= LEAST_ROWS
            and self._times > MOST_SHARE * rows
            and len(self._different) > MOST_SHARE * LEAST_ROWS
        )
        if not is_damaged:
            return None
        params = {"times": self._times, "rows": rows}
        return Problem("nik_column_rounded", TEMPLATES["nik_column_rounded"], params)
