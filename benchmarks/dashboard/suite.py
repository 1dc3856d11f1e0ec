"""The pages of coverage, warm, unchanged and cold, signed in and out, in portals of several sizes."""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import arms, report
from benchmarks.cli import Outcome, numbers, say
from benchmarks.dashboard import bars
from benchmarks.sandbox import Sandboxes

NAME = "dashboard"
MONTHS = 36
ENROLLMENTS, ENROLLMENTS_IN_FULL = (1_000, 10_000), (100_000, 10_000_000)
_AREAS = {
    "home": "14 regencies stored",
    "country": "514 regencies stored, 14 of them in the province",
    "crowd": "99 regencies in the province, the most that codes have room for",
}
_BYTES_AT_LEAST, _BYTES_A_ROW = 2_000_000_000, 1_500


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(NAME)
    group.add_argument("--asked", type=int, default=200, help="requests of each kind and page (200)")
    group.add_argument("--cold", type=int, default=15, help="times that the data version moves (15)")
    group.add_argument("--months", type=int, default=MONTHS, help="months of cells (36)")
    sizes = f"enrollments stored (1000,10000; with --full {','.join(map(str, ENROLLMENTS_IN_FULL))})"
    group.add_argument("--enrolled", type=numbers, default=(), help=sizes)


def bytes_needed(options: argparse.Namespace) -> int:
    return _BYTES_AT_LEAST + _BYTES_A_ROW * max(_enrolled(options))


def _enrolled(options: argparse.Namespace) -> tuple[int, ...]:
    chosen: tuple[int, ...] = options.enrolled
    return chosen or (ENROLLMENTS_IN_FULL if options.full else ENROLLMENTS)


def measure(options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome:
    portals = _portals(options, sandboxes)
    found: dict[str, list[bars.Run]] = {}
    failures = []
    for run in range(1, options.runs + 1):
        for name, source in portals.items():
            try:
                steps = arms.run(
                    "benchmarks.dashboard.arm",
                    [str(options.asked), str(options.cold)],
                    sandboxes=sandboxes,
                    source=source,
                    limit=options.limit,
                )
            except arms.ArmFailed as failure:
                failures.append(f"{name}: {failure}")
                continue
            found.setdefault(name, []).append({step.name: step for step in steps})
            say(f"{run}/{options.runs} {name}")
    lines = [] if failures else _against_bars(found, options)
    rows = [(line.what, line.measured, line.bar, line.verdict) for line in lines]
    tables = [report.table(("What", "Measured", "Bar", "Holds"), rows), _milliseconds(found)]
    return Outcome(
        "\n\n".join(tables),
        {
            "bars": [dict(zip(("what", "measured", "bar", "holds"), row, strict=True)) for row in rows],
            "portals": {name: bars.facts(runs) for name, runs in found.items()},
        },
        failures,
    )


def _portals(options: argparse.Namespace, sandboxes: Sandboxes) -> dict[str, Path]:
    empty = sandboxes.prepare("without-figures")
    portals = {}
    for areas, words in _AREAS.items():
        say(f"Storing {options.months} months: {words}")
        fill = ("-m", "benchmarks.dashboard.fill", areas, str(options.months))
        portals[areas] = sandboxes.prepare(areas, *fill, source=empty)
    for size in _enrolled(options):
        say(f"Storing {size:,} enrollments")
        load = ("-m", "benchmarks.preload", str(size))
        portals[f"{size:,} enrolled"] = sandboxes.prepare(f"enrolled-{size}", *load, source=portals["home"])
    return portals


def _against_bars(found: dict[str, list[bars.Run]], options: argparse.Namespace) -> list[bars.Line]:
    home = found["home"]
    few, *more = (f"{size:,} enrolled" for size in _enrolled(options))
    lines = [*bars.of_hello(home), *bars.over_the_wire(home), *bars.queries(found)]
    lines += bars.growth(f"{_AREAS['country']}, to 14", home, found["country"], 2)
    lines += bars.growth(f"{_AREAS['crowd']}, to 14", home, found["crowd"], None)
    for many in more:
        lines += bars.growth(f"{many}, to {few}", found[few], found[many], 1.1)
    return lines


def _milliseconds(found: dict[str, list[bars.Run]]) -> str:
    """Medians of every portal and page, as they were measured."""
    kinds = ("hello", "warm", "304", "cold")
    rows: list[tuple[str, ...]] = []
    for portal, runs in found.items():
        for name, facts in bars.facts(runs).items():
            if name.startswith("signed"):
                rows.append((portal, name, *(f"{facts[kind] * 1000:.2f}" for kind in kinds)))
    return report.table(("Portal", "Page", *(f"{kind} ms" for kind in kinds)), rows)
