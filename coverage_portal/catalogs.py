"""Message catalogues without GNU gettext: taken from the sources, merged, compiled."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po
from django.utils.translation.template import templatize

KEYWORDS = {
    "_": None,
    "gettext": None,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext": (1, 2),
    "ngettext_lazy": (1, 2),
    "pgettext": ((1, "c"), 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
    "npgettext_lazy": ((1, "c"), 2, 3),
}

NOISE = tuple(
    f'"{header}: '
    for header in (
        *("Project-Id-Version", "Report-Msgid-Bugs-To", "POT-Creation-Date", "PO-Revision-Date"),
        *("Last-Translator", "Language-Team", "Generated-By"),
    )
)
"""Headers that say nothing here, or change with every run."""


def compile_stale(locale_folders: Iterable[Path]) -> list[Path]:
    """Write the `.mo` file of every catalogue that is newer than its own; returns those written."""
    written = []
    for folder in locale_folders:
        for source in sorted(folder.glob("*/LC_MESSAGES/*.po")):
            target = source.with_suffix(".mo")
            if target.exists() and target.stat().st_mtime_ns >= source.stat().st_mtime_ns:
                continue
            compiled = io.BytesIO()
            write_mo(compiled, _read(source))
            draft = target.with_suffix(".mo.new")
            draft.write_bytes(compiled.getvalue())
            draft.replace(target)
            written.append(target)
    return written


def messages_in(base: Path, sources: Iterable[Path]) -> Catalog:
    """The translatable messages of Python files and Django templates, with where they stand below `base`."""
    catalog = Catalog()
    for source in sources:
        for line, message, context in _found_in(source):
            place = (source.relative_to(base).as_posix(), line)
            catalog.add(message, None, [place], context=context, flags=_flags(message))
    return catalog


def merge(template: Catalog, target: Path, language: str, *, write: bool = True) -> list[str]:
    """Bring the catalogue in `target` up to date with `template`; returns the messages not translated yet.

    Without `write` the file stays as it is.
    """
    catalog = _read(target) if target.exists() else Catalog(locale=language)
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy = False
    catalog.header_comment = ""
    if write:
        _write(catalog, target)
    return [
        message.id if isinstance(message.id, str) else message.id[0]
        for message in catalog
        if message.id and not _is_translated(message)
    ]


def _write(catalog: Catalog, target: Path) -> None:
    written = io.BytesIO()
    write_po(written, catalog, width=0, sort_output=True, include_lineno=False)
    lines = written.getvalue().decode().splitlines(keepends=True)
    target.parent.mkdir(parents=True, exist_ok=True)
    text = "".join(line for line in lines if not line.startswith(NOISE))
    target.write_text(text.lstrip(), encoding="utf-8")


def _found_in(source: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    text = source.read_text(encoding="utf-8")
    if source.suffix != ".py":
        # templatize() blanks out all but the messages; in brackets the rest has no indentation to get wrong.
        text = "(" + templatize(text, origin=str(source)) + "\n)"
    found = extract("python", io.BytesIO(text.encode()), keywords=KEYWORDS, options={"encoding": "utf-8"})
    for line, message, _comments, context in found:
        yield line, message, context


def _flags(message: str | tuple[str, ...]) -> list[str]:
    parts = (message,) if isinstance(message, str) else message
    return ["python-format"] if any(re.search(r"%\(\w+\)[sd]", part) for part in parts) else []


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file)


def _is_translated(message: Message) -> bool:
    """Whether there is a translation, of every plural form where there are several."""
    if isinstance(message.string, str):
        return bool(message.string)
    return all(message.string or [""])
