"""What the benchmarks' command lines share: options, progress on stderr, the report on stdout."""

from __future__ import annotations

import argparse
import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from benchmarks import machine, report
from benchmarks.sandbox import Sandboxes, workshop


@dataclass(slots=True)
class Outcome:
    """What a benchmark found, as Markdown and as JSON values, and the arms that failed."""

    markdown: str
    figures: dict[str, Any]
    failures: list[str] = field(default_factory=list)


class Suite(Protocol):
    """A module that measures one thing."""

    NAME: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None: ...

    def bytes_needed(self, options: argparse.Namespace) -> int:
        """Of temporary space, at most and roughly."""

    def measure(self, options: argparse.Namespace, sandboxes: Sandboxes) -> Outcome: ...


def main(suites: Sequence[Suite], arguments: Sequence[str] | None = None) -> int:
    """Run benchmarks and print what they found. Returns 1 if an arm failed, 130 after Ctrl-C."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks")
    parser.add_argument("--full", action="store_true", help="the large sizes too: takes an hour")
    parser.add_argument("--runs", type=int, default=3, help="how often; medians are shown (3)")
    parser.add_argument(
        "--limit", type=float, default=1800, help="seconds for one arm, then it is killed (1800)"
    )
    parser.add_argument("--json", action="store_true", help="print JSON instead of Markdown")
    for suite in suites:
        suite.add_arguments(parser)
    options = parser.parse_args(arguments)
    needed = max(suite.bytes_needed(options) for suite in suites)
    if shutil.disk_usage(tempfile.gettempdir()).free < needed:
        parser.error(f"needs {needed / 1e9:.0f} GB of temporary space; TMPDIR names another place")
    facts = machine.facts()
    outcomes: dict[str, Outcome] = {}
    try:
        with workshop() as sandboxes:
            for suite in suites:
                outcomes[suite.NAME] = outcome = suite.measure(options, sandboxes)
                if not options.json:
                    _print(f"## {suite.NAME}\n\n{outcome.markdown}\n")
    except KeyboardInterrupt:
        say("Stopped; nothing is left behind.")
        return 130
    if options.json:
        found = {name: outcome.figures for name, outcome in outcomes.items()}
        _print(json.dumps({"machine": facts, "runs": options.runs, **found}, indent=2))
    else:
        runs = f"Medians of {options.runs} runs." if options.runs > 1 else "One run."
        _print(f"{runs} {report.machine(facts)}")
    failures = [failure for outcome in outcomes.values() for failure in outcome.failures]
    for failure in failures:
        say(f"FAILED {failure}")
    return 1 if failures else 0


def numbers(text: str) -> tuple[int, ...]:
    """The numbers of an option, as in `10000,100000`."""
    return tuple(int(part) for part in text.split(","))


def words(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(","))


def say(text: str) -> None:
    """Progress, for whoever waits."""
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _print(text: str) -> None:
    sys.stdout.write(f"{text}\n")
