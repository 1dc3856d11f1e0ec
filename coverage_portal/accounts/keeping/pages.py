"""The decorator of a kept page: finds it, else has it rendered and keeps it; answers 304 where it may."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeGuard

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, QueryDict
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.http import parse_etags

from coverage_portal.accounts import replicas

from . import rights
from .frames import own_part, shown_part
from .keys import Asks, Moment, frame_key_of, key_of, moment, shared_key_of, understood
from .store import Page, kept, preferred

View = Callable[..., HttpResponseBase]

# A browser may keep the page, and asks each time whether it still holds: rights are checked before the 304.
CACHE_CONTROL = "private, no-cache"
VARY = "Accept-Encoding, Cookie"
OWN_PLACE = b"\0"
"""Where a reader's own part is missing. No text holds it: PostgreSQL stores none that does."""
QUICK_QUALITY = 1


def kept_page(
    *,
    asks: Asks | None = None,
    daily: bool = True,
    also: Callable[[HttpRequest], str] | None = None,
) -> Callable[[View], View]:
    """A page of aggregates whose rendering is kept, for the decorator that decides who may open it to wrap.

    The view is still what authorises: a page is kept only after the view has given it to someone with word
    for word these rights, and a 304 is only for a page that is kept, or that the view has just rendered.
    Of its reader the view may ask for nothing but their rights.

    Args:
        asks: the form that reads the page's query; its fields are all that the page may make of it. The view
            sees nothing else in `request.GET`. None: the page knows no query.
        daily: whether the page may depend on today; False only where it surely does not.
        also: the version of whatever the page shows that the data version does not cover, read before it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def page(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
            query = understood(asks, request.META.get("QUERY_STRING", ""))
            if query is None or not _is_plain(request):
                return _unkept(view(request, *args, **kwargs))
            today = timezone.localdate()
            before = moment(request.user, today)
            further = (str(today) if daily else "", also(request) if also else "")
            key = key_of(request, query, before, *further)
            found = kept.get(key)
            if found is None:
                _leave_only(request, query)
                _prepare(request, before)
                shared = shared_key_of(request, query, before, *further)
                response = _shared(request, shared) or view(request, *args, **kwargs)
                # Rights that changed while the page was rendered may have widened it: then it has no key.
                if not _may_be_kept(response, request) or moment(request.user, today) != before:
                    return _unkept(response)
                rights.remember(request.user, before)
                found = Page(response.content, response.headers["Content-Type"])
                kept.put(key, found)
                _share(request, shared, response)
            return _answer(request, key, found)

        return replicas.of_figures(page)  # type: ignore[no-any-return]

    return decorate


def _shared(request: HttpRequest, key: str) -> HttpResponse | None:
    """What was rendered for another reader with the same rights, with this reader's own part in its place."""
    found = kept.get(key)
    if found is None:
        return None
    before, place, after = found.plain.partition(OWN_PLACE)
    own = own_part(request).encode() if place else b""
    return HttpResponse(before + own + after, content_type=found.content_type)


def _share(request: HttpRequest, key: str, response: HttpResponse) -> None:
    """Keep what others with the same rights may have of a reader's page: all but the reader's own part."""
    if not request.user.is_authenticated or kept.get(key) is not None:
        return
    content: bytes = response.content
    if response.headers["Content-Type"].startswith("text/html"):
        own = (shown_part(request) or "").encode()
        # Without it nobody knows whom the page names.
        if not own or content.count(own) != 1 or OWN_PLACE in content:
            return
        content = content.replace(own, OWN_PLACE)
    kept.put(key, Page(content, response.headers["Content-Type"], quality=QUICK_QUALITY))


def forgo(request: HttpRequest) -> None:
    """To be called by a view whose answer depends on more than its key says: this one is not kept."""
    request.is_page_forgone = True  # type: ignore[attr-defined]


def _is_plain(request: HttpRequest) -> bool:
    """Whether the request asks for the page as everyone sees it: a whole one, without a message to show."""
    return (
        request.method in ("GET", "HEAD")
        and "hx-request" not in request.headers
        and not len(request._messages)  # type: ignore[attr-defined]
    )


def _leave_only(request: HttpRequest, query: str) -> None:
    """Let the view see the understood part of the query alone, for that is what the page is kept under."""
    request.META["QUERY_STRING"] = query
    request.GET = QueryDict(query)


def _prepare(request: HttpRequest, at: Moment) -> None:
    """Spare the view what the moment has told already."""
    rights.hand_over(request.user, at)
    request.frame_key = frame_key_of(request, at)  # type: ignore[attr-defined]


def _may_be_kept(response: HttpResponseBase, request: HttpRequest) -> TypeGuard[HttpResponse]:
    """Whether the answer holds nothing but what its key says: no secret, no message, no error."""
    shown = request._messages  # type: ignore[attr-defined]
    return (
        isinstance(response, HttpResponse)
        and getattr(response, "is_rendered", True)
        and response.status_code == 200
        and not response.cookies
        and not response.has_header("Content-Encoding")
        and not request.META.get("CSRF_COOKIE_NEEDS_UPDATE")
        and not (shown.used or shown.added_new)
        and not request.session.modified
        and not getattr(request, "is_page_forgone", False)
    )


def _unkept(response: HttpResponseBase) -> HttpResponseBase:
    response.headers.setdefault("Cache-Control", CACHE_CONTROL)
    return response


def _answer(request: HttpRequest, key: str, page: Page) -> HttpResponse:
    # Weak: the same page in another encoding has the same tag.
    tag = f'W/"{key}"'
    encoding = preferred(request.headers.get("accept-encoding", ""))
    if _has(request.headers.get("if-none-match"), tag):
        answer: HttpResponse = HttpResponseNotModified()
    else:
        size = page.size
        answer = HttpResponse(page.encoded(encoding), content_type=page.content_type)
        if encoding:
            answer.headers["Content-Encoding"] = encoding
        if page.size != size:
            kept.weigh(key, page)
    answer.headers["ETag"] = tag
    answer.headers["Cache-Control"] = CACHE_CONTROL
    answer.headers["Vary"] = VARY
    return answer


def _has(asked: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names the tag, weakly compared."""
    if asked is None:
        return False
    return asked == tag or any(each in (tag, tag[2:], "*") for each in parse_etags(asked))
