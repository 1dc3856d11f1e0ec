"""Which arms run on which sheets, and what comes out of it."""

from __future__ import annotations

import argparse
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from statistics import median
from typing import Any

from benchmarks import arms, report
from benchmarks.arms import Step
from benchmarks.cli import Outcome, numbers, say, words
from benchmarks.figures import Figure, figure
from benchmarks.import_enrollment import sheets
from benchmarks.import_enrollment.bars import Case, Measured, against_bars
from benchmarks.import_enrollment.stages import STAGES
from benchmarks.sandbox import Sandboxes

NAME = "import_enrollment"
BY_STAGE = "portal by stage"
ARMS = ("portal", BY_STAGE, "stock", "tuned", "floor", "own tables")
QUICK, FULL = (10_000, 100_000), (10_000, 100_000, 1_000_000)

DATA_DATE = "data_date=2025-12-31"
"""The day the sheets tell of; the portal asks for it."""

_BYTES_A_ROW, _BYTES_A_STORED_ROW, _BYTES_AT_LEAST = 4_000, 2_000, 1_000_000_000

PARTS = {
    "upload to applied": ("preview", "confirm"),
    "preview": ("preview",),
    "confirm": ("confirm",),
    "the same file again": ("preview, again", "confirm, again"),
    "the same rows, saved anew": ("preview, saved anew", "confirm, saved anew"),
    "undo": ("undo",),
}
"""The portal's figures, by the steps they add up."""
FIRST: dict[str, tuple[str, ...]] = {"file to table": ("first",)}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(NAME)
    group.add_argument(
        "--sizes", type=numbers, help="rows of the sheets (10000,100000; with --full 1000000 too)"
    )
    group.add_argument("--formats", type=words, default=sheets.FORMATS, help="xlsx,csv")
    group.add_argument("--arms", type=words, default=ARMS, help=",".join(ARMS))
    group.add_argument("--stock-rows", type=int, help="largest sheet for stock (10000; with --full 100000)")
    group.add_argument(
        "--preload", type=int, default=0, help="the portal once more, with so many rows stored"
    )
    group.add_argument(
        "--layout", choices=sheets.LAYOUTS, default="plain", help="sipp: the portal alone reads it"
    )
    group.add_argument("--option", action="append", default=[], metavar="NAME=VALUE", help="for the portal")


def bytes_needed(options: argparse.Namespace) -> int:
    rows = max(_sizes(options))
    stored: int = options.preload
    return rows * _BYTES_A_ROW + 2 * stored * _BYTES_A_STORED_ROW + _BYTES_AT_LEAST


