"""No page, the admin's included, breaks the Content-Security-Policy or shuts anyone out.

Pages are looked at with axe, at every width, by day and by night; and come to by keyboard alone.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import NoReverseMatch, reverse
from django.utils import timezone

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant
from projects import issuing
from projects.selectors import work_lists
from tests.projects import letter_cases, records

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

DJANGO_S_OWN = "empty-table-header: "
"""What the admin's own template of inline forms leaves behind: a heading for nothing to be seen."""
PAGES = [
    "/",
    "/wilayah/61.04/",
    "/?urut=kekurangan&segmen=BPU",
    "/?banding=2025-09&urai=segmen",
    "/metode/",
    "/data-terbuka/",
    "/rekonsiliasi/",
    "/rekonsiliasi/?bulan=2026-01",
    "/rekonsiliasi/61.04/",
    "/arsip/",
    "/arsip/?bulan=2025-11&wilayah=61.04",
    "/arsip/2025-11/61.04/1/",
    "/wilayah/61.04/?bulan=2025-11",
    "/simulasi/",
    "/simulasi/?wilayah=61.04&t.61.04.BPU=100&l.61.04.PU=20",
    "/simulasi/?wilayah=61&t.61.04.BPU=banyak&l.61.01.PU=20",
    "/ringkasan/",
    "/ringkasan/?wilayah=61.04",
    "/ringkasan/?bulan=2020-01",
    "/simulasi-iuran/",
    "/simulasi-iuran/?nilai=2,4+miliar&ppn=ya&tanggal=2+Maret+2026",
    "/simulasi-iuran/?nilai=nol",
    "/masuk/",
    "/panduan/",
    "/panduan/importer/",
    "/tautan/",
    "/tidak-ada/",
]
SIGNED_IN_PAGES = [
    "/",
    "/akun/",
    "/akun/faktor-kedua/",
    "/pengguna/undang/",
    "/panduan/",
    "/riwayat/",
    "/riwayat/?jenis=regions.target&dari=2026-01-01",
    "/riwayat/kejadian/",
    "/ringkasan/",
    "/ringkasan/?wilayah=61.04",
    "/ringkasan/?bulan=2026-01",
    "/impor/",
    "/impor/riwayat/",
    "/kelengkapan/",
    "/kelengkapan/?sampai=2025-12",
    "/kelengkapan/2025-11/",
    "/kelengkapan/2025-11/61.04/",
    "/kelengkapan/2025-12/61.01/",
    "/konstruksi/",
    "/kelompok/",
    "/proyek/",
    "/proyek/?menurut=dana&tindak=arrears",
    "/proyek/kalender/",
    "/proyek/imbauan/",
    "/proyek/imbauan/?per=kemarin",
    "/proyek/pencocokan/",
    "/wilayah/61.01/",
    "/wilayah/61.01/tindak-lanjut/",
    "/wilayah/61.04/tindak-lanjut/",
    "/tindak-lanjut/",
    "/tindak-lanjut/?keadaan=selesai&wilayah=61.71",
]


@pytest.mark.parametrize("path", PAGES)
def test_open_page(open_tab, figures, releases, path):
    tab = open_tab()
    tab.open(path)

    # By keyboard at last: it scrolls to charts, which take a moment to follow the window's width.
    assert (tab.problems(), tab.out_of_reach()) == ([], [])


@pytest.mark.parametrize("first", range(3))
def test_pages_behind_the_sign_in(open_tab, figures, releases, projects, promises, superuser, first):
    tab = open_tab()
    tab.sign_in(superuser)
    found = {}
    for path in SIGNED_IN_PAGES[first::3]:
        tab.open(path)
        if problems := [*tab.problems(), *tab.out_of_reach()]:
            found[path] = problems
        tab.violations.clear()

    assert found == {}


def test_control_arm_keyboard_finds_what_it_cannot_reach(open_tab, figures):
    tab = open_tab()
    page = tab.open("/metode/")
    page.evaluate(
        "document.querySelector('.brand').addEventListener('focus', (event) => event.target.blur())"
    )

    assert any("brand" in each for each in tab.out_of_reach())


