"""How a line of the log looks: a sentence or JSON, with what it is about, without personal numbers."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from .redaction import RedactingFormatter, redacted

_facts: ContextVar[Mapping[str, str]] = ContextVar("facts", default=MappingProxyType({}))


@contextmanager
def about(**facts: str) -> Iterator[None]:
    """Within the block every line of this thread says what it is about: `request=…`, `batch=…`."""
    token = _facts.set({**_facts.get(), **facts})
    try:
        yield
    finally:
        _facts.reset(token)


def fact(name: str) -> str:
    """What the current lines are about, empty where nothing was said."""
    return _facts.get().get(name, "")


def facts_of(record: logging.LogRecord) -> dict[str, Any]:
    """What a line is about: of its thread, and what it was given itself as `extra={"facts": …}`."""
    return {**_facts.get(), **getattr(record, "facts", {})}


class TextFormatter(RedactingFormatter):
    """A sentence, its facts behind it."""

    def formatMessage(self, record: logging.LogRecord) -> str:  # noqa: N802 - logging's name
        facts = "".join(f" {name}={value}" for name, value in facts_of(record).items() if value is not None)
        return super().formatMessage(record) + facts


class JsonFormatter(RedactingFormatter):
    """One JSON object a line; a traceback is one of its texts, so that no line is ever broken in two."""

    def format(self, record: logging.LogRecord) -> str:
        line: dict[str, Any] = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            **facts_of(record),
        }
        if record.exc_info:
            line["traceback"] = self.formatException(record.exc_info)
        if record.stack_info:
            line["stack"] = record.stack_info
        return json.dumps(redacted(line), ensure_ascii=False, default=str)
