"""Which statements a test executes, also those of the processes that it starts.

Each statement of the targets is preceded by one that sets a byte of a file that all processes share.
"""

from __future__ import annotations

import ast
import mmap
import os
from pathlib import Path

FILE = "MUTANTS_SEEN"
"""The environment's name for the shared file; a process without it finds the file beside the sources."""
_BESIDE = Path(__file__).resolve().parents[2] / "seen.bytes"
_PROBE = "__mutants_seen__"


def shared(path: Path) -> mmap.mmap:
    with path.open("r+b") as file:
        return mmap.mmap(file.fileno(), 0)


def map_of_process() -> mmap.mmap | bytearray:
    """Where this process notes what it executes."""
    path = Path(os.environ.get(FILE, _BESIDE))
    return shared(path) if path.is_file() else bytearray(1 << 20)


class _Probing(ast.NodeTransformer):
    def __init__(self, first: int) -> None:
        self._first = first
        self._depth = 0

    def visit(self, node: ast.AST) -> ast.AST:
        is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        self._depth += is_function
        super().generic_visit(node)
        if self._depth:
            for name in ("body", "orelse", "finalbody"):
                block = getattr(node, name, None)
                if isinstance(block, list) and block:
                    setattr(node, name, self._probed(block, is_function and name == "body"))
        self._depth -= is_function
        return node

    def _probed(self, block: list[ast.stmt], may_have_docstring: bool) -> list[ast.stmt]:
        probed: list[ast.stmt] = []
        for statement in block:
            is_docstring = isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Constant)
            if not (may_have_docstring and is_docstring):
                probed += ast.parse(f"{_PROBE}[{self._first + statement.lineno}] = 1").body
            probed.append(statement)
        return probed


def probed(text: str, first: int) -> str:
    """A source that notes the lines it executes, from byte `first` of the shared file on."""
    tree = ast.parse(text)
    _Probing(first).visit(tree)
    at = 0
    for number, statement in enumerate(tree.body):
        is_docstring = number == 0 and isinstance(statement, ast.Expr)
        if is_docstring or (isinstance(statement, ast.ImportFrom) and statement.module == "__future__"):
            at = number + 1
    line = f"from benchmarks.mutants.seen import map_of_process; {_PROBE} = map_of_process()"
    tree.body[at:at] = ast.parse(line).body
    return ast.unparse(ast.fix_missing_locations(tree))