def test_every_page_without_javascript(open_tab, figures, releases, projects, promises, superuser):
    tab = open_tab(javascript=False)
    tab.sign_in(superuser)
    for path in [*PAGES, *SIGNED_IN_PAGES]:
        page = tab.open(path)

        assert (path, page.locator("h1").count(), page.locator("main").is_visible()) == (path, 1, True)
        assert (path, page.locator("main [hidden]:visible").count()) == (path, 0)


def test_promise_is_changed_and_closed(open_tab, figures, promises, superuser):
    promise = promises[0]
    tab = open_tab()
    tab.sign_in(superuser)
    page = tab.open(f"/tindak-lanjut/{promise.pk}/")
    assert tab.problems() == []

    page.fill("[name=due_on]", "2020-01-01")
    page.click("text=Simpan perubahan")
    assert page.text_content("[role=alert]") == "Tenggat tidak boleh sebelum tanggal janji."
    assert tab.problems() == []

    page.fill("[name=closing_note]", "Semua terdaftar")
    page.click("main button:has-text('Tutup janji')")
    page.click("summary")
    page.click(f"text={promise.promise}")
    assert "Semua terdaftar" in page.text_content("main")
    assert tab.problems() == []


def test_letters(open_tab, superuser):
    agency = records.agency()
    letter_cases.unregistered(agency, package_code="C-1", contract_number="CONTOH/001/SPK")
    letter_cases.in_arrears(agency)
    letter_cases.overpaid(agency)
    on = timezone.localdate()
    found = work_lists.of_agency(agency, superuser, on)
    issuing.issue(agency=agency, todo=found.todo, areas=found.areas, author=Author(superuser, "page"))
    tab = open_tab()
    tab.sign_in(superuser)
    for path in (f"/proyek/imbauan/{agency.pk}/", f"/proyek/imbauan/surat/PJK-{on.year}-0001/"):
        tab.open(path)

        assert (path, tab.problems()) == (path, [])


def test_letter_is_downloaded(open_tab, superuser):
    agency = records.agency()
    letter_cases.unregistered(agency)
    tab = open_tab()
    tab.sign_in(superuser)
    tab.open(f"/proyek/imbauan/{agency.pk}/")

    with tab.page.expect_download() as started:
        tab.page.click("text=Cetak surat (PDF)")

    assert started.value.suggested_filename.startswith(f"PJK-{timezone.localdate().year}-0001-")
    assert Path(started.value.path()).read_bytes().startswith(b"%PDF-")


@pytest.mark.parametrize("app", [None, *sorted({model._meta.app_label for model in admin.site._registry})])
def test_admin(open_tab, figures, superuser, app):
    AreaGrant.objects.create(user=superuser, role="viewer", area_code="61")
    tab = open_tab()
    tab.sign_in(superuser)
    found = {}
    for path in _admin_paths(app):
        response = tab.page.goto(f"{tab.address}{path}")
        if response.status == 403:
            continue
        barriers = [each for each in tab.barriers() if not each.startswith(DJANGO_S_OWN)]
        problems = [*tab.violations, *barriers]
        if problems:
            found[path] = problems
        tab.violations.clear()

    assert found == {}


def _admin_paths(app: str | None) -> list[str]:
    """Of each model of an app its list, its form, its export and one of its records; or those of no app."""
    if app is None:
        return [reverse("admin:index"), reverse("admin:password_change")]
    paths = []
    for model, model_admin in admin.site._registry.items():
        if model._meta.app_label != app:
            continue
        if model is Group:
            Group.objects.get_or_create(name="contoh")
        record = model_admin.model._default_manager.order_by("-pk").first()
        base = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        paths.append(reverse(f"{base}_changelist"))
        for name in ("add", "export"):
            try:
                paths.append(reverse(f"{base}_{name}"))
            except NoReverseMatch:
                continue
        if record is not None:
            paths += [reverse(f"{base}_{name}", args=[record.pk]) for name in ("change", "delete", "history")]
    return paths
