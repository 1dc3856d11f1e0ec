"""Who may open a page. Every view says so with one of these decorators, which leaves its rule on the view.

A rule is about the page; of each record the view asks itself, with `visible_to` or the like.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum, auto
from functools import wraps
from typing import Any, TypeVar

from django.contrib.auth.decorators import login_not_required, permission_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseBase

_View = TypeVar("_View", bound=Callable[..., HttpResponseBase])


class Who(Enum):
    EVERYONE = auto()
    READERS_OF_AGGREGATES = auto()
    """Everyone where PUBLIC_AGGREGATES is on, else whoever has signed in."""
    SIGNED_IN = auto()
    HOLDERS = auto()


@dataclass(frozen=True, slots=True)
class Rule:
    """Who may open a page; of holders, which permissions they hold in some area: all, or `is_any` one."""

    who: Who
    permissions: tuple[str, ...] = ()
    is_any: bool = False


def rule_of(view: Any) -> Rule | None:
    return getattr(view, "rule", None)


def ruled(view: _View, rule: Rule) -> _View:
    """For a decorator that lets in by itself whom the rule names."""
    view.rule = rule  # type: ignore[attr-defined]
    return view


def everyone(view: _View) -> _View:
    """For a page that is there before anyone has signed in."""
    return ruled(login_not_required(view), Rule(Who.EVERYONE))


def signed_in(view: _View) -> _View:
    """For whoever has signed in, which the middleware asks for: one's own account, or what lies in one's
    areas."""
    return ruled(view, Rule(Who.SIGNED_IN))


def holders(*permissions: str) -> Callable[[_View], _View]:
    """For those who hold all of these permissions in some area; the others are answered 403."""

    def decorate(view: _View) -> _View:
        guarded = permission_required(permissions, raise_exception=True)(view)
        return ruled(guarded, Rule(Who.HOLDERS, permissions))

    return decorate


def holders_of_any(*permissions: str) -> Callable[[_View], _View]:
    """For those who hold one of these permissions in some area; the others are answered 403."""

    def decorate(view: _View) -> _View:
        @wraps(view)
        def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            if not any(request.user.has_perm(permission) for permission in permissions):
                raise PermissionDenied
            return view(request, *args, **kwargs)

        return ruled(guarded, Rule(Who.HOLDERS, permissions, is_any=True))  # type: ignore[return-value]

    return decorate
