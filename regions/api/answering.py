"""What all addresses of the open interface share: who may ask, what is refused, tags, JSON and CSV.

Every fault is one JSON answer, `{"errors": [{"parameter", "code", "message"}]}`: 401 without a needed
sign-in, 403 without an area, 404 for what there is not, 422 for what cannot be read.
"""

from __future__ import annotations

import csv
import inspect
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Annotated, Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, JsonResponse
from django.utils import timezone
from django.utils.http import parse_etags
from django.utils.translation import gettext as _
from ninja import Query, Router, Schema
from pydantic import Field, PlainSerializer

from coverage_portal.accounts import keeping
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.keeping.keys import key_of
from coverage_portal.lib.exports import safe_cell
from regions.models import Province, Regency
from regions.selectors import open_data

CACHE_CONTROL = "private, no-cache"
VARY = "Accept-Encoding, Cookie"
CSV_TYPE = "text/csv; charset=utf-8"

Percent = Annotated[Decimal, PlainSerializer(float, return_type=float)]
"""Percentage points, rounded to two decimals as the pages round them: 31.63, in CSV always with both."""

AREA = r"^[0-9]{2}(\.[0-9]{2})?$"
MONTH = r"^20[0-9]{2}-(0[1-9]|1[0-2])$"


def asked(example: Any, description: str, **rules: Any) -> Any:
    """A parameter that may be left out. It then is empty or 0, which the description does not offer."""
    empty: Any = 0 if isinstance(example, int) else ""

    def without_default(schema: dict[str, Any]) -> None:
        schema.pop("default", None)

    return Field(
        empty, description=description, examples=[example], json_schema_extra=without_default, **rules
    )


class Fault(Schema):
    parameter: str | None = Field(description="The parameter that cannot be answered; null: the whole.")
    code: str
    message: str


class Faults(Schema):
    errors: list[Fault]


REFUSALS: dict[int, Any] = {401: Faults, 403: Faults, 404: Faults, 422: Faults}


