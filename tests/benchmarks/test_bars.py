"""Ratios of made-up measurements against the bars."""

from __future__ import annotations

from benchmarks.arms import Step
from benchmarks.figures import figure
from benchmarks.import_enrollment.bars import Case, Measured, against_bars


def steps(worker_mb: float = 100, child_mb: float = 900, **seconds: float) -> list[Step]:
    return [
        Step(name.replace("_", ", "), value, value, worker_mb, child_mb) for name, value in seconds.items()
    ]


def portal(preview: float, confirm: float, undo: float, **memory: float) -> list[Step]:
    anew = {"preview_saved anew": preview, "confirm_saved anew": 1.0}
    return steps(
        preview=preview, confirm=confirm, preview_again=0.5, confirm_again=0.0, undo=undo, **anew, **memory
    )


def shown(measured: Measured) -> dict[str, tuple[str, str]]:
    """Measured value and verdict by bar."""
    return {line.bar.partition(": ")[2]: (line.measured, line.holds) for line in against_bars(measured)}


def test_bars_that_hold_are_told_from_those_that_do_not() -> None:
    measured: Measured = {
        Case("portal", "xlsx", 1_000): [portal(6.0, 4.0, 5.0, worker_mb=251)],
        Case("stock", "xlsx", 100): [steps(first=31.0)],
        Case("tuned", "xlsx", 100): [steps(first=4.0)],
        Case("floor", "xlsx", 1_000): [steps(first=5.0)],
    }

    assert shown(measured) == {
        "faster a row than stock at 100": ("31 ×", "yes"),
        "faster a row than tuned at 100": ("4 ×", "–"),
        "to the floor": ("2 ×", "yes"),
        "the same file again": ("0.05 ×", "yes"),
        "the same rows, saved anew": ("0.7 ×", "**no**"),
        "undo to confirm": ("1.25 ×", "**no**"),
        "child's memory": ("900 MB", "yes"),
        "worker's memory": ("251 MB", "**no**"),
    }


def test_growth_is_judged_a_row_and_against_a_table_that_is_full() -> None:
    measured: Measured = {
        Case("portal", "csv", 100): [portal(0.5, 0.5, 0.5)],
        Case("portal", "csv", 1_000): [portal(6.0, 6.0, 6.0)],
        Case("portal", "csv", 1_000, stored=9_000): [portal(9.0, 10.0, 9.0)],
    }

    found = shown(measured)

    assert found["a row, to 100 rows"] == ("1.2 ×", "yes")
    assert found["with 9,000 stored before"] == ("1.58 ×", "**no**")


def test_figure_is_the_median_of_sums_and_the_highest_peak() -> None:
    runs = [steps(a=1, b=1, child_mb=10), steps(a=5, b=1, child_mb=30), steps(a=2, b=1, child_mb=20)]

    found = figure(runs, ("a", "b"))

    assert (found.fastest, found.seconds, found.slowest, found.child_mb) == (2, 3, 6, 30)
