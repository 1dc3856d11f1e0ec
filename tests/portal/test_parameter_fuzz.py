"""Whatever stands in an address, no page fails, and none takes it for its own markup."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib import admin
from django.contrib.auth.decorators import login_not_required
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from coverage_portal import urls as portal
from coverage_portal.accounts.asked import AskedAdmin
from regions.models import Regency
from tests import factories
from tests.portal.crawling import NOT_VISITED, autocompletes, fill
from tests.portal.furnished import HERE, OWN, Scene, furnish
from tests.portal.hostile_values import VALUES, WORST
from tests.portal.parameters import Address, broken, in_turn, inventory, questions
from tests.soaking import rounds, say
from tests.visiting import routes

pytestmark = pytest.mark.django_db

IS_LONG = rounds(0, 1) == 1


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.UPLOAD_DIR = tmp_path / "uploads"
    found = Scene()
    furnish(HERE, OWN, found.here)
    return found


@pytest.fixture
def official() -> Client:
    """A superuser, who may open every page; what fails is an answer, as for everyone."""
    client = Client(raise_request_exception=False)
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    return client


SHORT = ("admin/regions/target/", "admin/accounts/change/", "admin/autocomplete/?")
"""Of the admin, whose pages have one base, the short form asks those of a few models."""
READ_AS_A_WHOLE = {
    # Written whole into the file, as the address of its page.
    "unduhan/61.04.xlsx", "rekonsiliasi/61.04.xlsx",
    # Looked through for what the pages' own forms ask.
    "simulasi-iuran/", "simulasi/", f"simulasi/?wilayah={HERE}",
}  # fmt: skip
"""Where a query is read as a whole, no name is seen to be read: how these are known is in `parameters`."""


def addresses(scene: Scene) -> list[str]:
    """An address for each route that the resolver knows, and the fields that are chosen in by typing."""
    found = [fill(scene.here, route, name)[0] for route, name in routes()]
    own = [path for path in found if not path.startswith("admin/")] + [f"simulasi/?wilayah={HERE}"]
    of_admin = [*(path for path in found if path.startswith("admin/")), *autocompletes()]
    asked = [path for path in of_admin if path.startswith(SHORT)]
    return sorted({*own, *(of_admin if IS_LONG else asked)} - NOT_VISITED)


def test_nothing_in_an_address_breaks_a_page(
    scene: Scene, official: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as patch:
        found = inventory(official, addresses(scene), patch)
    own = [each for each in found if not each.path.startswith("admin/")]
    of_admin = [each for each in found if each.path.startswith("admin/")]
    values = VALUES if IS_LONG else WORST
    asked = [
        *(questions(own) if IS_LONG else in_turn(own, WORST)),
        *in_turn(of_admin, values),
        *in_turn(of_admin, WORST if IS_LONG else WORST[:1], derived=True),
    ]

    wrong = broken(official, asked)

    spots = sum(len(each.names) + len(each.derived) for each in found)
    say(f"parameters: {spots} at {len(found)} addresses, {len(asked)} questions, {len(wrong)} failures")
    assert wrong == {}
    whole = {each.path for each in own if each.reads_all and not each.path.startswith("api/v1/")}
    assert whole == READ_AS_A_WHOLE
    known = {each.path: set(each.names) for each in found}
    assert {"cari", "urut", "halaman", "per", "bentuk"} <= known["proyek/"] | known["proyek/berkas/"]
    assert {"nilai", "upah"} <= known["simulasi-iuran/"]
    assert {f"t.{HERE}", f"l.{HERE}", "bulan"} <= known[f"simulasi/?wilayah={HERE}"]
    assert {"area", "month"} <= known["api/v1/coverage"]
    assert "q" in known["admin/regions/target/"]
    assert len(VALUES) >= 200


ONCE_FAILED = {
    "riwayat/?sampai=9999-12-31": 200,
    "riwayat/kejadian/unduhan/?sampai=9999-12-31": 200,
    f"kelompok/?wilayah={HERE}%00": 404,
    "kelompok/unduhan.xlsx?wilayah=%00": 404,
    "admin/regions/target/?wilayah=%00": 302,
    "admin/accounts/change/?reason__regex=(": 302,
    "admin/projects/payment/?paid_on__year=9999": 302,
    "admin/regions/target/export/?id=satu": 302,
    "admin/regions/agency/add/?regency=%00": 200,
    "admin/projects/addendum/add/?project=satu": 200,
    "admin/autocomplete/?app_label=projects&model_name=addendum&field_name=project&term=%00": 200,
}


def test_what_once_failed_is_answered(scene: Scene, official: Client) -> None:
    statuses = {}
    for asked in ONCE_FAILED:
        with transaction.atomic():
            statuses[asked] = official.get(f"/{asked}").status_code
            transaction.set_rollback(statuses[asked] >= 500)

    assert statuses == ONCE_FAILED


def test_filters_that_no_column_holds_lead_an_export_back_to_its_list(official: Client) -> None:
    answer = official.post(
        "/admin/regions/target/export/?wilayah=%00", {"format": "0", "resource": "0"}, follow=True
    )

    assert answer.redirect_chain == [("/admin/regions/target/", 302)]
    assert (
        "Saringan pada alamat ini tidak dapat dibaca. Pilih saringan di daftar ini" in answer.content.decode()
    )


def test_every_page_of_the_admin_has_the_base_that_reads_addresses_with_care() -> None:
    assert [each for each in admin.site._registry.values() if not isinstance(each, AskedAdmin)] == []


@login_not_required
def trusting_a_number(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(int(request.GET.get("nomor", "1"))))


@login_not_required
def trusting_a_code(request: HttpRequest) -> HttpResponse:
    return HttpResponse(str(Regency.objects.filter(code=request.GET.get("kode", "61")).count()))


@login_not_required
def trusting_a_text(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"<p>{request.GET.get('teks', '')}</p>")


@login_not_required
def trusting_a_day(request: HttpRequest) -> HttpResponse:
    """Reads one parameter only where there is another."""
    on = request.GET.get("hari", "2025-01-01") if "teks" in request.GET else "2025-01-01"
    return HttpResponse(f"{datetime.date.fromisoformat(on)}")


urlpatterns = [
    path("nomor/", trusting_a_number),
    path("kode/", trusting_a_code),
    path("teks/", trusting_a_text),
    path("hari/", trusting_a_day),
    *portal.urlpatterns,
]
handler500 = portal.handler500


def test_control_arm_page_that_trusts_its_parameter_is_found(
    official: Client, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.ROOT_URLCONF = __name__
    with monkeypatch.context() as patch:
        found = inventory(official, ["nomor/", "kode/", "teks/", "hari/"], patch)

    wrong = broken(official, in_turn(found, WORST))

    pages = {"/nomor/ nomor", "/kode/ kode", "/teks/ teks"}
    assert {" ".join(each.split("=")[0].split()[1:]) for each in wrong} == pages
    together = Address("hari/?teks=1", "GET", 200, ("hari",), (), reads_all=False)
    assert "hari" in found[-1].names
    assert broken(official, in_turn([together], WORST)) != {}
