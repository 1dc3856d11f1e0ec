"""Repeated measurements and their medians."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from statistics import median

from benchmarks.arms import Step


@dataclass(frozen=True, slots=True)
class Figure:
    """Steps added up, over all runs: seconds, their spread, processor seconds, peaks of memory in MB."""

    seconds: float
    fastest: float
    slowest: float
    cpu_seconds: float
    worker_mb: float
    child_mb: float


def figure(runs: Sequence[Sequence[Step]], names: Iterable[str]) -> Figure:
    """The median of the sum of the steps with these names; peaks are the highest of all runs."""
    wanted = set(names)
    picked = [[step for step in steps if step.name in wanted] for steps in runs]
    sums = [sum(step.seconds for step in steps) for steps in picked]
    return Figure(
        median(sums),
        min(sums),
        max(sums),
        median(sum(step.cpu_seconds for step in steps) for steps in picked),
        max(step.worker_mb for steps in picked for step in steps),
        max(step.child_mb for steps in picked for step in steps),
    )
