"""Changes of several sizes in tables of several sizes."""

from __future__ import annotations

import argparse
from dataclasses import asdict

from benchmarks import arms, report
from benchmarks.arms import Step
from benchmarks.cli import Outcome, numbers, say
from benchmarks.figures import figure
from benchmarks.sandbox import Sandboxes

NAME = "counting"
QUICK, FULL = (100_000, 1_000_000), (100_000, 1_000_000, 10_000_000)
BOUND = 0.6
"""What counting may take of the time of the merge."""

_BYTES_A_ROW, _BYTES_AT_LEAST = 2_000, 1_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(NAME)
    group.add_argument(
        "--stored", type=numbers, help="enrollments stored (100000,1000000; with --full 10000000)"
    )
    group.add_argument(
        "--changed", type=numbers, help="workers changed (10000,100000)", default=(10_000, 100_000)
    )


def bytes_needed(options: argparse.Namespace) -> int:
    return 2 * max(_stored(options)) * _BYTES_A_ROW + _BYTES_AT_LEAST


def measure(options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome:
    empty = sandboxes.prepare("bare")
    found: dict[tuple[int, int], list[list[Step]]] = {}
    failures = []
    for stored in _stored(options):
        say(f"Storing {stored:,} enrollments")
        fill = ("-m", "benchmarks.preload", str(stored))
        source = sandboxes.prepare(f"stored-{stored}", *fill, source=empty)
        for run in range(1, options.runs + 1):
            for changed in options.changed:
                try:
                    steps = arms.run(
                        "benchmarks.counting.arm",
                        [str(changed)],
                        sandboxes=sandboxes,
                        source=source,
                        limit=options.limit,
                    )
                except arms.ArmFailed as failure:
                    failures.append(f"{changed:,} of {stored:,}: {failure}")
                    continue
                found.setdefault((stored, changed), []).append(steps)
                say(f"{run}/{options.runs} {changed:,} of {stored:,}")
        sandboxes.remove(source)
    rows, values = [], []
    for (stored, changed), runs in found.items():
        merge, counted = figure(runs, ["merge"]), figure(runs, ["difference"])
        recount = figure(runs, ["recount"])
        ratio = counted.seconds / merge.seconds
        rows.append(
            (
                f"{changed:,} of {stored:,}",
                report.seconds(merge.seconds),
                report.seconds(counted.seconds),
                f"{ratio:.2f} ×",
                f"≤ {BOUND} ×",
                "yes" if ratio <= BOUND else "**no**",
                report.seconds(recount.seconds),
            )
        )
        values.append(
            {
                "stored": stored,
                "changed": changed,
                "merge": asdict(merge),
                "difference": asdict(counted),
                "recount": asdict(recount),
            }
        )
    heading = ("Changed of stored", "Merge s", "Difference s", "Ratio", "Bound", "Holds", "Recount s")
    return Outcome(report.table(heading, rows), {"figures": values}, failures)


def _stored(options: argparse.Namespace) -> tuple[int, ...]:
    return options.stored or (FULL if options.full else QUICK)
