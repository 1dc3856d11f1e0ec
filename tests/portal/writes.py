"""Where the portal's code writes to its tables: found in the source, by function."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
APPS = ("coverage_portal", "regions", "projects")
ALWAYS = {"bulk_create", "bulk_update", "get_or_create", "update_or_create", "raw_delete", "_raw_delete"}
OF_MANY = {"groups", "permissions", "user_permissions"}
"""Many-to-many fields: what is set through them is written at once."""
SETTERS = {"set", "add", "remove", "clear", "create"}
SQL = re.compile(
    r"\b(?:INSERT INTO|(?<!FOR )(?<!KEY )UPDATE|DELETE FROM|TRUNCATE|COPY|MERGE INTO)\s+(?:ONLY\s+|public\.)?"
    r"(?:(?:accounts|intake|projects|regions|auth)_\w+|$)"
)
"""A statement that writes to a table of ours, or to one whose name is filled in."""
CALLED = re.compile(r"\baccounts_(?:redact|clear_example)\(")


def sources() -> Iterator[tuple[str, str]]:
    """Module and source of all that the portal runs, without its migrations."""
    for app in APPS:
        for path in sorted((ROOT / app).rglob("*.py")):
            if "migrations" not in path.parts:
                yield ".".join(path.relative_to(ROOT).with_suffix("").parts), path.read_text()


def writes(module: str, source: str) -> set[str]:
    """`module:function` of each function, `module:NAME` of each constant, that writes or has SQL for it."""
    found = set[str]()
    _walk(ast.parse(source), module.removesuffix(".__init__"), "", found)
    return found


def _walk(node: ast.AST, module: str, where: str, found: set[str]) -> None:
    for child in ast.iter_child_nodes(node):
        inside = where
        if isinstance(child, ast.FunctionDef | ast.ClassDef):
            inside = f"{where}.{child.name}" if where else child.name
        elif not where and isinstance(child, ast.Assign | ast.AnnAssign):
            inside = _assigned(child)
        if _writes(child):
            found.add(f"{module}:{inside}")
        _walk(child, module, inside, found)


def _assigned(node: ast.Assign | ast.AnnAssign) -> str:
    target = node.targets[0] if isinstance(node, ast.Assign) else node.target
    return target.id if isinstance(target, ast.Name) else ""


def _writes(node: ast.AST) -> bool:
    if isinstance(node, ast.Constant):
        return isinstance(node.value, str) and bool(SQL.search(node.value) or CALLED.search(node.value))
    if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
        return False
    name, of = node.func.attr, node.func.value
    if name in ALWAYS:
        return True
    if name in SETTERS and isinstance(of, ast.Attribute) and of.attr in OF_MANY:
        return True
    if name in ("save", "delete"):  # of a record or a queryset; a file's takes a name
        return not node.args
    if name == "create":
        return True
    # A dictionary's takes another one, a queryset's names columns.
    return name == "update" and not node.args and bool(node.keywords)


def calls_of(module: str, name: str) -> set[str]:
    """What a function calls, as it is written: `history.record`."""
    source = next(source for known, source in sources() if known.removesuffix(".__init__") == module)
    node: ast.AST = ast.parse(source)
    for part in name.split("."):
        node = next(
            each
            for each in ast.iter_child_nodes(node)
            if isinstance(each, ast.FunctionDef | ast.ClassDef) and each.name == part
        )
    return {ast.unparse(call.func) for call in ast.walk(node) if isinstance(call, ast.Call)}
