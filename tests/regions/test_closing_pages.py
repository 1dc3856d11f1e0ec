"""The pages where months are submitted, approved, locked and opened, and the archive."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import User
from coverage_portal.brief.composing import compose
from regions import selectors
from regions.models import Membership, PeriodException, Release
from regions.services import closing
from tests import factories
from tests.regions.closed import JULY, KETAPANG, author, closed, filled, published, state_of

pytestmark = pytest.mark.django_db
MONTH = "/kelengkapan/2025-07/"
PERIOD = f"{MONTH}{KETAPANG}/"


@pytest.fixture(autouse=True)
def _empty_cache() -> None:
    cache.clear()


def official(name: str, *permissions: str, area: str = "61") -> User:
    user = factories.user(name, area)
    user.user_permissions.add(*Permission.objects.filter(codename__in=permissions))
    return user


@pytest.fixture
def signed_in(client: Client) -> Callable[..., Client]:
    def sign_in(*permissions: str, name: str = "petugas", area: str = "61") -> Client:
        client.force_login(official(name, *permissions, area=area))
        return client

    return sign_in


@pytest.mark.parametrize(
    ("group", "steps"),
    [
        ("Pembaca", []),
        ("Staf BPJS", ["ajukan"]),
        ("Penyetuju", ["setujui", "kunci"]),
        ("Admin portal", ["ajukan"]),
    ],
)
def test_groups_that_come_with_the_portal_may_take_their_steps(
    client: Client, group: str, steps: list[str]
) -> None:
    filled()
    user = factories.user("petugas", "61")
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)

    refused = {"ajukan", "setujui", "kunci"} - set(steps)

    for step in steps:
        assert client.post(f"{MONTH}{step}/", {"wilayah": [KETAPANG]}).status_code != 403
    for step in refused:
        assert client.post(f"{MONTH}{step}/", {"wilayah": [KETAPANG]}).status_code == 403


def test_month_is_submitted_approved_and_locked_by_two_people(client: Client) -> None:
    filled()
    client.force_login(official("pengaju", "submit_period"))
    client.post(f"{MONTH}ajukan/", {"wilayah": [KETAPANG]})
    assert state_of() == "submitted"

    client.force_login(official("penyetuju", "approve_period", "lock_period"))
    shown = client.post(f"{MONTH}setujui/", {"wilayah": [KETAPANG]})
    assert state_of() == "submitted"
    assert "Angka yang akan terbit" in shown.content.decode()
    before = generation.current()
    agreed = {"wilayah": [KETAPANG], "yakin": "1", "dilihat": shown.context["seen"]}
    client.post(f"{MONTH}setujui/", agreed)

    assert state_of() == "approved"
    assert published()[None] == 300
    assert generation.current() != before
    client.post(f"{MONTH}kunci/", {"wilayah": [KETAPANG], "yakin": "1"})
    assert state_of() == "locked"


def test_what_was_not_shown_is_not_approved(signed_in: Callable[..., Client]) -> None:
    filled()
    closing.submit(month=JULY, regencies=[KETAPANG], author=author())
    client = signed_in("approve_period")
    seen = client.post(f"{MONTH}setujui/", {"wilayah": [KETAPANG]}).context["seen"]
    Membership.objects.filter(segment="PU").update(reported=101)

    response = client.post(f"{MONTH}setujui/", {"wilayah": [KETAPANG], "yakin": "1", "dilihat": seen})

    assert response.status_code == 422
    assert "Angkanya berubah sejak ditampilkan" in response.content.decode()
    assert state_of() == "submitted"


@pytest.mark.parametrize("step", ["ajukan", "kembalikan", "setujui", "kunci"])
def test_step_needs_its_permission(signed_in: Callable[..., Client], step: str) -> None:
    filled()
    client = signed_in("grant_exception")

    response = client.post(f"{MONTH}{step}/", {"wilayah": [KETAPANG]})

    assert response.status_code == 403
    assert client.get(MONTH).content.decode().count("formaction") == 0


@pytest.mark.parametrize("path", ["pengecualian/", "revisi/"])
def test_opening_needs_its_permission(signed_in: Callable[..., Client], path: str) -> None:
    client = signed_in("submit_period", "approve_period", "lock_period")

    assert client.post(f"{PERIOD}{path}", {}).status_code == 403


def test_area_of_others_is_not_found_and_not_moved(signed_in: Callable[..., Client]) -> None:
    filled()
    client = signed_in("submit_period", "grant_exception", area="61.01")

    response = client.post(f"{MONTH}ajukan/", {"wilayah": [KETAPANG]})

    assert response.status_code == 422
    assert "di luar wilayah kerja Anda" in response.content.decode()
    assert client.get(PERIOD).status_code == 404
    assert client.post(f"{PERIOD}pengecualian/", {}).status_code == 404
    assert state_of() == "draft"


def test_out_of_order_is_said_on_the_page(signed_in: Callable[..., Client]) -> None:
    filled()

    response = signed_in("lock_period").post(f"{MONTH}kunci/", {"wilayah": [KETAPANG], "yakin": "1"})

    assert response.status_code == 422
    assert "Kab. Ketapang Juli 2025 masih draf" in response.content.decode()


@pytest.mark.parametrize(
    "path", ["/kelengkapan/2099-01/", "/kelengkapan/2025-13/", "/kelengkapan/1999-12/", f"{MONTH}62.01/"]
)
def test_month_that_is_none_is_not_found(signed_in: Callable[..., Client], path: str) -> None:
    assert signed_in().get(path).status_code == 404


def test_exception_is_granted_used_and_ended(signed_in: Callable[..., Client]) -> None:
    filled()
    closed(KETAPANG)
    client = signed_in("grant_exception")
    day = timezone.localdate() + datetime.timedelta(days=3)

    client.post(f"{PERIOD}pengecualian/", {"alasan": "Koreksi rekap", "sampai": day.isoformat()})

    granted = PeriodException.objects.get()
    assert timezone.localtime(granted.valid_until).isoformat()[:19] == f"{day}T23:59:59"
    assert (granted.reason, granted.actor) == ("Koreksi rekap", "petugas")
    client.post(f"{PERIOD}pengecualian/{granted.pk}/akhiri/")
    assert not PeriodException.objects.valid_at(timezone.now()).exists()


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({"alasan": "x"}, "harus punya batas waktu"),
        ({"alasan": "x", "sampai": "2020-01-01"}, "sudah lewat"),
        ({"alasan": "x", "sampai": "2099-01-01"}, "paling lama 90 hari"),
    ],
)
def test_exception_without_a_good_end_is_refused(
    signed_in: Callable[..., Client], fields: dict[str, str], sentence: str
) -> None:
    response = signed_in("grant_exception").post(f"{PERIOD}pengecualian/", fields)

    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not PeriodException.objects.exists()


def test_exception_for_a_span_of_months(signed_in: Callable[..., Client]) -> None:
    day = timezone.localdate().isoformat()

    signed_in("grant_exception").post(
        f"{PERIOD}pengecualian/", {"alasan": "Potensi", "sampai": day, "hingga_bulan": "2025-09"}
    )

    months = PeriodException.objects.order_by("month").values_list("month", flat=True)
    assert [str(month) for month in months] == ["2025-07", "2025-08", "2025-09"]


def drifted() -> None:
    """A closed month whose working figure has gone on by 50."""
    filled()
    closed(KETAPANG)
    closing.grant_exception(
        month=JULY,
        regencies=[KETAPANG],
        reason="x",
        valid_until=timezone.now() + datetime.timedelta(hours=1),
        author=author(),
    )
    Membership.objects.filter(segment="PU").update(reported=150)


def test_revision_is_published_and_told_of(signed_in: Callable[..., Client]) -> None:
    drifted()
    client = signed_in("publish_revision")
    area = f"/wilayah/{KETAPANG}/?bulan=2025-07"
    before = client.get(area).content.decode()

    client.post(f"{PERIOD}revisi/", {"alasan": "Rekap dikoreksi BPJS"})

    after = client.get(area).content.decode()
    assert "angka terbit, 300 peserta. Angka kerja sesudahnya 350" in before
    assert "Kab. Ketapang, Revisi 1" in after
    assert "300 → 350" in after
    assert "Rekap dikoreksi BPJS" in after
    assert "Angka kerja sesudahnya" not in after


def test_brief_tells_draft_revision_and_difference() -> None:
    filled()
    ketapang = factories.regency(KETAPANG)

    def approval() -> Any:
        brief = compose(selectors.area_overview(ketapang, JULY), None, datetime.date(2025, 8, 1))
        assert brief is not None
        return brief.approval

    assert approval().is_closed is False
    Membership.objects.all().delete()
    drifted()
    assert (approval().is_closed, approval().moved, approval().revisions) == (True, 50, ())
    closing.publish_revision(month=JULY, regency=KETAPANG, reason="koreksi", author=author())
    (revision,) = approval().revisions
    assert (revision.name, revision.before, revision.after) == ("Revisi 1", 300, 350)


def test_draft_mark_stands_once_where_not_all_is_approved(client: Client) -> None:
    filled()
    filled("61.01")
    closed(KETAPANG)

    regency = client.get(f"/wilayah/{KETAPANG}/?bulan=2025-07").content.decode()
    other = client.get("/wilayah/61.01/?bulan=2025-07").content.decode()
    province = client.get("/?bulan=2025-07").content.decode()
    brief = client.get("/ringkasan/?bulan=2025-07").content.decode()

    assert (regency.count("DRAF"), other.count("DRAF"), province.count("DRAF")) == (0, 1, 1)
    assert "1 dari 14 kab/kota sudah disetujui" in province
    assert brief.count("DRAF") == 1


def test_archive_has_every_release_with_its_figures(client: Client) -> None:
    drifted()
    closing.publish_revision(month=JULY, regency=KETAPANG, reason="koreksi", author=author())

    listed = client.get("/arsip/?bulan=2025-07").content.decode()
    first = client.get(f"/arsip/2025-07/{KETAPANG}/0/").content.decode()
    second = client.get(f"/arsip/2025-07/{KETAPANG}/1/").content.decode()
    file = client.get("/arsip/arsip.csv?wilayah=61.04").content.decode()

    assert "2 terbitan" in listed
    assert ("Terbitan pertama" in listed, "Revisi 1" in listed, "koreksi" in listed) == (True, True, True)
    assert (">300<" in first, ">350<" in second) == (True, True)
    assert len(file.strip().splitlines()) == 1 + 2 * 5
    assert "Revisi 1" in file
    assert client.get(f"/arsip/2025-07/{KETAPANG}/2/").status_code == 404
    assert Release.objects.count() == 2


def test_archive_is_for_whoever_may_see_the_area(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False
    filled()
    closed(KETAPANG)
    assert client.get("/arsip/").status_code == 302
    client.force_login(factories.user("sambas", "61.01"))

    assert "Belum ada bulan yang disetujui" in client.get("/arsip/").content.decode()
    assert client.get(f"/arsip/2025-07/{KETAPANG}/0/").status_code == 404


def test_overview_of_a_closed_month_costs_one_query_more(django_assert_num_queries: Any) -> None:
    ketapang = filled()
    _ = ketapang.province
    reader = User(is_superuser=True)
    with django_assert_num_queries(7):
        selectors.area_overview(ketapang, JULY, reader=reader)
    closed(KETAPANG)

    with django_assert_num_queries(8):
        selectors.area_overview(ketapang, JULY, reader=reader)


def test_board_says_it_by_word_and_sign(signed_in: Callable[..., Client]) -> None:
    filled()
    closed(KETAPANG)

    page = signed_in().get("/kelengkapan/?sampai=2025-07").content.decode()

    assert "disetujui" in page
    assert page.count("belum") >= 13
    assert 'aria-hidden="true">■' in page
