"""The part of a page's frame that names its reader, rendered by itself: it is never shared.

A page of figures is the same for all who have the same rights, but for this part. So it is a template that is
given the request and nothing of the page, and a rendering that was made for one reader serves another with
their own part in its place (`pages`).
"""

from __future__ import annotations

from typing import Any

from django.core.cache import cache
from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

OWN = "includes/header.html"


def own_part(request: HttpRequest) -> SafeString:
    """What the frame shows of the reader; of a kept page it is kept under its key without the figures."""
    key: str | None = getattr(request, "frame_key", None)
    if key is None:
        return _rendered(request)
    found: Any = cache.get_or_set(f"own:{key}", lambda: _rendered(request))
    request.own_part = found  # type: ignore[attr-defined]
    return SafeString(found)  # it was rendered by a template


def shown_part(request: HttpRequest) -> str | None:
    """The reader's own part as a page that is to be kept has just shown it; None if it did not."""
    return getattr(request, "own_part", None)


def _rendered(request: Any) -> SafeString:
    return render_to_string(OWN, request=request)
