"""Reading pages of figures from a streaming replica, where one is named, and never anything older.

Who may see what is always asked of the primary. The figures come from the replica while it shows the
primary's data version, and whatever the reader has seen or written so far; else, and when it does not answer,
from the primary. So a replica takes work off the primary and changes no answer.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from django.conf import settings
from django.core import signing
from django.db import DatabaseError, InterfaceError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.models import Model
from django.http import HttpRequest
from django.http.response import HttpResponseBase

logger = logging.getLogger(__name__)

PRIMARY, REPLICA = "default", "replica"
SECONDS_LEFT_ALONE = 5.0
"""How long a replica that has failed is not asked again, by this process."""

_GENERATION = "SELECT value::text FROM accounts_generation WHERE id = 1"
_SHOWS = f"SELECT ({_GENERATION}), pg_is_in_recovery(), pg_last_wal_replay_lsn() >= %s::pg_lsn"
_SALT = "what a reader has seen"
_NOTHING_SEEN = "0/0"

_reading: ContextVar[str] = ContextVar("reading", default=PRIMARY)


def alias() -> str:
    """The database that figures, and their data version, are to be read from now."""
    return _reading.get()


def figures() -> BaseDatabaseWrapper:
    """The connection for SQL of one's own that reads figures: Django's `connection` is the primary's."""
    return connections[alias()]


@contextmanager
def reading_from(name: str) -> Iterator[None]:
    """Within the block figures are read from the database of this name."""
    token = _reading.set(name)
    try:
        yield
    finally:
        _reading.reset(token)


def of_figures(view: Any) -> Any:
    """Mark a view whose figures may come from a replica. It must write nothing."""
    view.reads_figures = True
    return view


class Router:
    """Sends the reading of figures where `reading_from` says, and everything else to the primary."""

    def db_for_read(self, model: type[Model], **_hints: Any) -> str:
        is_figure = model._meta.app_label in ("regions", "projects")
        return alias() if is_figure or model._meta.label == "accounts.Generation" else PRIMARY

    def db_for_write(self, _model: type[Model], **_hints: Any) -> str:
        return PRIMARY

    def allow_relation(self, _one: Model, _other: Model, **_hints: Any) -> bool:
        return True

    def allow_migrate(self, db: str, _app_label: str, **_hints: Any) -> bool:
        return db == PRIMARY


class ReplicaMiddleware:
    """Has marked views read from the replica where that changes nothing for the reader.

    After the one that asks for the sign-in: what it refuses is refused before.
    """

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponseBase]) -> None:
        self.get_response = get_response
        self._left_alone_until = 0.0

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        response = self.get_response(request)
        if settings.HAS_REPLICA and _has_seen_the_primary(request):
            _remember(response)
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponseBase], args: Any, kwargs: Any
    ) -> HttpResponseBase | None:
        """The page read from the replica; None to have it read from the primary as ever."""
        if (
            not (settings.HAS_REPLICA and _may_ask(request, view))
            or time.monotonic() < self._left_alone_until
        ):
            return None
        try:
            if not _shows_enough(request):
                return None
            with reading_from(REPLICA):
                response = view(request, *args, **kwargs)
        except (DatabaseError, InterfaceError) as error:
            # Asked again of the primary: if it was the query, and not the replica, it fails there too.
            self._left_alone_until = time.monotonic() + SECONDS_LEFT_ALONE
            connections[REPLICA].close()
            logger.warning("the replica is left alone for a while: %s", type(error).__name__)
            return None
        request.is_from_replica = True  # type: ignore[attr-defined]
        return response


def _may_ask(request: HttpRequest, view: Callable[..., Any]) -> bool:
    return request.method in ("GET", "HEAD") and getattr(view, "reads_figures", False)


def _shows_enough(request: HttpRequest) -> bool:
    """Whether the replica shows the primary's data version, and all that this reader has seen of it."""
    with connection.cursor() as cursor:
        cursor.execute(_GENERATION)
        current = cursor.fetchone()
    with connections[REPLICA].cursor() as cursor:
        cursor.execute(_SHOWS, [_seen(request)])
        shown, is_replica, is_late_enough = cursor.fetchone()
    return bool(current and shown == current[0] and is_replica and is_late_enough)


def _seen(request: HttpRequest) -> str:
    """How far the primary's log had got when this reader last had something from it."""
    try:
        seen = signing.loads(request.COOKIES.get(settings.SEEN_COOKIE_NAME, ""), salt=_SALT)
    except signing.BadSignature:
        return _NOTHING_SEEN
    return str(seen)


def _has_seen_the_primary(request: HttpRequest) -> bool:
    """Whether somebody who has signed in was answered by the primary; strangers write nothing."""
    user = getattr(request, "_cached_user", None)
    return user is not None and user.is_authenticated and not getattr(request, "is_from_replica", False)


def _remember(response: HttpResponseBase) -> None:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_wal_lsn()::text")
            lsn = cursor.fetchone()[0]
    except DatabaseError:
        return  # the answer says already that the database is away
    response.set_cookie(
        settings.SEEN_COOKIE_NAME,
        signing.dumps(lsn, salt=_SALT),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )
