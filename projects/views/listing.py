"""The list of projects, and the same as a file."""

from __future__ import annotations

from typing import cast

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access, keeping
from coverage_portal.accounts.models import User
from coverage_portal.lib import exports
from projects.filters import ListAddressForm, ProjectFilterForm, positions_version
from projects.resources import PositionResource
from projects.selectors import listing


@require_safe
@access.signed_in
@keeping.kept_page(asks=ListAddressForm, also=positions_version(ListAddressForm))
def project_list(request: HttpRequest) -> HttpResponse:
    """Projects as of a day (`?per=`), those that need action first. All filters are in the address."""
    form = ProjectFilterForm(request.GET)
    found = listing.listing(cast(User, request.user), form.wanted, form.day)
    context = {"form": form, "listing": found, "kept_filters": form.kept, "groupings": listing.GROUPINGS}
    return render(request, "projects/list.html", context)


@require_safe
@access.signed_in
def project_list_file(request: HttpRequest) -> HttpResponse:
    """The projects that the list shows, those of all its pages: `?bentuk=csv`, else a workbook."""
    form = ProjectFilterForm(request.GET)
    found = listing.projects_as_of(cast(User, request.user), form.wanted, form.day)
    written_as = exports.CSV() if request.GET.get("bentuk") == "csv" else exports.XLSX()
    data = PositionResource().export(listing.with_names(found))
    name = f"proyek-{form.day:%Y-%m-%d}.{written_as.get_extension()}"
    return exports.attachment(written_as.export_data(data), written_as.get_content_type(), name)
