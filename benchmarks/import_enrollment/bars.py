"""What the portal is held to, as ratios of figures from one run."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple

from benchmarks.arms import Step
from benchmarks.figures import figure

_FIRST = ("preview", "confirm")
_AGAIN = ("preview, again", "confirm, again")
_ANEW = ("preview, saved anew", "confirm, saved anew")
_FLOORS = {"floor": "the floor", "own tables": "the floor into its own tables"}


@dataclass(frozen=True, slots=True)
class Case:
    """An arm on a sheet of so many rows, with so many enrollments stored before."""

    arm: str
    format: str
    rows: int
    stored: int = 0

    def __str__(self) -> str:
        stored = f", {self.stored:,} stored" if self.stored else ""
        return f"{self.arm}, {self.rows:,} rows {self.format}{stored}"


Measured = dict[Case, list[list[Step]]]
"""The steps of each run."""


class Verdict(NamedTuple):
    """A line of the table of bars, as it is shown; `by_cpu` is the same ratio of processor seconds."""

    bar: str
    measured: str
    by_cpu: str
    bound: str
    holds: str


def against_bars(measured: Measured) -> list[Verdict]:
    """The bars for the largest sheet of each format, as far as their arms were measured."""
    return [verdict for format_ in ("xlsx", "csv") for verdict in _of_format(measured, format_)]


def _of_format(measured: Measured, format_: str) -> Iterator[Verdict]:
    here = {case: runs for case, runs in measured.items() if case.format == format_}
    portal = _largest(here, "portal")
    if portal is None:
        return
    runs, rows = here[portal], portal.rows
    label = f"{format_}, {rows:,} rows"
    first = _spent(runs, _FIRST, rows)
    for arm, bound in (("stock", 30 if format_ == "xlsx" else 40), ("tuned", None)):
        other = _largest(here, arm)
        if other is not None:
            spent = _spent(here[other], ["first"], other.rows)
            yield _at_least(f"{label}: faster a row than {arm} at {other.rows:,}", spent, first, bound)
    for floor, most in (("floor", 2.5), ("own tables", None)):
        for case, other_runs in here.items():
            if (case.arm, case.rows) == (floor, rows):
                stored = f", with {case.stored:,} in it" if case.stored else ""
                spent = _spent(other_runs, ["first"], rows)
                yield _at_most(f"{label}: to {_FLOORS[floor]}{stored}", first, spent, most)
    yield _at_most(f"{label}: the same file again", _spent(runs, _AGAIN, rows), first, 0.5)
    yield _at_most(f"{label}: the same rows, saved anew", _spent(runs, _ANEW, rows), first, 0.5)
    yield _at_most(
        f"{label}: undo to confirm", _spent(runs, ["undo"], rows), _spent(runs, ["confirm"], rows), 1
    )
    everything = figure(runs, (*_FIRST, *_AGAIN, *_ANEW, "undo"))
    yield _memory(f"{label}: child's memory", everything.child_mb, 1500)
    yield _memory(f"{label}: worker's memory", everything.worker_mb, 250)
    yield from _growth(here, portal, first, label)


def _growth(here: Measured, portal: Case, first: Spent, label: str) -> Iterator[Verdict]:
    smaller = Case("portal", portal.format, portal.rows // 10)
    if smaller in here:
        before = _spent(here[smaller], _FIRST, smaller.rows)
        yield _at_most(f"{label}: a row, to {smaller.rows:,} rows", first, before, 1.3)
    for case, runs in here.items():
        if case.arm == "portal" and case.stored and case.rows == portal.rows:
            spent = _spent(runs, _FIRST, case.rows)
            yield _at_most(f"{label}: with {case.stored:,} stored before", spent, first, 1.5)


class Spent(NamedTuple):
    """Seconds a row, of the wall clock and of all processors."""

    wall: float
    cpu: float


def _spent(runs: list[list[Step]], names: Iterable[str], rows: int) -> Spent:
    found = figure(runs, names)
    return Spent(found.seconds / rows, found.cpu_seconds / rows)


def _largest(here: Measured, arm: str) -> Case | None:
    cases = [case for case in here if case.arm == arm and not case.stored]
    return max(cases, key=lambda case: case.rows, default=None)


def _at_most(bar: str, ours: Spent, theirs: Spent, bound: float | None) -> Verdict:
    return _ratio(bar, ours, theirs, "≤", bound, holds=bound is None or ours.wall <= bound * theirs.wall)


def _at_least(bar: str, theirs: Spent, ours: Spent, bound: float | None) -> Verdict:
    return _ratio(bar, theirs, ours, "≥", bound, holds=bound is None or theirs.wall >= bound * ours.wall)


def _ratio(bar: str, upper: Spent, lower: Spent, sign: str, bound: float | None, *, holds: bool) -> Verdict:
    # Below a tick of the kernel's clock there is nothing to divide by.
    by_cpu = _times(upper.cpu / lower.cpu) if lower.cpu else "–"
    if bound is None:
        return Verdict(bar, _times(upper.wall / lower.wall), by_cpu, "–", "–")
    return Verdict(bar, _times(upper.wall / lower.wall), by_cpu, f"{sign} {bound:g} ×", _answer(holds))


def _memory(bar: str, megabytes: float, bound: float) -> Verdict:
    return Verdict(bar, f"{megabytes:.0f} MB", "–", f"≤ {bound:g} MB", _answer(megabytes <= bound))


def _times(ratio: float) -> str:
    return f"{ratio:.0f} ×" if ratio >= 100 else f"{ratio:.3g} ×"


def _answer(holds: bool) -> str:
    return "yes" if holds else "**no**"
