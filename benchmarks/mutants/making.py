"""Mutants of a source: each has one small change, and compiles.

What plainly changes nothing for anybody is left out: annotations, docstrings, texts, what is logged, what
only type checkers read.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from . import sql

_FLIPS: dict[type[ast.cmpop], str] = {
    ast.Eq: "!=",
    ast.NotEq: "==",
    ast.Lt: "<=",
    ast.LtE: "<",
    ast.Gt: ">=",
    ast.GtE: ">",
    ast.In: "not in",
    ast.NotIn: "in",
    ast.Is: "is not",
    ast.IsNot: "is",
}
_SIGN = re.compile(rb"not\s+in|is\s+not|==|!=|<=|>=|<|>|in|is")
_UNHEARD = {"logger", "log", "logging", "warnings"}
_TEXTS = {"_", "gettext", "gettext_lazy", "ngettext", "pgettext", "ngettext_lazy", "pgettext_lazy"}
# Zipping what has one length, how a class keeps its fields, what Python is told about warnings.
_IDLE_KEYWORDS = {"strict", "slots", "frozen", "eq", "stacklevel", "default_permissions", "verbosity"}
# Without one of these a module does not load, or does the same but slower.
_SHAPING = {
    *("dataclass", "property", "classmethod", "staticmethod", "contextmanager", "override", "overload"),
    *("cache", "lru_cache", "cached_property", "total_ordering", "wraps", "runtime_checkable", "setter"),
}


Change = tuple[str, int, int, bytes]
"""What it is, the first byte, the one after the last, and what stands there instead."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change of one file: bytes `start` to `end` become `instead`.

    `lines` are those whose statements, inside functions, do something else by it; none where what is changed
    is of the module or of a class. `names` are then what is assigned there.
    """

    path: str
    line: int
    what: str
    start: int
    end: int
    instead: bytes
    lines: frozenset[int]
    names: frozenset[str] = frozenset()

    def source(self, text: bytes) -> bytes:
        return text[: self.start] + self.instead + text[self.end :]

    def compiles(self, text: bytes) -> bool:
        """Whether it is a source at all, and another one."""
        try:
            changed = ast.parse(self.source(text))
        except (SyntaxError, ValueError):
            return False
        return ast.dump(changed) != ast.dump(ast.parse(text))

    def told(self, text: bytes) -> str:
        """Where it is and what was changed, on one line."""
        was, now = (
            re.sub(r"\s+", " ", part.decode()) for part in (text[self.start : self.end], self.instead)
        )
        return f"{self.path}:{self.line} {self.what}: `{_short(was)}` → `{_short(now)}`"


def _short(text: str) -> str:
    return (text if len(text) <= 70 else f"{text[:67]}…").replace("`", "'").replace("|", "\\|")


def mutants(path: str, text: bytes) -> list[Mutant]:
    """All mutants of a source, in the order of its lines; whether they compile is not known yet."""
    found = {(m.start, m.end, m.instead): m for m in _Maker(path, text).made()}
    return sorted(found.values(), key=lambda m: (m.start, m.end, m.instead))


class _Maker:
    def __init__(self, path: str, text: bytes) -> None:
        self.path, self.text = path, text
        self._starts = [0]
        for line in text.splitlines(keepends=True):
            self._starts.append(self._starts[-1] + len(line))

    def made(self) -> Iterator[Mutant]:
        yield from self._visit(ast.parse(self.text), frozenset(), frozenset())

    def _visit(self, node: ast.AST, lines: frozenset[int], names: frozenset[str]) -> Iterator[Mutant]:
        """The mutants of a node and of what is below it."""
        for child, is_inside in _children(node):
            own_lines, own_names = lines, names
            if isinstance(child, ast.stmt):
                if is_inside or lines:
                    own_lines = frozenset([child.lineno])
                elif isinstance(child, ast.FunctionDef | ast.AsyncFunctionDef):
                    own_lines = frozenset(
                        s.lineno for s in ast.walk(child) if isinstance(s, ast.stmt) and s is not child
                    )
                else:
                    own_names = names | _assigned(child)
            for what, start, end, instead in self._changes(child):
                line = self.text.count(b"\n", 0, start) + 1
                yield Mutant(self.path, line, what, start, end, instead, own_lines, own_names)
            yield from self._visit(child, own_lines, own_names)

    def _changes(self, node: ast.AST) -> Iterator[Change]:
        match node:
            case ast.Compare():
                return self._flipped(node)
            case ast.BoolOp():
                return self._joined(node.values, node.op)
            case ast.BinOp(op=ast.BitAnd() | ast.BitOr()):
                return self._joined([node.left, node.right], node.op)
            case ast.Call():
                return self._unfiltered(node)
            case ast.Constant() | ast.JoinedStr():
                return self._constant(node)
            case ast.FunctionDef() | ast.AsyncFunctionDef():
                return self._undecorated(node)
        return self._replaced(node)

    def _replaced(self, node: ast.AST) -> Iterator[Change]:
        """What becomes something simpler as a whole."""
        match node:
            case ast.UnaryOp(op=ast.Not()):
                yield "not removed", *self._span(node), b"(" + self._of(node.operand) + b")"
            case ast.Return(value=ast.expr() as value) if not _is_nothing(value):
                yield "nothing returned", *self._span(value), _empty(value)
            case ast.Raise():
                yield "raise removed", *self._span(node), b"pass"
            case ast.Expr(value=ast.Call()):
                yield "statement removed", *self._span(node), b"pass"

    def _undecorated(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[Change]:
        for decorator in node.decorator_list:
            if _name(decorator) not in _SHAPING:
                start, end = self._span(decorator)
                yield "decorator removed", self.text.rindex(b"@", 0, start), end, b""

    def _flipped(self, node: ast.Compare) -> Iterator[Change]:
        sides = [node.left, *node.comparators]
        for number, operator in enumerate(node.ops):
            after = self._span(sides[number])[1]
            sign = _SIGN.search(self.text, after, self._span(sides[number + 1])[0])
            if sign:
                yield "comparison flipped", sign.start(), sign.end(), _FLIPS[type(operator)].encode()

    def _joined(self, parts: list[ast.expr], operator: ast.AST) -> Iterator[Change]:
        signs = {
            ast.And: (b"and", b"or"),
            ast.Or: (b"or", b"and"),
            ast.BitAnd: (b"&", b"|"),
            ast.BitOr: (b"|", b"&"),
        }
        sign, other = signs[type(operator)]
        for before, after in pairwise(parts):
            start = self.text.find(sign, self._span(before)[1], self._span(after)[0])
            if start >= 0:
                word = sign.decode()
                yield f"{word} to {other.decode()}", start, start + len(sign), other

    def _unfiltered(self, node: ast.Call) -> Iterator[Change]:
        """A queryset without its condition: more rows than somebody may see, or than are meant."""
        if isinstance(node.func, ast.Attribute) and node.func.attr in ("filter", "exclude"):
            end = self._span(node)[1]
            yield f"{node.func.attr} dropped", self._span(node.func.value)[1], end, b".all()"

    def _constant(self, node: ast.Constant | ast.JoinedStr) -> Iterator[Change]:
        start, end = self._span(node)
        if isinstance(node, ast.JoinedStr) or isinstance(node.value, str):
            source = self.text[start:end]
            if sql.is_sql(source):
                for what, first, last, instead in sql.breaks(source):
                    yield what, start + first, start + last, instead
        elif isinstance(node.value, bool):
            yield "truth turned", start, end, str(not node.value).encode()
        elif isinstance(node.value, int):
            step = 1 if node.value < 1 or node.lineno % 2 else -1
            yield "number changed", start, end, str(node.value + step).encode()

    def _span(self, node: ast.expr | ast.stmt) -> tuple[int, int]:
        start = self._starts[node.lineno - 1] + node.col_offset
        last_line, last_column = node.end_lineno or node.lineno, node.end_col_offset or node.col_offset
        return start, self._starts[last_line - 1] + last_column

    def _of(self, node: ast.expr) -> bytes:
        start, end = self._span(node)
        return self.text[start:end]


def _children(node: ast.AST) -> Iterator[tuple[ast.AST, bool]]:
    """What of a node can be changed, and whether it is a statement inside a function."""
    is_function = isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    for name, value in ast.iter_fields(node):
        if name in ("annotation", "returns", "type_comment", "type_params") or isinstance(
            node, ast.JoinedStr
        ):
            continue
        for child in value if isinstance(value, list) else [value]:
            if isinstance(child, ast.AST) and not _is_idle(child, node, name):
                yield child, is_function and name == "body"


def _is_idle(child: ast.AST, parent: ast.AST, field: str) -> bool:
    """Whether nobody would notice a change of it."""
    match child:
        case ast.Expr(value=ast.Constant()) | ast.Assert():
            return True
        case ast.If(test=ast.Name(id="TYPE_CHECKING")):
            return True
        case ast.Expr(value=ast.Call(func=ast.Attribute(value=ast.Name(id=name)))) if name in _UNHEARD:
            return True
        case ast.Call(func=ast.Name(id=name)) if name in _TEXTS:
            return True
        case ast.keyword(arg=str() as name) if name in _IDLE_KEYWORDS:
            return True
        case ast.Raise(exc=ast.Name(id="NotImplementedError")):
            return True
        case ast.Assign(targets=[ast.Name(id="__all__" | "__slots__")]):
            return True
    return (
        isinstance(parent, ast.ClassDef | ast.FunctionDef)
        and field == "decorator_list"
        and _name(child) == "dataclass"
    )


def _assigned(statement: ast.stmt) -> frozenset[str]:
    """The names that a statement of a module or class gives something to."""
    match statement:
        case ast.Assign(targets=targets):
            return frozenset(n.id for t in targets for n in ast.walk(t) if isinstance(n, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            return frozenset([name])
        case ast.ClassDef(name=name):
            return frozenset([name])
    return frozenset()


def _name(node: ast.AST) -> str:
    match node:
        case ast.Call(func=func):
            return _name(func)
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
    return ""


def _is_nothing(value: ast.expr) -> bool:
    return isinstance(value, ast.Constant) and not value.value


def _empty(value: ast.expr) -> bytes:
    match value:
        case ast.List() | ast.ListComp():
            return b"[]"
        case ast.Dict() | ast.DictComp():
            return b"{}"
        case ast.Set() | ast.SetComp():
            return b"set()"
        case ast.JoinedStr() | ast.Constant(value=str()):
            return b'""'
        case ast.Tuple():
            return b"()"
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp(op=ast.Not()) | ast.Constant(value=True):
            return b"False"
    return b"None"
