"""Groups of workers: each person once, in the cell that counts them, and only within one's own areas."""

from __future__ import annotations

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from coverage_portal.accounts import generation
from projects import counting, groups
from projects.models import Enrollment, GroupCount, GroupsCounted
from projects.selectors import groups as selectors
from tests import factories
from tests.projects.people import HEADING, person, send
from tests.sheets import confirm

pytestmark = pytest.mark.django_db

GROUPED = [*HEADING, "Jenis Pekerjaan", "Pembayar Iuran"]


def listed(number: int, occupation: str, funding: str, regency: str = "Kota Pontianak", segment: str = "BPU"):
    return person(number, segment, regency, "", "2025-01-15", occupation, funding)


@pytest.fixture
def counted():
    batch = send(
        [
            listed(1, "Nelayan", "APBD"),
            listed(2, "Nelayan", "Mandiri"),
            listed(3, "Kader", "APBDes", "Kab. Ketapang"),
            listed(4, "Petani", "DBH sawit", "Kab. Ketapang"),
            listed(5, "", ""),
        ],
        heading=GROUPED,
    )
    confirm(batch)
    assert groups.refresh()


@pytest.fixture
def official():
    return factories.user("pejabat", "61")


def of(lines) -> dict[str, int]:
    return {line.key: line.people for line in lines if line.people}


def test_each_person_is_in_one_group(counted, official):
    found = selectors.groups(official)

    assert found.people == 5
    assert of(found.occupations) == {"nelayan": 2, "kader": 1, "petani": 1, "": 1}
    assert of(found.vulnerable) == {"apbd": 1, "apbdes": 1, "dbh_sawit": 1}
    assert (found.vulnerable_people, found.village_people) == (3, 1)
    by_area = {line.regency.code: line for line in found.areas if line.people}
    assert {code: (a.people, a.vulnerable, a.village) for code, a in by_area.items()} == {
        "61.71": (3, 1, 0),
        "61.04": (2, 2, 1),
    }


def test_groups_add_up_to_counted_membership(counted):
    _first, last = counting.counted_range()
    cells = {key: n for key, n in counting.stored().items() if key.month == counting.number_of(last)}

    assert sum(GroupCount.objects.values_list("people", flat=True)) == sum(cells.values()) == 5
    assert GroupsCounted.objects.get().month == last


def test_person_with_two_covers_is_in_the_group_of_the_one_that_started_last(official):
    heading = GROUPED
    rows = [
        person(1, "BPU", "Kota Pontianak", "", "2025-01-15", "Nelayan", "Mandiri"),
        person(1, "PU", "Kab. Ketapang", "AB123456", "2025-03-01", "Karyawan", "Perusahaan"),
    ]
    confirm(send(rows, heading=heading))
    groups.refresh()

    found = selectors.groups(official)

    assert (found.people, of(found.occupations)) == (1, {"karyawan": 1})


def test_counting_again_waits_until_figures_have_changed(counted):
    assert not groups.refresh()

    Enrollment.objects.filter(occupation="kader").update(occupation="bpd")
    assert not groups.refresh()
    generation.move()

    assert groups.refresh()
    assert set(GroupCount.objects.values_list("occupation", flat=True)) == {"nelayan", "petani", "bpd", ""}


def test_before_anyone_was_counted_the_page_says_so(client, official):
    assert not groups.refresh()
    client.force_login(official)

    page = client.get("/kelompok/").content.decode()

    assert "Data belum masuk" in page
    assert "/kelompok/unduhan.xlsx" not in page


def test_one_sees_one_s_own_areas_only(client, counted):
    client.force_login(factories.user("ketapang", "61.04"))

    page = client.get("/kelompok/").content.decode()

    assert "2 pekerja rentan dibayari anggaran" in page
    assert "Kota Pontianak" not in page
    assert client.get("/kelompok/?wilayah=61.71").status_code == 404
    assert client.get("/kelompok/unduhan.xlsx?wilayah=61.71").status_code == 404


def test_page_is_for_those_who_have_signed_in(client, counted):
    for name in ("projects:groups", "projects:groups_file"):
        assert client.get(reverse(name)).url.startswith("/masuk/?next=/kelompok/")


def test_file_holds_what_the_page_shows(client, counted, official):
    client.force_login(official)

    answer = client.get("/kelompok/unduhan.xlsx?wilayah=61.04")
    book = openpyxl.load_workbook(io.BytesIO(answer.content))

    assert answer["Content-Disposition"] == (
        f'attachment; filename="kelompok-61.04-{GroupsCounted.objects.get().month}.xlsx"'
    )
    assert dict(book["Pekerja rentan"].iter_rows(min_row=2, values_only=True)) == {
        "APBD": 0,
        "APBDes": 1,
        "DBH sawit": 1,
        "CSR": 0,
    }
    areas = list(book["Kabupaten dan kota"].iter_rows(min_row=2, values_only=True))
    assert ("61.04", "Kab. Ketapang", 2, 2, 1) in areas


def test_queries_do_not_grow_with_groups(client, counted, official):
    client.force_login(official)
    client.get("/kelompok/")

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get("/kelompok/")
        return len(captured)

    few = queries()
    for occupation in ("bpd", "linmas", "rt_rw"):
        GroupCount.objects.create(regency_id="61.01", occupation=occupation, people=5)

    assert queries() == few
