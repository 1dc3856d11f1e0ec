"""A reader's scope and permissions, remembered under what the moment says of them.

A page asks for the moment in any case. Where its grants and permissions are word for word those of an earlier
page of the same reader, so are the scope and the permissions that were read for that one.
"""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock
from typing import Any

from coverage_portal.accounts.areas import Scope

from .keys import Moment

READERS_AT_MOST = 1000

_remembered: OrderedDict[tuple[Any, ...], tuple[Scope, frozenset[str]]] = OrderedDict()
_lock = Lock()


def hand_over(user: Any, at: Moment) -> None:
    """Give a reader what was remembered, before a view asks; without it they read it themselves."""
    with _lock:
        found = _remembered.get(_key(user, at)) if user.is_authenticated else None
    if found is not None:
        user.scope = found[0]
        # Where Django's own backend keeps what it has read of a user for the rest of a request.
        user._perm_cache = set(found[1])


def remember(user: Any, at: Moment) -> None:
    """Keep what the reader has read. To be called once the moment has proved to be the same afterwards."""
    if not user.is_authenticated or user.is_superuser:
        return
    with _lock:
        _remembered[_key(user, at)] = (user.scope, frozenset(user.get_all_permissions()))
        while len(_remembered) > READERS_AT_MOST:
            _remembered.popitem(last=False)


def forget() -> None:
    with _lock:
        _remembered.clear()


def _key(user: Any, at: Moment) -> tuple[Any, ...]:
    return user.pk, user.is_active, user.is_superuser, at.grants, at.permissions
