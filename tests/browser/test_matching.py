"""A person joins one pair and says of another that it is two, on a phone and on a desk."""

from __future__ import annotations

import pytest
from django.core.cache import cache

from projects.models import Project, RejectedMatch
from tests.projects import records

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]
LONG = "Peningkatan Jalan Lingkungan Permukiman " + "SungaiRayaKuburayaPontianakTenggara" * 3


@pytest.fixture
def pairs(transactional_db: None) -> None:
    cache.clear()
    firm = records.contractor("PT Contoh Karya", npwp=records.NPWP)
    records.project(LONG, package_code="10012345", contractor=firm, contract_value=5_000_000)
    registered = {"registered_on": records.day("2025-02-01"), "contract_value": 9_000_000}
    registration = records.project(f"{LONG} 10012345", bpjs_number="2500000000001", **registered)
    records.payment(registration)
    records.addendum(registration)
    records.project("Jembatan Contoh", package_code="10012346")
    records.project("Jemb. Contoh", bpjs_number="2500000000002")
    records.project("Jemb Contoh II", bpjs_number="2500000000003")


@pytest.mark.parametrize("width", [360, 1280])
def test_pairs_are_joined_and_rejected(open_tab, pairs, superuser, width):
    tab = open_tab(width=width)
    tab.sign_in(superuser)
    page = tab.open("/proyek/pencocokan/")
    page.get_by_text("usulan lain").click()
    assert (tab.violations, tab.barriers(), tab.overflow()) == ([], [], 0)

    page.get_by_role("button", name="Bukan proyek yang sama Jemb. Contoh", exact=True).click()
    assert page.get_by_text("Dicatat: bukan proyek yang sama.").is_visible()
    page.get_by_role("link", name="Jemb. Contoh", exact=True).click()
    assert page.get_by_role("button", name="Tinjau lagi pasangan ini").is_visible()
    assert (tab.violations, tab.barriers(), tab.overflow()) == ([], [], 0)

    page.goto(f"{tab.address}/proyek/pencocokan/")
    page.get_by_role("link", name="Ini proyek yang sama").first.click()
    assert page.get_by_text("Skor 100 dari 100: pasti").is_visible()
    assert (tab.violations, tab.barriers(), tab.overflow()) == ([], [], 0)
    page.get_by_role("button", name="Ini proyek yang sama: gabungkan").click()
    assert page.get_by_text("kini satu proyek").is_visible()

    assert Project.objects.filter(package_code="10012345", bpjs_number="2500000000001").count() == 1
    assert (Project.objects.count(), RejectedMatch.objects.count()) == (4, 1)
