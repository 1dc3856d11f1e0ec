"""Which parameters each page reads: seen by asking for it, so that a new one is found by itself."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, unquote

import pytest
from django.db import models, transaction
from django.http import QueryDict
from django.test import Client

from tests.hostile_texts import alive
from tests.portal.hostile_values import VALUES

UNKNOWN = "tak_dikenal"
"""A parameter that no page knows; each is asked with it as well."""
_BY_NAME = ("__getitem__", "__contains__", "get", "getlist")
_AS_A_WHOLE = ("__iter__", "items", "lists", "values", "keys", "copy", "dict", "urlencode")
_FIELD = re.compile(r'<(?:input|select|textarea)\b[^>]*\bname="([^"]+)"')
_LINK = re.compile(r'href="\?([^"#]*)')
_LOOKUPS = ("", "__in", "__isnull", "__regex", "__gt", "__year")


class Reads:
    """What has been read of any query: names, and whether all that there was."""

    def __init__(self, patch: pytest.MonkeyPatch) -> None:
        self.names: set[str] = set()
        self.whole = False
        self._is_inside = False
        patch.setattr(QueryDict, "__init__", self._noting(QueryDict.__init__, by_name=None))
        for method in _BY_NAME:
            patch.setattr(QueryDict, method, self._noting(getattr(QueryDict, method), by_name=True))
        for method in _AS_A_WHOLE:
            patch.setattr(QueryDict, method, self._noting(getattr(QueryDict, method), by_name=False))

    def take(self) -> tuple[set[str], bool]:
        """What has been read since the last time."""
        found = self.names, self.whole
        self.names, self.whole = set(), False
        return found

    def _noting(self, original: Callable[..., Any], *, by_name: bool | None) -> Callable[..., Any]:
        def read(query: Any, *given: Any, **named: Any) -> Any:
            if self._is_inside:
                return original(query, *given, **named)
            if by_name:
                self.names.add(str(given[0]))
            elif by_name is not None:
                self.whole = True
            # What reads it on the way, as when it is made, is no page.
            self._is_inside = True
            try:
                found = original(query, *given, **named)
                # Generators would go on reading when this is over.
                return iter(list(found)) if isinstance(found, Iterator) else found
            finally:
                self._is_inside = False

        return read


@dataclass(frozen=True, slots=True)
class Address:
    """An address, how it is asked, how it answers without a query, and the parameters that it reads.

    `derived` are those that the admin makes of a model's columns: what a list may be narrowed by, and the
    first values of a form.
    """

    path: str
    method: str
    status: int
    names: tuple[str, ...]
    derived: tuple[str, ...]
    reads_all: bool


def _answer(client: Client, method: str, path: str, data: Any = None) -> Any:
    """The answer. Where the database has refused a statement, the transaction is usable again."""
    with transaction.atomic():
        answer = client.post(path, data) if method == "POST" else client.get(path)
        answer.text_of = b"".join(answer.streaming_content) if answer.streaming else answer.content
        transaction.set_rollback(answer.status_code >= 500)
    return answer


def inventory(client: Client, paths: Iterable[str], patch: pytest.MonkeyPatch) -> list[Address]:
    """Every address with the parameters that it reads.

    Asked without any first, then with all those that any page reads: one may be read for another's sake.
    """
    reads = Reads(patch)
    described = _described(client)
    first = [
        (path, method, *_looked_at(client, reads, path, method, described))
        for path in paths
        for method in (("GET", "POST") if path.endswith("/export/") else ("GET",))
    ]
    everything = "&".join(f"{name}=1" for name in sorted({name for each in first for name in each[3]}))
    found = []
    for path, method, status, names, derived, reads_all in first:
        if not reads_all and status < 400:
            asked = _with(path, everything)
            names = names | _looked_at(client, reads, asked, method, described)[1]
        further = {UNKNOWN} if status == 200 else set()
        found.append(
            Address(path, method, status, (*sorted(names | further),), (*sorted(derived),), reads_all)
        )
    return found


def _with(path: str, query: str) -> str:
    return f"{path}{'&' if '?' in path else '?'}{query}"


def _described(client: Client) -> dict[str, set[str]]:
    """What the open interface says of itself: its addresses, and what may be asked of each."""
    description = client.get("/api/v1/openapi.json").json()
    return {
        path.removeprefix("/"): {each["name"] for each in methods["get"].get("parameters", ())}
        for path, methods in description["paths"].items()
    }


def _is_html(answer: Any) -> bool:
    return bool(answer.headers.get("Content-Type", "").startswith("text/html"))


def _looked_at(
    client: Client, reads: Reads, path: str, method: str, described: dict[str, set[str]]
) -> tuple[int, set[str], set[str], bool]:
    """The status, the names that are read, those that are derived, and whether all is read."""
    reads.take()
    answer = _answer(client, method, f"/{path}", {"format": "0", "resource": "0"})
    names, reads_all = reads.take()
    derived = set(_of_admin(answer)) - names
    if method == "GET" and _is_html(answer):
        names |= set(_shown(answer.text_of.decode())) - derived
    return answer.status_code, names | described.get(path, set()), derived, reads_all


def _shown(html: str) -> Iterator[str]:
    """What the page's forms and links ask it itself."""
    for form in re.findall(r"<form\b.*?</form>", html, re.DOTALL):
        if 'method="post"' not in form[: form.find(">")]:
            yield from _FIELD.findall(form)
    for query in _LINK.findall(html):
        yield from (unquote(name) for name, _value in parse_qsl(query.replace("&amp;", "&")))


