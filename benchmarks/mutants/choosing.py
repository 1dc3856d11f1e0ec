"""Which tests have to do with a mutant: those that execute what it changes, the likeliest first."""

from __future__ import annotations

import ast
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path

from .making import Mutant

Line = tuple[str, int]


@dataclass(slots=True)
class Record:
    """Of every test that passes: how long it takes, and which lines of the targets it executes."""

    seconds: dict[str, float] = field(default_factory=dict)
    tests_of: defaultdict[Line, set[str]] = field(default_factory=lambda: defaultdict(set))

    def add(self, test: str, seconds: float, lines: Iterable[Line]) -> None:
        self.seconds[test] = seconds
        for line in lines:
            self.tests_of[line].add(test)

    def of_lines(self, lines: Iterable[Line]) -> set[str]:
        return {test for line in lines for test in self.tests_of.get(line, ())}


class Chooser:
    def __init__(self, sources: Mapping[str, bytes], record: Record) -> None:
        self.record = record
        self._uses: defaultdict[str, set[Line]] = defaultdict(set)
        self._made_of: defaultdict[str, set[str]] = defaultdict(set)
        for path, text in sources.items():
            self._note(path, ast.parse(text))

    def tests(self, mutant: Mutant, most_seconds: float) -> list[str]:
        """The tests to ask, for no longer than that."""
        found = self.record.of_lines((mutant.path, line) for line in mutant.lines)
        if not mutant.lines:
            found = self.record.of_lines(self._users(mutant.names))
        if not mutant.lines and not found:
            found = {
                test
                for (path, _), tests in self.record.tests_of.items()
                if path == mutant.path
                for test in tests
            }
        return self._in_order(mutant, found, most_seconds)

    def _in_order(self, mutant: Mutant, found: set[str], most_seconds: float) -> list[str]:
        by_file: defaultdict[str, list[str]] = defaultdict(list)
        for test in self.record.seconds:
            if test in found:
                by_file[test.partition("::")[0]].append(test)
        stem = Path(mutant.path).stem

        def likelihood(file: str) -> tuple[bool, float]:
            tests = by_file[file]
            return stem not in Path(file).stem, sum(self.record.seconds[t] for t in tests) / len(tests)

        chosen: list[str] = []
        seconds = 0.0
        # One of each file in turn: what the tests of a file have in common, they notice together.
        for turn in zip_longest(*(by_file[file] for file in sorted(by_file, key=likelihood))):
            for test in filter(None, turn):
                seconds += self.record.seconds[test]
                if seconds > most_seconds and chosen:
                    return chosen
                chosen.append(test)
        return chosen

    def _users(self, names: Iterable[str]) -> set[Line]:
        """The lines inside functions that read one of the names, or what is made of it."""
        todo, known = list(names), set(names)
        while todo:
            for name in self._made_of[todo.pop()] - known:
                known.add(name)
                todo.append(name)
        return {line for name in known for line in self._uses[name]}

    def _note(self, path: str, tree: ast.AST, function: int = 0, statement: ast.AST | None = None) -> None:
        for node in ast.iter_child_nodes(tree):
            within, of = function, statement
            if isinstance(node, ast.stmt):
                of = node
                within = node.lineno if function else 0
            if isinstance(node, ast.Name | ast.Attribute):
                name = node.id if isinstance(node, ast.Name) else node.attr
                if within:
                    self._uses[name].add((path, within))
                elif isinstance(of, ast.Assign | ast.AnnAssign):
                    self._made_of[name] |= _targets(of)
            is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            self._note(path, node, (within or 1) if is_function else within, of)


def _targets(statement: ast.Assign | ast.AnnAssign) -> set[str]:
    targets: Sequence[ast.expr] = (
        statement.targets if isinstance(statement, ast.Assign) else [statement.target]
    )
    return {node.id for target in targets for node in ast.walk(target) if isinstance(node, ast.Name)}
