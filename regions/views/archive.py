"""The archive: every release of every closed month, as it was published."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render

from coverage_portal.lib import exports
from coverage_portal.lib.periods import Month
from regions.forms import ArchiveForm
from regions.resources import PublishedCellResource
from regions.selectors import archive as archives

from .access import aggregate_page


@aggregate_page
def archive(request: HttpRequest) -> HttpResponse:
    """Every release, the newest month first (`?bulan=`, `?wilayah=`)."""
    form = ArchiveForm(request.GET)
    found = archives.archive(request.user, form.asked, request.GET.get("halaman") or "1")
    context = {"archive": found, "asked": form.asked, "kept_filters": form.kept}
    return render(request, "regions/archive.html", context)


@aggregate_page
def archive_file(request: HttpRequest) -> HttpResponse:
    """The figures of the releases asked for, those of all pages, as CSV."""
    form = ArchiveForm(request.GET)
    data = PublishedCellResource().export(archives.cells_of(request.user, form.asked))
    written_as = exports.CSV()
    named = "-".join(str(part) for part in ("arsip", form.asked.month, form.asked.regency) if part)
    return exports.attachment(written_as.export_data(data), written_as.get_content_type(), f"{named}.csv")


@aggregate_page
def release(request: HttpRequest, month: str, code: str, number: str) -> HttpResponse:
    """One release with all its figures."""
    try:
        at = Month.parse(month)
    except ValueError:
        raise Http404 from None
    cells = archives.release_of(request.user, at, code, int(number))
    if not cells:
        raise Http404
    return render(request, "regions/release.html", {"release": cells[0].release, "cells": cells})
