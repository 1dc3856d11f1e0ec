"""`python -m benchmarks.mixed`: half an hour of a province's busiest day, on a portal that is thrown away."""

from __future__ import annotations

import argparse
import subprocess
import sys

from benchmarks.cli import say
from benchmarks.mixed import load
from benchmarks.sandbox import ROOT, workshop

MONTHS = 36


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mixed", description=__doc__)
    parser.add_argument("--minutes", type=float, default=30)
    parser.add_argument("--readers", type=int, default=200, help="signed-in users who read (200)")
    parser.add_argument("--importers", type=int, default=5, help="users who import, each a list of their own")
    parser.add_argument("--rows", type=int, default=50_000, help="rows of each list (50,000)")
    parser.add_argument("--editors", type=int, default=3, help="users who edit records (3)")
    parser.add_argument("--pace", type=float, default=1, help="times faster than people are (1)")
    parser.add_argument("--projects", type=int, default=1_000, help="projects stored before (1,000)")
    parser.add_argument("--enrolled", type=int, default=100_000, help="enrollments stored before (100,000)")
    given = parser.parse_args()
    with workshop() as sandboxes:
        portal = sandboxes.prepare("empty")
        stored = (
            (f"{MONTHS} months of figures", "benchmarks.dashboard.fill", ("home", str(MONTHS))),
            (f"{given.projects:,} projects", "benchmarks.project_pages.fill", (str(given.projects),)),
            (f"{given.enrolled:,} enrollments", "benchmarks.preload", (str(given.enrolled),)),
        )
        for what, module, arguments in stored:
            say(f"Storing {what}")
            portal = sandboxes.prepare(module, "-m", module, *arguments, source=portal)
        command = [sys.executable, "-m", "benchmarks.mixed.load", str(portal)]
        for name in load.OPTIONS:
            command += [f"--{name}", str(getattr(given, name))]
        return subprocess.run(command, cwd=ROOT, env=sandboxes.environment(portal), check=False).returncode


if __name__ == "__main__":
    sys.exit(main())
