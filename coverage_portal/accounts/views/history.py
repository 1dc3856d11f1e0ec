"""The history as pages and files: changes of records, and what else was done."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import tablib
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access, trail
from coverage_portal.accounts import events as log
from coverage_portal.accounts.forms import HistoryForm
from coverage_portal.accounts.models import Event
from coverage_portal.lib import exports

ROWS_ON_A_PAGE = 50
Rows = QuerySet[Any]


@require_safe
@never_cache
@access.holders(trail.READ_CHANGES)
def changes(request: HttpRequest) -> HttpResponse:
    """What was changed, by whom, from what to what, and why."""
    form = HistoryForm(request.GET, kinds=trail.models_of_changes())
    page = _page(request, trail.wanted_changes(request.user, form.wanted))
    lines = [(change, list(trail.differences(change))) for change in page.object_list]
    return _shown(request, "changes", form, page, lines)


@require_safe
@never_cache
@access.holders(trail.READ_EVENTS)
def events(request: HttpRequest) -> HttpResponse:
    """Sign-ins, exports, lookups and what else was done without changing a record."""
    form = HistoryForm(request.GET, kinds=[(str(k), str(label)) for k, label in Event.Kind.choices])
    page = _page(request, trail.wanted_events(request.user, form.wanted))
    return _shown(request, "events", form, page, list(page.object_list))


@require_safe
@never_cache
@access.holders(trail.READ_CHANGES, "accounts.export_records")
def change_file(request: HttpRequest) -> HttpResponse:
    """The changes that the page shows, those of all its pages."""
    form = HistoryForm(request.GET, kinds=trail.models_of_changes())
    found = trail.wanted_changes(request.user, form.wanted)
    heads = ("Waktu", "Pelaku", "Melalui", "Jenis Data", "Data", "Perubahan", "Alasan", "Tindakan")

    def row(change: Any) -> tuple[Any, ...]:
        shown = "; ".join(f"{column}: {old} → {new}" for column, old, new in trail.differences(change))
        source = str(change.get_source_display())
        return (
            _at(change.at), change.actor, source, change.model, change.summary, shown, change.reason,
            str(change.action),
        )  # fmt: skip

    return _file(request, form, found, "riwayat-perubahan", heads, row)


@require_safe
@never_cache
@access.holders(trail.READ_EVENTS, "accounts.export_records")
def event_file(request: HttpRequest) -> HttpResponse:
    """The events that the page shows, those of all its pages."""
    form = HistoryForm(request.GET, kinds=[(str(k), str(label)) for k, label in Event.Kind.choices])
    found = trail.wanted_events(request.user, form.wanted)
    heads = ("Waktu", "Pelaku", "Kejadian", "Tentang", "Jumlah", "Wilayah", "Alamat", "Alasan")

    def row(event: Any) -> tuple[Any, ...]:
        return (
            _at(event.at), event.actor, str(event.get_kind_display()), event.what, event.count,
            " ".join(event.areas), event.address or "", event.reason,
        )  # fmt: skip

    return _file(request, form, found, "riwayat-kejadian", heads, row)


def _page(request: HttpRequest, found: Rows) -> Any:
    return Paginator(found, ROWS_ON_A_PAGE).get_page(request.GET.get("halaman"))


def _shown(request: HttpRequest, name: str, form: HistoryForm, page: Any, lines: list[Any]) -> HttpResponse:
    context = {
        "form": form,
        "page": page,
        "lines": lines,
        "kept_filters": form.kept,
        "name": name,
        "problems": [error for errors in form.errors.values() for error in errors],
        "most": trail.ROWS_IN_A_FILE,
    }
    return render(request, f"accounts/{name}.html", context)


def _file(
    request: HttpRequest,
    form: HistoryForm,
    found: Rows,
    name: str,
    heads: Sequence[str],
    row: Callable[[Any], tuple[Any, ...]],
) -> HttpResponse:
    data = tablib.Dataset(*map(row, found[: trail.ROWS_IN_A_FILE]), headers=heads, title=_("Riwayat"))
    written_as = exports.CSV() if request.GET.get("bentuk") == "csv" else exports.XLSX()
    log.note(
        Event.Kind.EXPORTED, user=request.user, request=request, what=name, count=len(data), detail=form.kept
    )
    file_name = f"{name}-{timezone.localdate():%Y-%m-%d}.{written_as.get_extension()}"
    return exports.attachment(written_as.export_data(data), written_as.get_content_type(), file_name)


def _at(moment: Any) -> str:
    return f"{timezone.localtime(moment):%Y-%m-%d %H:%M:%S}"
