"""What was reported beside what was counted: persons, and how far they are apart."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from coverage_portal.lib.periods import Month

from .counts import Observation, percent


@dataclass(frozen=True, slots=True)
class Reconciled:
    """Members of an area, segment (None: all that count) and month by both ways of knowing them.

    A line may stand for several cells: those of a regency's segments, or of a province's regencies. Sums are
    of the cells that are known, and only cells that are known both ways are set against each other: what one
    side lacks leaves both. `undetailed` is the official total stored beside the detail.
    """

    area: str
    segment: str | None
    month: Month
    cells: int
    reported: int | None
    reported_cells: int
    counted: int | None
    counted_cells: int
    compared_cells: int
    compared_reported: int
    compared_counted: int
    complete_lists: int
    undetailed: int | None = None

    @property
    def difference(self) -> int | None:
        """Counted minus reported, in persons, over the cells known both ways; None where there are none."""
        return self.compared_counted - self.compared_reported if self.compared_cells else None

    @property
    def difference_percent(self) -> Decimal | None:
        """The difference of a hundred reported; None where nobody was reported."""
        return percent(self.difference, self.compared_reported) if self.difference is not None else None

    @property
    def agrees(self) -> bool:
        return self.difference == 0

    @property
    def is_whole(self) -> bool:
        """Whether all of its cells are known both ways."""
        return self.cells > 0 and self.compared_cells == self.cells

    @property
    def is_reported_whole(self) -> bool:
        return self.cells > 0 and self.reported_cells == self.cells

    @property
    def undetailed_difference(self) -> int | None:
        """The undetailed total minus what its detail adds up to; None where either is not whole."""
        if self.undetailed is None or self.reported is None or not self.is_reported_whole:
            return None
        return self.undetailed - self.reported


def reconciled(
    area: str,
    segment: str | None,
    month: Month,
    cells: Sequence[Observation | None],
    undetailed: int | None = None,
) -> Reconciled:
    """The line that stands for these cells; None for a cell of which nothing is stored."""
    known = [cell for cell in cells if cell is not None]
    both = [(c.reported, c.counted) for c in known if c.reported is not None and c.counted is not None]
    return Reconciled(
        area=area,
        segment=segment,
        month=month,
        cells=len(cells),
        reported=_sum(cell.reported for cell in known),
        reported_cells=sum(cell.reported is not None for cell in known),
        counted=_sum(cell.counted for cell in known),
        counted_cells=sum(cell.counted is not None for cell in known),
        compared_cells=len(both),
        compared_reported=sum(reported for reported, _counted in both),
        compared_counted=sum(counted for _reported, counted in both),
        complete_lists=sum(cell.complete_list for cell in known),
        undetailed=undetailed,
    )


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
