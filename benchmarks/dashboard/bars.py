"""What was measured against the bars: ratios within one run, medians over the runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from benchmarks.arms import Step

Run = Mapping[str, Step]
"""The steps of one run by name."""
BYTES_BEFORE_SCROLLING = 80_000
COLD_MS = 80

PAGES = ("home", "regency")
_OF_HELLO = (
    ("signed in", "warm", 1.3),
    ("signed in", "304", 1.2),
    ("signed in", "cold", 15.0),
    ("signed out", "warm", 2.0),
)


@dataclass(frozen=True, slots=True)
class Line:
    """One bar: what it is about, what was measured, what is allowed, and whether it holds."""

    what: str
    measured: str
    bar: str
    holds: bool | None

    @property
    def verdict(self) -> str:
        return "–" if self.holds is None else "yes" if self.holds else "**no**"


def of_hello(runs: Sequence[Run]) -> list[Line]:
    """Each page against the page that does nothing, read by the same reader."""
    lines = []
    for who, kind, most in _OF_HELLO:
        for page in PAGES:
            name = f"{who}, {page}"
            times = median(run[name].facts[kind] / run[name].facts["hello"] for run in runs)
            lines.append(Line(f"{name}: {kind} to hello", _times(times), f"≤ {most:g} ×", times <= most))
            if kind == "cold":
                ms = 1000 * median(run[name].facts["cold"] for run in runs)
                lines.append(Line(f"{name}: cold", f"{ms:.0f} ms", f"≤ {COLD_MS} ms", ms <= COLD_MS))
    return lines


def over_the_wire(runs: Sequence[Run]) -> list[Line]:
    lines = []
    for page in PAGES:
        total = runs[0][f"bytes, {page}"].facts["total"]
        within = total <= BYTES_BEFORE_SCROLLING
        lines.append(Line(f"{page}: before scrolling", f"{total / 1000:.1f} KB", "≤ 80 KB", within))
    return lines


def queries(portals: Mapping[str, Sequence[Run]]) -> list[Line]:
    """How often each kind of answer asks the database, the same in every portal."""
    lines = []
    for page in PAGES:
        for kind in ("warm", "304", "cold"):
            asked = {run[f"queries, {page}"].facts[kind] for runs in portals.values() for run in runs}
            counts = ", ".join(str(number) for number in sorted(asked))
            lines.append(Line(f"{page}: queries, {kind}", counts, "fixed", len(asked) == 1))
    return lines


def growth(what: str, few: Sequence[Run], many: Sequence[Run], most: float | None) -> list[Line]:
    """The province page in a portal that has much stored against one that has little, in the same runs."""
    lines = []
    for kind in ("cold", "warm"):
        slow, fast = (median(run["signed in, home"].facts[kind] for run in runs) for runs in (many, few))
        times = slow / fast
        bar, holds = ("–", None) if most is None else (f"≤ {most:g} ×", times <= most)
        lines.append(Line(f"home, {kind}: {what}", _times(times), bar, holds))
    return lines


def _times(value: float) -> str:
    return f"{value:.2f} ×"


def facts(runs: Sequence[Run]) -> dict[str, Any]:
    """Everything measured, medians of seconds, for JSON."""
    found: dict[str, Any] = {}
    for name, step in runs[0].items():
        found[name] = {
            key: median(run[name].facts[key] for run in runs) if isinstance(value, float) else value
            for key, value in step.facts.items()
        }
    return found
