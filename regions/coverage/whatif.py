"""What if: an area's coverage with members moved and paces changed, cell by cell.

A cell is one segment of one regency, or an area whose figures came without detail. What is asked of a cell
are `Move.added` members at once and `Move.per_month` members a month from then on, both possibly negative. A
cell never has fewer than no members, nor more than its workforce (one that is above that already stays where
it is). Nothing here is a figure of the portal: the inputs are, the results are what one asked for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum
from math import floor

from coverage_portal.lib.periods import Month

from .counts import percent
from .standing import Standing, members_needed

MONTHS_IN_A_YEAR = 12
LONGEST = 1200
"""Months after which a target counts as never reached, as for the pace of a standing."""

BPU = "BPU"


@dataclass(frozen=True, slots=True)
class Cell:
    """Members and workforce that can be moved, and what they gained a month (None: not known)."""

    area: str
    segment: str | None
    members: int
    workforce: int
    pace: Decimal | None = None

    @property
    def key(self) -> str:
        """What tells cells apart in an address: `61.01.PU`, or `61.01` without detail."""
        return self.area if self.segment is None else f"{self.area}.{self.segment}"

    @property
    def room(self) -> int:
        """The people who could still become members."""
        return max(self.workforce - self.members, 0)

    @property
    def most(self) -> int:
        return max(self.workforce, self.members)


@dataclass(frozen=True, slots=True)
class Move:
    """What is asked of one cell: members at once, and members a month."""

    added: int = 0
    per_month: int = 0


class Reach(StrEnum):
    """Whether and when the target is met; each has its own sentence."""

    NO_TARGET = "no_target"
    ALREADY = "already"
    AT_ONCE = "at_once"
    IN_TIME = "in_time"
    LATE = "late"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Cost:
    """What a year of BPU contributions costs, rupiah: people x rate a month x 12."""

    people: int
    monthly: Decimal

    @property
    def yearly(self) -> Decimal:
        return self.people * self.monthly * MONTHS_IN_A_YEAR


@dataclass(frozen=True, slots=True)
class Outcome:
    """What the moves come to: at once, and at the target's deadline.

    `gap` and `gap_at_deadline` are members still missing, None without a target. `paid_people` are those whom
    the moves add to BPU. Where the deadline has passed, or there is none, it is the month itself.
    """

    members: int
    workforce: int
    deadline: Month
    members_at_deadline: int
    gap: int | None
    gap_at_deadline: int | None
    arrival: Month | None
    reach: Reach
    paid_people: int

    @property
    def percent(self) -> Decimal | None:
        return percent(self.members, self.workforce)

    @property
    def percent_at_deadline(self) -> Decimal | None:
        return percent(self.members_at_deadline, self.workforce)


def fits(cell: Cell, move: Move) -> bool:
    """Whether a move stays within its cell: no more leave than there are, no more come than there is room."""
    return -cell.members <= move.added <= cell.room and -cell.members <= move.per_month <= cell.workforce


def simulate(cells: Sequence[Cell], moves: Mapping[str, Move], standing: Standing) -> Outcome:
    """Apply moves, by the keys of their cells, to an area that stands as `standing` says.

    Moves that do not fit, or are of no cell, are ignored.
    """
    fitting = [(cell, move if fits(cell, move := moves.get(cell.key, Move())) else Move()) for cell in cells]
    month, months_left = standing.count.month, standing.months_left or 0
    workforce = sum(cell.workforce for cell in cells)
    target = standing.target_percent
    needed = None if target is None or not workforce else members_needed(target, workforce)
    arrival = None if needed is None else _arrival(fitting, month, needed)
    now, later = _members(fitting, 0), _members(fitting, months_left)
    deadline = month + months_left
    return Outcome(
        members=now,
        workforce=workforce,
        deadline=deadline,
        members_at_deadline=later,
        gap=None if needed is None else max(needed - now, 0),
        gap_at_deadline=None if needed is None else max(needed - later, 0),
        arrival=arrival,
        reach=_reach(needed, arrival, standing, deadline),
        paid_people=sum(max(move.added, 0) for cell, move in fitting if cell.segment == BPU),
    )


def closing(cells: Sequence[Cell], gap: int) -> dict[str, Move]:
    """Moves that add `gap` members at once: to BPU first, then PU, JAKON and undetailed cells, while there
    is room; within a segment in proportion to the room of each cell."""
    moves: dict[str, Move] = {}
    left = gap
    for segment in (BPU, "PU", "JAKON", None):
        open_cells = [cell for cell in cells if cell.segment == segment]
        rooms = [cell.room for cell in open_cells]
        shares = apportioned(min(left, sum(rooms)), rooms)
        moves |= {cell.key: Move(added=n) for cell, n in zip(open_cells, shares, strict=True) if n}
        left -= sum(shares)
    return moves


def at_present_pace(cells: Sequence[Cell]) -> dict[str, Move]:
    """Moves that carry the known pace of each cell on, in whole members that add up to the whole pace."""
    known = [cell for cell in cells if cell.pace is not None]
    whole = [floor(cell.pace or 0) for cell in known]
    rests = [(cell.pace or Decimal(0)) - n for cell, n in zip(known, whole, strict=True)]
    spare = int(sum(rests, Decimal(0)) + Decimal("0.5"))
    for place in sorted(range(len(known)), key=lambda place: (-rests[place], place))[:spare]:
        whole[place] += 1
    moves = {cell.key: Move(per_month=n) for cell, n in zip(known, whole, strict=True) if n}
    return {cell.key: moves[cell.key] for cell in known if cell.key in moves and fits(cell, moves[cell.key])}


def apportioned(total: int, weights: Sequence[int]) -> list[int]:
    """`total` in whole shares in proportion to the weights; the largest remainders get what is left over."""
    whole = sum(weights)
    if not whole or total <= 0:
        return [0] * len(weights)
    shares = [total * weight // whole for weight in weights]
    by_rest = sorted(range(len(weights)), key=lambda place: (-(total * weights[place] % whole), place))
    for place in by_rest[: total - sum(shares)]:
        shares[place] += 1
    return shares


def _members(moved: Sequence[tuple[Cell, Move]], months: int) -> int:
    return sum(
        min(max(cell.members + move.added + move.per_month * months, 0), cell.most) for cell, move in moved
    )


def _arrival(moved: Sequence[tuple[Cell, Move]], month: Month, needed: int) -> Month | None:
    """The first month in which enough are members; None within `LONGEST` months."""
    before = None
    for months in range(LONGEST + 1):
        members = _members(moved, months)
        if members >= needed:
            return month + months
        if members == before and not any(_still_moves(cell, move, months) for cell, move in moved):
            return None
        before = members
    return None


def _still_moves(cell: Cell, move: Move, months: int) -> bool:
    unbounded = cell.members + move.added + move.per_month * months
    return bool(move.per_month) and 0 < unbounded < cell.most


def _reach(needed: int | None, arrival: Month | None, standing: Standing, deadline: Month) -> Reach:
    if needed is None:
        return Reach.NO_TARGET
    if standing.gap == 0:
        return Reach.ALREADY
    if arrival is None:
        return Reach.NEVER
    if arrival == standing.count.month:
        return Reach.AT_ONCE
    return Reach.IN_TIME if arrival <= deadline else Reach.LATE