def _of_admin(answer: Any) -> Iterator[str]:
    """What a list of the admin takes for a filter, and a form of it for a first value."""
    context = answer.context or {}
    if "cl" in context:
        shown = context["cl"]
        for spec in shown.filter_specs:
            yield from filter(None, spec.expected_parameters())
        for field in shown.model._meta.concrete_fields:
            yield from (f"{field.name}{lookup}" for lookup in _LOOKUPS if _is_apt(field, lookup))
    if "adminform" in context and "add" in context and context["add"]:
        yield from context["adminform"].form.fields


def _is_apt(field: models.Field[Any, Any], lookup: str) -> bool:
    return lookup != "__year" or isinstance(field, models.DateField)


Question = tuple[Address, str, str]


def questions(addresses: Iterable[Address], values: Sequence[str] = VALUES) -> Iterator[Question]:
    """Each parameter of each address with each value."""
    return ((address, name, value) for address in addresses for name in address.names for value in values)


def in_turn(
    addresses: Iterable[Address], values: Sequence[str], *, derived: bool = False
) -> Iterator[Question]:
    """Each parameter with each value, each time at the next of the addresses that read it."""
    readers: dict[str, list[Address]] = {}
    for address in addresses:
        for name in address.derived if derived else address.names:
            readers.setdefault(name, []).append(address)
    for start, (name, those) in enumerate(sorted(readers.items())):
        for place, value in enumerate(values, start):
            yield those[place % len(those)], name, value


def broken(client: Client, asked: Iterable[Question]) -> dict[str, str]:
    """Questions that were answered by a failure, or by a page with an element made of what was asked."""
    found: dict[str, str] = {}
    for address, name, value in asked:
        query = f"{name}={value.replace('{name}', name)}"
        data = {"format": "0", "resource": "0"} if address.method == "POST" else None
        answer = _answer(client, address.method, "/" + _with(address.path, query), data)
        told = f"{address.method} /{address.path} {query[:80]}"
        if answer.status_code >= 500 and answer.status_code != address.status:
            error = getattr(answer, "exc_info", None)
            found[told] = repr(error and error[1])[:200]
        elif elements := alive(answer.text_of.decode() if _is_html(answer) else ""):
            found[told] = " ".join(elements)[:200]
    return found
