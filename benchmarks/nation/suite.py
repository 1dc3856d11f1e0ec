"""38 provinces, 514 regencies, 36 months, 20 million enrollments: an import and the pages against their bars.

Beside it stand a portal with the same areas and months and few enrollments, and the floor's table with as
many rows, in the same runs.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from benchmarks import arms, report
from benchmarks.arms import Step
from benchmarks.cli import Outcome, say, words
from benchmarks.dashboard import bars as pages
from benchmarks.import_enrollment import sheets
from benchmarks.import_enrollment.bars import Case, Measured, against_bars
from benchmarks.import_enrollment.suite import DATA_DATE
from benchmarks.sandbox import Sandboxes

NAME = "nation"
_BYTES_A_ROW, _BYTES_AT_LEAST = 3_200, 6_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(NAME)
    group.add_argument("--enrolled", type=int, default=20_000_000, help="enrollments stored (20000000)")
    group.add_argument("--few", type=int, default=100_000, help="enrollments of the other portal (100000)")
    group.add_argument("--months", type=int, default=36, help="months of cells (36)")
    group.add_argument("--rows", type=int, default=1_000_000, help="rows of the sheet (1000000)")
    group.add_argument("--stock-rows", type=int, default=10_000, help="rows of stock's sheet (10000)")
    group.add_argument("--formats", type=words, default=("xlsx",), help="xlsx,csv (xlsx)")
    group.add_argument("--asked", type=int, default=100, help="requests of each kind and page (100)")
    group.add_argument("--turns", type=int, default=3, help="times a run that the pages are measured (3)")
    group.add_argument("--cold", type=int, default=15, help="imports of a month before a page (15)")


def bytes_needed(options: argparse.Namespace) -> int:
    enrolled: int = options.enrolled
    return _BYTES_AT_LEAST + _BYTES_A_ROW * enrolled


def measure(options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome:
    say(f"Storing {options.months} months of 514 regencies")
    empty = sandboxes.prepare("empty")
    cells = ("-m", "benchmarks.dashboard.fill", "country", str(options.months))
    country = sandboxes.prepare("country", *cells, source=empty)
    portals = {}
    for size in (options.few, options.enrolled):
        say(f"Storing {size:,} enrollments")
        load = ("-m", "benchmarks.preload", str(size), "country")
        portals[size] = sandboxes.prepare(f"enrolled-{size}", *load, source=country)
    say(f"Storing {options.enrolled:,} rows in a plain table")
    fill = ("-m", "benchmarks.import_enrollment.fill", str(options.enrolled))
    table = sandboxes.prepare("plain", *fill, source=empty)
    lists = {}
    for format_ in options.formats:
        for rows in (options.rows, options.stock_rows):
            say(f"Writing a sheet of {rows:,} rows as {format_}")
            lists[format_, rows] = sandboxes.folder / f"peserta-{rows}.{format_}"
            sheets.write(lists[format_, rows], rows)
    shown: dict[int, list[pages.Run]] = {}
    imported: Measured = {}
    failures: list[str] = []

    def run(module: str, arguments: list[str], source: Path, what: str) -> list[Step]:
        try:
            steps = arms.run(module, arguments, sandboxes=sandboxes, source=source, limit=options.limit)
        except arms.ArmFailed as failure:
            failures.append(f"{what}: {failure}")
            return []
        say(f"{what}: {sum(step.seconds for step in steps):.2f} s")
        return steps

    for _run in range(options.runs):
        # Seconds beside the imports' minutes: medians of several turns cost little.
        for size, portal in [*portals.items()] * options.turns:
            asked = [str(options.asked), str(options.cold)]
            steps = run("benchmarks.dashboard.arm", asked, portal, f"pages, {size:,} stored")
            shown.setdefault(size, []).append({step.name: step for step in steps})
        for case, source in _cases(options, portals, table, empty):
            path = lists[case.format, case.rows]
            given = [case.arm, str(path), *((DATA_DATE,) if case.arm == "portal" else ())]
            steps = run("benchmarks.import_enrollment.arm", given, source, str(case))
            imported.setdefault(case, []).append(steps)
    if failures:
        return Outcome("", {}, failures)
    few, many = shown[options.few], shown[options.enrolled]
    lines = [*pages.of_hello(many), *pages.growth(f"to {options.few:,} enrollments", few, many, 1.1)]
    shown_pages = [(line.what, line.measured, line.bar, line.verdict) for line in lines]
    # The nation's own import against stock and the floor; then against the one into 100,000.
    own = {
        case if case.arm == "floor" else Case(case.arm, case.format, case.rows): runs
        for case, runs in imported.items()
        if case.stored != options.few
    }
    grown = {
        Case(case.arm, case.format, case.rows, 0 if case.stored == options.few else case.stored): runs
        for case, runs in imported.items()
        if case.arm == "portal"
    }
    verdicts = [
        *against_bars(own),
        *(verdict for verdict in against_bars(grown) if "stored before" in verdict.bar),
    ]
    return Outcome(
        "\n\n".join(
            [
                report.table(("Pages", "Measured", "Bar", "Holds"), shown_pages),
                report.table(("Import", "Measured", "By CPU", "Bound", "Holds"), verdicts),
            ]
        ),
        {"pages": shown_pages, "import": [verdict._asdict() for verdict in verdicts]},
    )


def _cases(
    options: argparse.Namespace, portals: dict[int, Path], table: Path, empty: Path
) -> list[tuple[Case, Path]]:
    cases = []
    for format_ in options.formats:
        cases.append((Case("stock", format_, options.stock_rows), empty))
        cases.append((Case("floor", format_, options.rows, options.enrolled), table))
        cases += [(Case("portal", format_, options.rows, size), portal) for size, portal in portals.items()]
    return cases
