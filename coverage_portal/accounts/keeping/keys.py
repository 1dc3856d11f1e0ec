"""What a kept page is found under, and its ETag."""

from __future__ import annotations

import datetime
import hashlib
import sys
from collections.abc import Callable, Iterator
from functools import cache, lru_cache
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from django.apps import apps
from django.conf import settings
from django.db import connections
from django.forms import BaseForm
from django.http import HttpRequest, QueryDict
from django.utils.module_loading import import_string
from django.utils.translation import get_language

from coverage_portal.accounts import replicas

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from coverage_portal.accounts.models import User

QUERY_AT_MOST = 2000
"""Characters of a query that can lead to a kept page."""

Asks = Callable[[QueryDict], BaseForm]

# A function of the database, for planning this statement would take longer than all the rest of it.
_MOMENT = "SELECT generation, grants, permissions FROM accounts_moment(%s, %s)"
_GENERATION = "SELECT value::text, NULL, NULL FROM accounts_generation WHERE id = 1"


class Moment(NamedTuple):
    """The data version, and what decides a reader's scope and rights, as they stood at one moment."""

    generation: str | None
    grants: str | None
    permissions: str | None


def moment(user: User | AnonymousUser, day: datetime.date) -> Moment:
    """One query, to be made before the figures are read. Grants are those valid on the day.

    Where figures are read from a replica, their version is read there too, by a second one.
    """
    source = replicas.alias()
    if not user.is_authenticated:
        return _one(source, _GENERATION)
    found = _one(replicas.PRIMARY, _MOMENT, user.pk, day)
    if source == replicas.PRIMARY:
        return found
    # The version of the figures that are read; rights are the primary's.
    return found._replace(generation=_one(source, _GENERATION).generation)


def _one(source: str, query: str, *values: Any) -> Moment:
    with connections[source].cursor() as cursor:
        cursor.execute(query, values)
        return Moment(*(cursor.fetchone() or (None, None, None)))


def key_of(request: HttpRequest, query: str, at: Moment, *further: str) -> str:
    """Names one rendering: two requests have the same key only if they are to be given the same bytes.

    The host is part of it, so that a page with an address of one host is given to nobody at another.
    """
    return _key(request, _reader(request.user), query, at, further)


def shared_key_of(request: HttpRequest, query: str, at: Moment, *further: str) -> str:
    """Names a rendering for all who have word for word the same grants and permissions."""
    return _key(request, ("all", *_standing(request.user)), query, at, further)


def _key(
    request: HttpRequest, reader: tuple[Any, ...] | None, query: str, at: Moment, further: tuple[str, ...]
) -> str:
    parts = (
        release(),
        get_language(),
        settings.PUBLIC_AGGREGATES,
        _frame(),
        reader,
        at,
        request.headers.get("host"),
        request.path,
        query,
        further,
    )
    return hashlib.blake2b(repr(parts).encode(), digest_size=20).hexdigest()


def frame_key_of(request: HttpRequest, at: Moment) -> str:
    """Names the frame around a page, which is the same whatever the figures are: for the tag `frame`."""
    return key_of(request, request.META["QUERY_STRING"], at._replace(generation=None))


def _reader(user: Any) -> tuple[Any, ...] | None:
    """Who reads, as the frame names them."""
    if not user.is_authenticated:
        return None
    return (user.pk, user.display_name, *_standing(user))


def _standing(user: Any) -> tuple[bool, ...]:
    """What decides of a reader's rights apart from grants and permissions."""
    return (user.is_authenticated, user.is_active, user.is_staff, user.is_superuser)


def _frame() -> str:
    """What else every page's frame shows, told by the portal above this app."""
    facts: str = _frame_facts()()
    return facts


@cache
def _frame_facts() -> Callable[[], str]:
    found: Callable[[], str] = import_string(settings.FRAME_FACTS)
    return found


def understood(asks: Asks | None, query: str) -> str | None:
    """The part of a query that a page understands, always written the same way; None where some of it is
    known by name but not valid, so that the page has to say so.

    Whatever else stands in an address changes nothing on the page, and must not fill the memory.
    """
    if not query:
        return ""
    return _understood(asks, query) if len(query) <= QUERY_AT_MOST else None


@lru_cache(maxsize=512)
def _understood(asks: Asks | None, query: str) -> str | None:
    if asks is None:
        return ""
    given = QueryDict(query)
    known = QueryDict(mutable=True)
    form = asks(given)
    for name, field in form.fields.items():
        several = getattr(field.widget, "allow_multiple_selected", False)
        values = given.getlist(name) if several else [given.get(name, "")]
        if filled := [text for value in values if (text := value.strip())]:
            known.setlist(name, filled)
    return known.urlencode() if form.is_valid() else None


@cache
def release() -> str:
    """What renders the pages: our code, texts and templates, the packages below them, and the settings.

    The same in every process of one installation, and for no other: the secret key is part of it, so an ETag
    cannot be worked out from outside.
    """
    digest = hashlib.blake2b(digest_size=16)
    for part in (*_packages(), *sorted(_files()), *_settings()):
        digest.update(f"{part}\n".encode())
    return digest.hexdigest()


def _packages() -> Iterator[str]:
    yield sys.version
    for name in ("django", "plotly"):
        yield version(name)


def _files() -> Iterator[str]:
    base = Path(settings.BASE_DIR)
    ours = {app.name.partition(".")[0] for app in apps.get_app_configs()}
    folders = [folder for name in ours if (folder := base / name).is_dir()]
    folders += [Path(folder) for folder in (*settings.LOCALE_PATHS, *settings.STATICFILES_DIRS)]
    folders.append(base / "templates")
    for folder in folders:
        for path in folder.rglob("*.*"):
            if path.suffix != ".pyc" and path.is_file():
                state = path.stat()
                yield f"{path.relative_to(base)} {state.st_size} {state.st_mtime_ns}"


def _settings() -> Iterator[str]:
    for name in dir(settings):
        value = getattr(settings, name) if name.isupper() else None
        if isinstance(value, str | int | list | tuple):
            yield f"{name} {value!r}"
