"""Active persons by group, and the same as files."""

from __future__ import annotations

import re
from typing import cast

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from coverage_portal.accounts import access
from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User
from coverage_portal.lib import exports
from projects.selectors.groups import Groups, Line, groups
from regions.models import Regency

REGENCY = re.compile(r"[0-9]{2}\.[0-9]{2}")


@require_safe
@access.signed_in
def group_list(request: HttpRequest) -> HttpResponse:
    """`/kelompok/?wilayah=61.04`: pekerja rentan, the village's own people, and all occupations."""
    found = _found(request)
    return render(request, "projects/groups.html", {"found": found})


@require_safe
@access.signed_in
def group_list_file(request: HttpRequest) -> HttpResponse:
    """The page as a workbook."""
    found = _found(request)
    month, people = str(found.month or ""), _("Peserta aktif")
    group = (_("Kelompok"), people)
    sheets = (
        exports.Sheet(_("Pekerja rentan"), (_("Pembayar iuran"), people), _rows(found.vulnerable)),
        exports.Sheet(_("Ekosistem desa"), group, _rows(found.village)),
        exports.Sheet(_("Kelompok pekerjaan"), group, _rows(found.occupations)),
        exports.Sheet(
            _("Kabupaten dan kota"),
            (_("Kode Kemendagri"), _("Kab/kota"), people, _("Pekerja rentan"), _("Ekosistem desa")),
            [(a.regency.code, a.regency.table_name, a.people, a.vulnerable, a.village) for a in found.areas],
        ),
        exports.Sheet(
            _("Tentang"),
            (_("Hal"), _("Keterangan")),
            [
                (_("Bulan data"), month or "–"),
                (_("Wilayah"), str(found.area) if found.area else _("seluruh wilayah Anda")),
                (_("Sumber"), _("daftar peserta yang diimpor; yang hanya direkap tidak termasuk")),
            ],
        ),
    )
    name = "-".join(part for part in ("kelompok", found.area.code if found.area else "", month) if part)
    return exports.xlsx_attachment(sheets, f"{name}.xlsx")


def _found(request: HttpRequest) -> Groups:
    user = cast(User, request.user)
    code = request.GET.get("wilayah", "")
    area = None
    if code:
        # Whatever else stands there is no code, and may be what no column can hold.
        if not REGENCY.fullmatch(code):
            raise Http404
        area = Regency.objects.active().filter(scope_of(user).condition("code"), code=code).first()
        if area is None:
            raise Http404
    return groups(user, area)


def _rows(lines: tuple[Line, ...]) -> list[tuple[str, int]]:
    return [(line.label or _("belum diisi"), line.people) for line in lines]
