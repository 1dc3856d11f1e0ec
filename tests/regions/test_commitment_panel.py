"""Promises on the pages of coverage: beside the gap, for those who may see them."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from regions.models import Regency
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _on_a_day() -> Any:
    cache.clear()
    with time_machine.travel("2025-11-27T10:00:00+07:00", tick=False):
        yield


@pytest.fixture
def sambas() -> Regency:
    """Of 1,000 people 160 are members; 450 more are needed for 61 %."""
    regency = factories.regency("61.01")
    factories.workforce(regency, 1000)
    factories.membership(regency, 160, month="2025-10")
    factories.target(regency, "61", year=2025)
    return regency


def panel(client: Client, path: str = "/wilayah/61.01/") -> str:
    html = client.get(path).content.decode()
    if 'id="tindak-lanjut"' not in html:
        return ""
    return " ".join(html.split('id="tindak-lanjut"')[1].split("</section>")[0].split())


def sign_in(client: Client, *areas: str, group: str = "Pembaca") -> None:
    user = factories.user("anggota", *areas)
    user.groups.add(Group.objects.get(name=group))
    client.force_login(user)


def test_title_sets_what_is_promised_against_what_is_missing(client: Client, sambas: Regency) -> None:
    sign_in(client, "61.01")
    factories.commitment(sambas, "2025-11-26", promised_members=120)
    factories.commitment(sambas, "2025-12-27", promised_members=30)

    shown = panel(client)

    assert "Janji 150 dari kekurangan 450 orang" in shown
    assert "2 janji berjalan: 1 lewat tenggat, 1 segera jatuh tempo, per 27 November 2025." in shown
    assert "Kekurangan menurut data Oktober 2025." in shown
    assert "lewat tenggat 1 hari" in shown
    assert "segera jatuh tempo, 30 hari lagi" in shown
    assert "bukan bukti hasil sebuah janji" in shown


def test_day_of_the_page_decides(client: Client, sambas: Regency) -> None:
    factories.commitment(sambas, "2025-11-27")

    with time_machine.travel("2025-11-27T23:59:00+07:00", tick=False):
        sign_in(client, "61.01")
        today = panel(client)
    with time_machine.travel("2025-11-28T00:01:00+07:00", tick=False):
        tomorrow = panel(client)

    assert "jatuh tempo hari ini" in today
    assert "lewat tenggat 1 hari" in tomorrow


@pytest.mark.parametrize(
    ("group", "may"), [("Pembaca", False), ("Staf BPJS", True), ("Pengelola data", True)]
)
def test_without_promises_there_is_a_kind_sentence_and_a_link_for_who_may(
    client: Client, sambas: Regency, group: str, may: bool
) -> None:
    sign_in(client, "61.01", group=group)

    shown = panel(client)

    assert "Belum ada janji yang berjalan" in shown
    assert "Apa yang disepakati untuk Kabupaten Sambas dapat dicatat di sini" in shown
    assert ("/wilayah/61.01/tindak-lanjut/#catat" in shown) is may


def test_public_sees_coverage_and_no_promises(client: Client, sambas: Regency, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    factories.commitment(sambas, "2025-11-26")

    assert (panel(client), panel(client, "/")) == ("", "")
    sign_in(client, "61.04")
    assert panel(client) == ""


def test_province_shows_sums_by_regency_and_what_is_overdue(client: Client, sambas: Regency) -> None:
    sign_in(client, "61")
    factories.commitment(sambas, "2025-11-26", promised_members=120)
    factories.commitment(factories.regency("61.04"), "2026-05-01", promise="Nanti", promised_members=5)

    shown = panel(client, "/")

    assert "2 janji berjalan: 1 lewat tenggat" in shown
    assert 'href="/wilayah/61.01/tindak-lanjut/">Kab. Sambas</a>' in shown
    assert '<td class="number" data-label="Peserta dijanjikan">120</td>' in shown
    assert '<td class="number" data-label="Kekurangan peserta">450</td>' in shown
    assert "Mendaftarkan nelayan" in shown
    assert "Nanti" not in shown
