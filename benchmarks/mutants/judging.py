"""What the tests say of each mutant."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from . import forks, trees
from .choosing import Chooser, Line, Record
from .making import Mutant
from .trees import Ground, Tree

Say = Callable[[str], None]
FLOOR_SECONDS, TIMES = 20.0, 10.0
"""A test may take that long on a mutant, and ten times what it takes otherwise: then it does not end."""
RECORDING_SECONDS = 600.0
_PAUSE = 0.02


class Verdict(Enum):
    KILLED = "killed"
    TIMED_OUT = "timed out"
    SURVIVED = "survived"


@dataclass(frozen=True, slots=True)
class Judgement:
    """What became of a mutant; `by` is the test that failed, `asked` how many were to be run."""

    mutant: Mutant
    verdict: Verdict
    by: str
    asked: int
    seconds: float


def record(
    ground: Ground, slots: Sequence[Tree], targets: list[str], test_files: Sequence[str], say: Say
) -> Iterator[tuple[str, float, list[Line]]]:
    """Run all tests once: each that passes, its seconds and what it executes. The others are named."""
    running: list[tuple[forks.Run, Callable[[Sequence[int]], list[tuple[str, int]]], Tree]] = []
    for number, tree in enumerate(slots):
        lines = trees.instrument(tree, targets)
        ground.renew(tree)
        its = test_files[number :: len(slots)]
        if its:
            run = forks.start(ground, tree, its, patience=lambda _test: RECORDING_SECONDS, noting=True)
            running.append((run, lines, tree))
    while running:
        for entry in list(running):
            run, lines, tree = entry
            for message in run.messages():
                if "passed" in message:
                    yield message["passed"], message["seconds"], lines(message["noted"])
                if "failed" in message:
                    say(f"does not pass by itself: {message['failed']}")
            if run.ended is not None:
                running.remove(entry)
                run.close()
                tree.restore()
                if run.ended not in (0, 1):
                    raise RuntimeError(f"tests ended early, {run.ended}: {_last_words(tree)}")
        time.sleep(_PAUSE)


def _last_words(tree: Tree) -> str:
    return (tree.folder.parent / "log").read_text(errors="replace")[-2000:]


def judge(
    ground: Ground,
    slots: Sequence[Tree],
    mutants: Sequence[Mutant],
    sources: Mapping[str, bytes],
    chooser: Chooser,
    most_seconds: float,
) -> Iterator[Judgement]:
    """The verdict on each mutant, as they come."""
    todo = list(reversed(mutants))
    free = list(slots)
    running: list[tuple[forks.Run, _Asked, Tree]] = []
    try:
        while todo or running:
            while todo and free:
                mutant = todo.pop()
                tests = chooser.tests(mutant, most_seconds)
                if not tests:
                    yield Judgement(mutant, Verdict.SURVIVED, "", 0, 0.0)
                    continue
                tree = free.pop()
                tree.write(mutant.path, mutant.source(sources[mutant.path]))
                run = _start(ground, tree, tests, chooser.record)
                running.append((run, _Asked(mutant, len(tests), time.monotonic()), tree))
            for entry in list(running):
                run, asked, tree = entry
                for _message in run.messages():
                    pass
                if run.ended is not None or run.failed:
                    running.remove(entry)
                    run.close()
                    tree.restore()
                    free.append(tree)
                    yield _judged(run, asked)
            time.sleep(_PAUSE)
    finally:
        for run, _asked, tree in running:
            run.close()
            tree.restore()


@dataclass(frozen=True, slots=True)
class _Asked:
    mutant: Mutant
    number: int
    since: float


def _start(ground: Ground, tree: Tree, tests: Sequence[str], known: Record) -> forks.Run:
    ground.renew(tree)
    files = list(dict.fromkeys(test.partition("::")[0] for test in tests))

    def patience(test: str) -> float:
        return FLOOR_SECONDS + TIMES * known.seconds.get(test, 1.0)

    return forks.start(ground, tree, files, wanted=tests, patience=patience)


def _judged(run: forks.Run, asked: _Asked) -> Judgement:
    if run.late:
        verdict = Verdict.TIMED_OUT
    elif run.failed or run.ended in (-1, 2, 3):
        verdict = Verdict.KILLED
    else:
        verdict = Verdict.SURVIVED
    by = run.failed or ("" if verdict is Verdict.SURVIVED else "the sources do not load")
    return Judgement(asked.mutant, verdict, by, asked.number, time.monotonic() - asked.since)


def pass_unbroken(ground: Ground, tree: Tree, tests: Sequence[str], known: Record) -> list[str]:
    """Those of the tests that fail although nothing is broken: what they killed, they did not kill."""
    failing: list[str] = []
    left = [test for test in tests if test in known.seconds]
    while left:
        run = _start(ground, tree, left, known)
        try:
            while run.ended is None and not run.failed:
                for _message in run.messages():
                    pass
                time.sleep(_PAUSE)
        finally:
            run.close()
        if not run.failed:
            return failing
        failing.append(run.failed)
        left = [test for test in left if test != run.failed]
    return failing