class Refused(Exception):
    """What is asked for cannot be answered."""

    def __init__(self, status: int, code: str, message: str, parameter: str | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.fault = {"parameter": parameter, "code": code, "message": message}

    @property
    def answer(self) -> JsonResponse:
        return refusal(self.status, [self.fault])


def refusal(status: int, faults: Iterable[Mapping[str, Any]]) -> JsonResponse:
    return JsonResponse({"errors": list(faults)}, status=status)


def may_read(request: HttpRequest) -> bool:
    """Aggregates are for anyone where the setting says so, else for whoever has signed in and has an area.

    Raises:
        Refused: 401 or 403.
    """
    return True if settings.PUBLIC_AGGREGATES else has_area(request)


def has_area(request: HttpRequest) -> bool:
    """Whoever has signed in and was given an area.

    Raises:
        Refused: 401 or 403.
    """
    if not request.user.is_authenticated:
        raise Refused(401, "sign_in", _("Masuklah ke portal terlebih dahulu."))
    scope = scope_of(request.user)
    if not (scope.everything or scope.codes):
        raise Refused(403, "no_area", _("Akun Anda belum diberi wilayah kerja."))
    return True


def refuse_others(request: HttpRequest, known: Iterable[str]) -> None:
    """Refuse a parameter that is not known, or there twice: it would be left out without a word.

    Raises:
        Refused: 422.
    """
    names = set(known)
    for name, values in request.GET.lists():
        if name not in names:
            raise Refused(422, "unknown", _("Parameter ini tidak dikenal."), name[:40])
        if len(values) > 1:
            raise Refused(422, "repeated", _("Parameter ini hanya boleh satu kali."), name)


def area_of(request: HttpRequest, code: str) -> Province | Regency:
    """The area asked for; the home province, else the first area that the reader may see, where none is.

    Raises:
        Refused: 404, for an area that there is not as for one that is not the reader's.
    """
    areas = open_data.visible_areas(request.user)
    found = next((area for area in areas if code in ("", area.code)), None)
    if found is None:
        raise Refused(404, "unknown_area", _("Wilayah ini tidak dikenal di portal."), "area")
    return found


def answer(
    request: HttpRequest,
    query: type[Schema],
    make: Callable[[], Schema],
    *,
    as_csv: bool = False,
    daily: bool = False,
) -> HttpResponse:
    """The answer, or 304 where the asking program has it. To be called once it is known who may ask.

    Args:
        query: what the address understands; everything else is refused.
        make: reads the figures; called after the version that the tag is made of was read.
        daily: whether the answer depends on the day.
    """
    try:
        refuse_others(request, query.model_fields)
        today = timezone.localdate()
        before = keeping.moment(request.user, today)
        further = (str(settings.SMALL_CELLS_BELOW), str(today) if daily else "")
        tag = f'W/"{key_of(request, request.META.get("QUERY_STRING", ""), before, *further)}"'
        found: HttpResponse
        if _has(request.headers.get("if-none-match"), tag):
            found = HttpResponseNotModified()
        else:
            made = make()
            found = _csv(made) if as_csv else JsonResponse(made.model_dump())
    except Refused as refused:
        return refused.answer
    found.headers["ETag"] = tag
    found.headers["Cache-Control"] = CACHE_CONTROL
    found.headers["Vary"] = VARY
    return found


def _has(held: str | None, tag: str) -> bool:
    """Whether an If-None-Match header names the tag, weakly compared. `*` names none."""
    return held is not None and any(each in (tag, tag[2:]) for each in parse_etags(held))


def _csv(made: Any) -> HttpResponse:
    """The items as CSV for programs: commas, decimal points, UTF-8, nothing for what is not known."""
    fields = _fields_of(type(made))
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\r\n")
    writer.writerow(fields)
    writer.writerows([_csv_text(getattr(item, name)) for name in fields] for item in made.items)
    return HttpResponse(stream.getvalue().encode(), content_type=CSV_TYPE)


def _fields_of(envelope: type[Schema]) -> Sequence[str]:
    (item,) = envelope.model_fields["items"].annotation.__args__  # type: ignore[union-attr]
    return list(item.model_fields)


def _csv_text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list):
        return safe_cell("; ".join(map(str, value)))
    return safe_cell(value) if isinstance(value, str) else str(value)


def csv_response(description: str) -> dict[str, Any]:
    """How the description of an address says that it answers CSV."""
    content = {"text/csv": {"schema": {"type": "string"}}}
    return {"responses": {200: {"description": description, "content": content}}}


Make = Callable[[HttpRequest, Any], Schema]


def mount(
    router: Router, name: str, query: type[Schema], answered: type[Schema], make: Make, *, daily: bool = False
) -> None:
    """Answer `/name` as JSON, and `/name.csv` with the same rows; `make`'s docstring tells what they are."""
    summary, _rest, more = (make.__doc__ or "").partition("\n\n")
    for as_csv in (False, True):
        path = f"{name}.csv" if as_csv else name

        def view(request: HttpRequest, asked: Any = None, as_csv: bool = as_csv) -> HttpResponse:
            return answer(request, query, lambda: make(request, asked), as_csv=as_csv, daily=daily)

        view.__annotations__ = {"request": HttpRequest}
        if query.model_fields:
            view.__annotations__["asked"] = Annotated[query, Query(...)]  # type: ignore[type-arg]
        view.__signature__ = inspect.Signature(  # type: ignore[attr-defined]
            [
                inspect.Parameter(each, inspect.Parameter.POSITIONAL_OR_KEYWORD, annotation=annotation)
                for each, annotation in view.__annotations__.items()
            ]
        )
        router.get(
            f"/{path}",
            response={200: None if as_csv else answered, 304: None, **REFUSALS},
            operation_id=path.replace(".", "_"),
            url_name=path.replace(".", "_"),
            summary=f"{summary} (CSV)" if as_csv else summary,
            description=inspect.cleandoc(more) or None,
            openapi_extra=csv_response("The items, one row each.") if as_csv else None,
        )(view)
