"""Small breaks of SQL that stands in a string: each leaves a statement that PostgreSQL can still parse."""

from __future__ import annotations

import re
from collections.abc import Iterator

_STATEMENT = re.compile(rb"\b(SELECT|INSERT INTO|UPDATE|DELETE FROM|WHERE|JOIN|CASE WHEN|IS (NOT )?NULL)\b")
_OPERAND = rb"""(?:%\(\w+\)s|'[^']*'|[\w."]+(?:\([^()\n]*\))?)"""
_BETWEEN = re.compile(rb"\bBETWEEN\s+\S+$")
_BREAKS: tuple[tuple[str, bytes, bytes], ...] = (
    ("AND to OR", rb"(?<=[\w)}\"])(\s)AND\b", rb"\1OR"),
    ("OR to AND", rb"(?<=[\w)}\"])(\s)OR\b", rb"\1AND"),
    ("IS NOT NULL to IS NULL", rb"\bIS NOT NULL\b", rb"IS NULL"),
    ("IS NULL to IS NOT NULL", rb"\bIS NULL\b", rb"IS NOT NULL"),
    ("NOT removed", rb"\bNOT (?=EXISTS\b|[a-z]\w*\.)", rb""),
    ("< to <=", rb" < ", rb" <= "),
    ("<= to <", rb" <= ", rb" < "),
    ("> to >=", rb" > ", rb" >= "),
    (">= to >", rb" >= ", rb" > "),
    ("<> to =", rb" <> ", rb" = "),
    ("= to <>", rb"\b((?:WHERE|AND|OR|WHEN|ON)\s+" + _OPERAND + rb") = ", rb"\1 <> "),
    ("IS DISTINCT turned", rb"\bIS DISTINCT FROM\b", rb"IS NOT DISTINCT FROM"),
    ("condition dropped", rb"\bWHERE\s+" + _OPERAND + rb" (?:=|<|>|<=|>=|<>) " + _OPERAND, rb"WHERE true"),
    ("condition dropped", rb"\bAND\s+" + _OPERAND + rb" (?:=|<|>|<=|>=|<>) " + _OPERAND, rb"AND true"),
    (
        "condition dropped",
        rb"\bWHERE\s+" + _OPERAND + rb"(?=\s+(?:AND|OR|ORDER|GROUP|LIMIT)\b)",
        rb"WHERE true",
    ),
    ("min to max", rb"\bmin\(", rb"max("),
    ("max to min", rb"\bmax\(", rb"min("),
)


def is_sql(text: bytes) -> bool:
    return bool(_STATEMENT.search(text))


def breaks(text: bytes) -> Iterator[tuple[str, int, int, bytes]]:
    """(what, start, end, what stands there instead) of each break of a string's source."""
    for what, pattern, instead in _BREAKS:
        for found in re.finditer(pattern, text):
            if what == "AND to OR" and _BETWEEN.search(text, 0, found.start()):
                continue
            yield f"SQL: {what}", found.start(), found.end(), found.expand(instead)