def measure(options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome:
    """Every arm on every sheet it is meant for, `--runs` times, in turn: what slows the machine for a while
    then slows all of them."""
    empty = sandboxes.prepare("empty")
    sources = {0: empty}
    if options.preload:
        say(f"Storing {options.preload:,} enrollments")
        fill = ("-m", "benchmarks.preload", str(options.preload))
        sources[options.preload] = sandboxes.prepare("stored", *fill, source=empty)
    cases = _cases(options)
    paths = {(case.rows, case.format): _path(sandboxes, case) for case in cases}
    for (rows, format_), path in paths.items():
        say(f"Writing a sheet of {rows:,} rows as {format_}")
        sheets.write(path, rows, layout=options.layout)
    measured: Measured = {}
    failures: dict[Case, str] = {}
    for run in range(1, options.runs + 1):
        for case in cases:
            if case in failures:
                continue
            path = paths[case.rows, case.format]
            answers = (DATA_DATE, *options.option) if case.arm.startswith("portal") else ()
            try:
                steps = arms.run(
                    "benchmarks.import_enrollment.arm",
                    [case.arm, str(path), *answers],
                    sandboxes=sandboxes,
                    source=sources[case.stored],
                    limit=options.limit,
                )
            except arms.ArmFailed as failure:
                failures[case] = f"{case}: {failure}"
                measured.pop(case, None)
                say(failures[case])
                continue
            measured.setdefault(case, []).append(steps)
            say(f"{run}/{options.runs} {case}: {sum(step.seconds for step in steps):.2f} s")
    return Outcome(_markdown(measured), {"figures": _values(measured)}, list(failures.values()))


def _sizes(options: argparse.Namespace) -> tuple[int, ...]:
    return options.sizes or (FULL if options.full else QUICK)


def _cases(options: argparse.Namespace) -> list[Case]:
    largest_for_stock = options.stock_rows or (100_000 if options.full else 10_000)
    cases = []
    for rows in _sizes(options):
        for format_ in options.formats:
            for arm in ARMS:
                wanted = arm in options.arms and (options.layout == "plain" or arm.startswith("portal"))
                limited = (arm in ("stock", "tuned") and rows > largest_for_stock) or (
                    arm == BY_STAGE and rows < max(_sizes(options))
                )
                if wanted and not limited:
                    cases.append(Case(arm, format_, rows))
    if options.preload and "portal" in options.arms:
        cases += [
            Case("portal", format_, max(_sizes(options)), options.preload) for format_ in options.formats
        ]
    return cases


def _path(sandboxes: Sandboxes, case: Case) -> Path:
    return sandboxes.folder / f"peserta-{case.rows}.{case.format}"


def _parts(case: Case) -> dict[str, tuple[str, ...]]:
    if case.arm == BY_STAGE:
        return {"upload to applied, with a clock": PARTS["upload to applied"]}
    return PARTS if case.arm == "portal" else FIRST


def _markdown(measured: Measured) -> str:
    heading = ("Arm", "Sheet", "Rows", "Seconds", "From … to", "µs a row", "CPU s", "Worker MB", "Child MB")
    rows = []
    for case, runs in measured.items():
        for part, names in _parts(case).items():
            rows.append(_line(case, part, figure(runs, names)))
    bars = against_bars(measured)
    compared = (
        report.table(("Bar", "Measured", "By CPU", "Bound", "Holds"), bars) if bars else "Nothing to compare."
    )
    tables = [report.table(heading, rows), compared, *_where_the_time_goes(measured)]
    return "\n\n".join(tables)


def _where_the_time_goes(measured: Measured) -> Iterator[str]:
    for case, runs in measured.items():
        if case.arm != BY_STAGE:
            continue
        spent = {
            step: {stage: median(_stages(steps, step).get(stage, 0.0) for steps in runs) for stage in STAGES}
            for step in PARTS["upload to applied"]
        }
        whole = sum(sum(by_stage.values()) for by_stage in spent.values())
        lines = []
        for stage in STAGES:
            both = [by_stage[stage] for by_stage in spent.values()]
            shown = [report.seconds(value) if value else "–" for value in both]
            lines.append((stage, *shown, f"{sum(both) / whole:.0%}"))
        heading = (f"{case.rows:,} rows, {case.format}", "Preview s", "Confirm s", "Share")
        yield report.table(heading, lines)


def _stages(steps: list[Step], name: str) -> dict[str, float]:
    return next(step.facts["stages"] for step in steps if step.name == name)


def _line(case: Case, part: str, found: Figure) -> tuple[str, ...]:
    stored = f", {case.stored:,} stored" if case.stored else ""
    return (
        f"{case.arm}{stored}: {part}",
        case.format,
        f"{case.rows:,}",
        report.seconds(found.seconds),
        f"{report.seconds(found.fastest)} … {report.seconds(found.slowest)}",
        report.seconds(found.seconds / case.rows * 1e6),
        report.seconds(found.cpu_seconds),
        report.megabytes(found.worker_mb),
        report.megabytes(found.child_mb),
    )


def _values(measured: Measured) -> list[dict[str, Any]]:
    found = [
        {**asdict(case), "part": part, **asdict(figure(runs, names))}
        for case, runs in measured.items()
        for part, names in _parts(case).items()
    ]
    for case, runs in measured.items():
        if case.arm == BY_STAGE:
            last = {step.name: step.facts["stages"] for step in runs[-1]}
            found.append({**asdict(case), "part": "stages", "seconds_by_stage": last})
    return found
