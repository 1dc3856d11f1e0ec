"""`python -m benchmarks.mutants`: small breaks of the modules of permissions and imports: do tests notice?

Prints a table and the mutants that no test noticed. Fails where too few are killed.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import signal
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from benchmarks.cli import say, words
from benchmarks.report import table
from benchmarks.sandbox import ROOT

from . import forks, judging, targets, trees
from .choosing import Chooser, Record
from .judging import Judgement, Verdict
from .making import Mutant, mutants

NUMBER, PERCENT, SEED = 200, 85, 2026


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.mutants", description=__doc__)
    parser.add_argument("--mutants", type=int, default=NUMBER, help=f"how many are drawn ({NUMBER})")
    parser.add_argument("--seed", type=int, default=SEED, help="another seed draws others")
    parser.add_argument("--from", type=int, default=0, dest="first", help="the first of those drawn (0)")
    parser.add_argument("--to", type=int, default=None, help="and the one after the last")
    parser.add_argument("--at-once", type=int, default=2, help="how many at a time (2)")
    parser.add_argument("--most-seconds", type=float, default=60, help="of tests for one mutant (60)")
    parser.add_argument("--record", type=Path, help="a file to keep what the tests execute, and read it from")
    parser.add_argument("--list", action="store_true", help="list the mutants drawn, and run nothing")
    parser.add_argument("--root", type=Path, default=ROOT, help="other sources than the portal's, which need")
    parser.add_argument("--targets", type=words, default=(), help="no database: their modules,")
    parser.add_argument("--tests", type=words, default=(), help="and their tests")
    given = parser.parse_args(arguments)
    root: Path = given.root.resolve()
    groups = [given.targets] if given.targets else [targets.PERMISSIONS, targets.IMPORTS]
    drawn, sources = draw(root, groups, given.mutants, given.seed)
    drawn = drawn[given.first : given.to]
    if given.list:
        sys.stdout.write("".join(f"{mutant.told(sources[mutant.path])}\n" for mutant in drawn))
        return 0
    test_files = targets.files_of_tests(
        root, given.tests or (*targets.TESTS, *targets.MORE_TESTS), targets.SLOW_TESTS
    )
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    with tempfile.TemporaryDirectory(prefix="mutants-", ignore_cleanup_errors=True) as made:
        folder = Path(made).resolve()
        folder.chmod(0o755)  # as root, PostgreSQL runs as a user of its own
        ground = trees.Ground(root, folder) if given.targets else trees.Portal(root, folder)
        try:
            found = _run(ground, drawn, sources, test_files, given)
        finally:
            ground.close()
    sys.stdout.write(report(found, sources))
    return 0 if percent(found) >= PERCENT else 1


def draw(
    root: Path, groups: Sequence[Sequence[str]], number: int, seed: int
) -> tuple[list[Mutant], dict[str, bytes]]:
    """As many mutants of each group of modules, so that neither hides behind the other; all sources."""
    chosen: list[Mutant] = []
    sources: dict[str, bytes] = {}
    drawing = random.Random(seed)  # noqa: S311 - a draw that can be repeated
    for place, patterns in enumerate(groups):
        paths = [p for p in targets.files(root, patterns, targets.LEFT_OUT) if p not in sources]
        texts = {path: (root / path).read_bytes() for path in paths}
        sources |= texts
        possible = [mutant for path, text in texts.items() for mutant in mutants(path, text)]
        drawing.shuffle(possible)
        share = number // len(groups) + (place < number % len(groups))
        chosen += islice((mutant for mutant in possible if mutant.compiles(texts[mutant.path])), share)
    drawing.shuffle(chosen)
    return chosen, sources


def _run(
    ground: trees.Ground,
    drawn: Sequence[Mutant],
    sources: Mapping[str, bytes],
    test_files: Sequence[str],
    given: argparse.Namespace,
) -> list[Judgement]:
    began = time.monotonic()
    ground.prepare()
    forks.load_once(ground.loaded_once)
    slots = [ground.tree(f"gw{number}") for number in range(given.at_once)]
    ready = time.monotonic() - began
    say(f"Ready after {ready:.0f} s: {len(drawn)} mutants, {len(test_files)} files of tests.")
    known = _recorded(ground, slots, sources, test_files, given.record)
    say(f"What {len(known.seconds)} tests execute is known after {time.monotonic() - began:.0f} s.")
    chooser = Chooser(sources, known)
    found: list[Judgement] = []
    for judged in judging.judge(ground, slots, drawn, sources, chooser, given.most_seconds):
        found.append(judged)
        what = f"{len(found)} {judged.verdict.value} in {judged.seconds:.1f} s, {judged.asked} tests"
        say(f"{what}: {judged.mutant.told(sources[judged.mutant.path])}  {judged.by}")
    unsure = set(judging.pass_unbroken(ground, slots[0], sorted({j.by for j in found if j.by}), known))
    return [_doubted(judged) if judged.by in unsure else judged for judged in found]


def _doubted(judged: Judgement) -> Judgement:
    by = f"{judged.by}, which fails by itself too"
    return Judgement(judged.mutant, Verdict.SURVIVED, by, judged.asked, judged.seconds)


def _recorded(
    ground: trees.Ground,
    slots: Sequence[trees.Tree],
    sources: Mapping[str, bytes],
    test_files: Sequence[str],
    kept: Path | None,
) -> Record:
    """What the tests execute; a file of tests as it was kept, while neither it nor a target has changed."""
    targets_now = _digest(*sources.values())
    keys = {path: _digest(targets_now, (ground.root / path).read_bytes()) for path in test_files}
    stored: dict[str, list[Any]] = {}
    if kept is not None and kept.is_file():
        stored = json.loads(kept.read_text(encoding="utf-8"))
    missing = [path for path in test_files if keys[path].decode() not in stored]
    if missing:
        for path in missing:
            stored[keys[path].decode()] = []
        for test, seconds, lines in judging.record(ground, slots, list(sources), missing, say):
            stored[keys[test.partition("::")[0]].decode()].append((test, seconds, lines))
        if kept is not None:
            kept.write_text(json.dumps(stored), encoding="utf-8")
    known = Record()
    for path in test_files:
        for test, seconds, lines in stored[keys[path].decode()]:
            known.add(test, seconds, [(path_of, line) for path_of, line in lines])
    return known


def _digest(*texts: bytes) -> bytes:
    return hashlib.sha256(b"\0".join(texts)).hexdigest().encode()


def percent(found: Sequence[Judgement]) -> float:
    killed = sum(judged.verdict is not Verdict.SURVIVED for judged in found)
    return 100 * killed / len(found) if found else 0.0


def report(found: Sequence[Judgement], sources: Mapping[str, bytes]) -> str:
    """The table and the list of survivors, as Markdown."""
    counted = Counter(judged.verdict for judged in found)
    share = percent(found)
    row = [str(len(found)), *(str(counted[v]) for v in (Verdict.KILLED, Verdict.SURVIVED, Verdict.TIMED_OUT))]
    row += [f"{share:.1f} %", f"{PERCENT} %", "yes" if share >= PERCENT else "**no**"]
    heading = ["Mutants", "Killed", "Survived", "Timed out", "Noticed", "Bar", "Holds"]
    survivors = [judged for judged in found if judged.verdict is Verdict.SURVIVED]
    lines = [f"- {j.mutant.told(sources[j.mutant.path])} ({_asked(j)})" for j in _by_place(survivors)]
    listed = "\n".join(lines) if lines else "None."
    return f"{table(heading, [row])}\n\nSurvivors:\n\n{listed}\n"


def _asked(judged: Judgement) -> str:
    if judged.by:
        return f"only by {judged.by}"
    return f"{judged.asked} tests" if judged.asked else "no test executes it"


def _by_place(found: Sequence[Judgement]) -> list[Judgement]:
    return sorted(found, key=lambda judged: (judged.mutant.path, judged.mutant.start))


if __name__ == "__main__":
    sys.exit(main())
