"""Who may open a page of aggregates."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponseBase
from django.views.decorators.http import require_safe

from coverage_portal.accounts.access import Rule, Who, ruled

View = Callable[..., HttpResponseBase]


def aggregate_page(view: View) -> View:
    """A page open to anyone where aggregates are public, else to whoever has signed in."""

    @require_safe
    @wraps(view)
    def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if not settings.PUBLIC_AGGREGATES and not request.user.is_authenticated:
            return redirect_to_login(request.get_full_path())
        return view(request, *args, **kwargs)

    return ruled(login_not_required(page), Rule(Who.READERS_OF_AGGREGATES))
