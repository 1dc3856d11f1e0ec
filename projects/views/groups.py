"""Active persons by group, and the same as files."""

from __future__ import annotations

from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib import exports
from projects.selectors.groups import Groups, Line, groups
from regions.models import Regency


@require_safe
def group_list(request: HttpRequest) -> HttpResponse:
    """`/kelompok/?wilayah=61.04`: pekerja rentan, the village's own people, and all occupations."""
    found = _found(request)
    return render(request, "projects/groups.html", {"found": found})


@require_safe
def group_list_file(request: HttpRequest) -> HttpResponse:
    """The page as a workbook."""
    found = _found(request)
    month = str(found.month or "")
    people = _("Peserta aktif")
    payers = _("Pekerja rentan"), (_("Pembayar iuran"), people), _rows(found.vulnerable)
    village = _("Ekosistem desa"), (_("Kelompok"), people), _rows(found.village)
    occupations = _("Kelompok pekerjaan"), (_("Kelompok"), people), _rows(found.occupations)
    areas = (
        _("Kabupaten dan kota"),
        (_("Kode Kemendagri"), _("Kab/kota"), people, _("Pekerja rentan"), _("Ekosistem desa")),
        [(a.regency.code, a.regency.table_name, a.people, a.vulnerable, a.village) for a in found.areas],
    )
    about = (
        _("Tentang"),
        (_("Hal"), _("Keterangan")),
        [
            (_("Bulan data"), month or "–"),
            (_("Wilayah"), str(found.area) if found.area else _("seluruh wilayah Anda")),
            (_("Sumber"), _("daftar peserta yang diimpor; yang hanya direkap tidak termasuk")),
        ],
    )
    content = exports.xlsx_book(
        exports.Sheet(title, headings, rows)
        for title, headings, rows in (payers, village, occupations, areas, about)
    )
    name = "-".join(part for part in ("kelompok", found.area.code if found.area else "", month) if part)
    return exports.attachment(content, exports.XLSX_TYPE, f"{name}.xlsx")


def _found(request: HttpRequest) -> Groups:
    user = cast(User, request.user)
    code = request.GET.get("wilayah", "")
    area = None
    if code:
        area = Regency.objects.active().filter(scope_of(user).condition("code"), code=code).first()
        if area is None:
            raise Http404
    return groups(user, area)


def _rows(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(line.label or _("belum diisi"), line.people) for line in lines]
