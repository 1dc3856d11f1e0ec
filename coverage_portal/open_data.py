"""The open interface as a whole: its addresses, its description, and what it answers when it cannot."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from ninja import NinjaAPI
from ninja.errors import ValidationError

from coverage_portal.accounts.access import Rule, Who, ruled
from projects.api import router as construction
from regions.api import router as figures
from regions.api.answering import Refused, refusal

View = Callable[..., HttpResponseBase]

DESCRIPTION = (
    "Coverage of social security for workers, by area, segment and month. Everything can be read and nothing "
    "written; nothing is personal. Every address answers HEAD, and with an ETag: send it back as "
    "`If-None-Match` to be answered 304 while nothing has changed. `….csv` has the same rows as its JSON. "
    "Percentages are numbers of percentage points, rounded half up to two decimals. Unknown figures are "
    "null, never 0. Errors are `{errors: [{parameter, code, message}]}`."
)
UNREADABLE = {
    "area": gettext_noop("Tulis kode Kemendagri, misalnya 61 atau 61.04."),
    "month": gettext_noop("Tulis bulan sebagai tahun-bulan, misalnya 2025-07."),
    "segment": gettext_noop("Tulis PU, BPU, JAKON, atau PMI."),
    "year": gettext_noop("Tulis tahun antara 2000 dan 2100."),
    "on": gettext_noop("Tulis tanggal sebagai tahun-bulan-hari, misalnya 2026-03-02."),
}

RULES = {
    "openapi-json": Who.EVERYONE,
    "contribution": Who.EVERYONE,
    "construction": Who.SIGNED_IN,
    "construction_csv": Who.SIGNED_IN,
}

api = NinjaAPI(
    title="Portal Cakupan: data terbuka",
    version="1",
    description=DESCRIPTION,
    openapi_url="/openapi.json",
    docs_url=None,
    urls_namespace="api",
)
api.add_router("", figures)
api.add_router("", construction)


@api.exception_handler(Refused)
def _refused(request: HttpRequest, refused: Refused) -> HttpResponse:
    return refused.answer


@api.exception_handler(ValidationError)
def _unreadable(request: HttpRequest, error: ValidationError) -> HttpResponse:
    names = dict.fromkeys(str(each["loc"][-1]) for each in error.errors)
    return refusal(
        422,
        (
            {"parameter": name, "code": "unreadable", "message": _(UNREADABLE.get(name, "")) if name else ""}
            for name in names
        ),
    )


def _read_only(view: View, rule: Rule) -> View:
    """Open without a sign-in, for the interface asks for it itself; HEAD is answered as GET, the rest 405."""

    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        if request.method not in ("GET", "HEAD"):
            response = refusal(405, [_fault("read_only", _("Alamat ini hanya dapat dibaca."))])
            response.headers["Allow"] = "GET, HEAD"
            return response
        asked_with, request.method = request.method, "GET"
        try:
            return view(request, *args, **kwargs)
        finally:
            request.method = asked_with

    return ruled(login_not_required(answer), rule)


def _fault(code: str, message: str) -> dict[str, Any]:
    return {"parameter": None, "code": code, "message": message}


def _nothing_here(request: HttpRequest, **_kwargs: Any) -> HttpResponse:
    return refusal(404, [_fault("unknown_address", _("Alamat ini tidak ada."))])


def _rule_of(pattern: URLPattern) -> Rule:
    """Whom the routers let in by their `auth`."""
    return Rule(RULES.get(pattern.name or "", Who.READERS_OF_AGGREGATES))


def _patterns() -> list[URLPattern]:
    patterns, _app, _namespace = api.urls
    found = [
        path(str(each.pattern), _read_only(each.callback, _rule_of(each)), name=each.name)
        for each in patterns
        if isinstance(each, URLPattern) and each.name != "api-root"
    ]
    nothing = _read_only(_nothing_here, Rule(Who.EVERYONE))
    return [*found, path("", nothing, name="api-root"), path("<path:url>", nothing, name="unknown")]


urls = (_patterns(), "api", "api")
