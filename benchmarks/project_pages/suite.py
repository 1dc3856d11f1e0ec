"""Pages with few projects and with many."""

from __future__ import annotations

import argparse
from statistics import median
from typing import Any

from benchmarks import arms, report
from benchmarks.arms import Step
from benchmarks.cli import Outcome, numbers, say
from benchmarks.sandbox import Sandboxes

NAME = "project_pages"
SIZES = (1_000, 10_000)
BOUND_MS = 100
"""What a page may take on the server, in 95 of 100 requests."""

_BYTES_AT_LEAST = 2_000_000_000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    group = parser.add_argument_group(NAME)
    group.add_argument("--projects", type=numbers, default=SIZES, help="projects stored (1000,10000)")
    group.add_argument("--requests", type=int, default=60, help="requests of each page (60)")


def bytes_needed(_options: argparse.Namespace) -> int:
    return _BYTES_AT_LEAST


def measure(options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome:
    empty = sandboxes.prepare("without-projects")
    found: dict[int, list[dict[str, Step]]] = {}
    failures = []
    for projects in options.projects:
        say(f"Storing {projects:,} projects")
        fill = ("-m", "benchmarks.project_pages.fill", str(projects))
        source = sandboxes.prepare(f"projects-{projects}", *fill, source=empty)
        for run in range(1, options.runs + 1):
            try:
                steps = arms.run(
                    "benchmarks.project_pages.arm",
                    [str(options.requests)],
                    sandboxes=sandboxes,
                    source=source,
                    limit=options.limit,
                )
            except arms.ArmFailed as failure:
                failures.append(f"{projects:,} projects: {failure}")
                continue
            found.setdefault(projects, []).append({step.name: step for step in steps})
            say(f"{run}/{options.runs} {projects:,} projects")
        sandboxes.remove(source)
    failures += _growing(found)
    rows, values = [], []
    for projects, runs in found.items():
        hello = _median(runs, "hello", "p50")
        for name in runs[0]:
            entry: dict[str, Any] = {"projects": projects, "page": name}
            if "p95" in runs[0][name].facts:
                p50, p95 = _median(runs, name, "p50"), _median(runs, name, "p95")
                queries = runs[0][name].facts["queries"]
                holds = "yes" if p95 * 1000 <= BOUND_MS else "**no**"
                row = (f"{p50 * 1000:.1f}", f"{p95 * 1000:.1f}", f"{p50 / hello:.0f} ×", str(queries), holds)
                entry |= {"p50": p50, "p95": p95, "queries": queries}
            else:
                seconds = median(run[name].seconds for run in runs)
                row = (f"{seconds * 1000:.1f}", "", f"{seconds / hello:.0f} ×", "", "")
                entry |= {"seconds": seconds}
            rows.append((f"{projects:,}", name, *row))
            values.append(entry)
    heading = ("Projects", "Page", "p50 ms", "p95 ms", "Of hello", "Queries", f"≤ {BOUND_MS} ms")
    return Outcome(report.table(heading, rows), {"figures": values}, failures)


def _growing(found: dict[int, list[dict[str, Step]]]) -> list[str]:
    """Pages that ask the database more often the more projects there are."""
    asked: dict[str, set[int]] = {}
    for runs in found.values():
        for name, step in runs[0].items():
            if "queries" in step.facts:
                asked.setdefault(name, set()).add(step.facts["queries"])
    return [f"{name}: {sorted(numbers)} queries" for name, numbers in asked.items() if len(numbers) > 1]


def _median(runs: list[dict[str, Step]], name: str, fact: str) -> float:
    values: list[float] = [run[name].facts[fact] for run in runs]
    return median(values)
