"""Promises in the admin: one's own areas only, with a trace."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Group
from django.test import Client

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from regions.models import Commitment, Regency
from tests import factories

pytestmark = pytest.mark.django_db
ADMIN = "/admin/regions/commitment/"


@pytest.fixture
def sambas() -> Regency:
    return factories.regency("61.01")


@pytest.fixture
def keeper(client: Client) -> Client:
    user = factories.user("pengelola", "61.01", is_staff=True)
    user.groups.add(Group.objects.get(name="Pengelola data"))
    client.force_login(user)
    return client


def values(regency: Regency, **changed: str) -> dict[str, str]:
    return {
        "regency": regency.code,
        "agency": str(factories.office(regency).pk),
        "promise": "Mendaftarkan nelayan",
        "promised_members": "12.000",
        "segment": "",
        "made_on": "2025-08-12",
        "due_on": "2025-12-31",
        "source": "Rapat koordinasi",
        "status": "berjalan",
        "closed_on": "",
        "closing_note": "",
        "reason": "Notulen diterima",
        **changed,
    }


def test_list_holds_ones_own_areas_and_another_areas_is_not_found(keeper: Client, sambas: Regency) -> None:
    own = factories.commitment(sambas)
    foreign = factories.commitment(factories.regency("61.04"))

    found = keeper.get(ADMIN).context["cl"].queryset
    pages = [keeper.get(f"{ADMIN}{foreign.pk}/{page}/") for page in ("change", "delete", "history")]

    assert list(found) == [own]
    assert [page.status_code for page in pages] == [404] * 3
    assert b"61.04" not in keeper.post(f"{ADMIN}export/", {"format": "1", "resource": "0"}).content


@pytest.mark.parametrize("query", ["wilayah=61.01", "wilayah=61", "status__exact=berjalan", "q=nelayan"])
def test_list_can_be_narrowed(keeper: Client, sambas: Regency, query: str) -> None:
    factories.commitment(sambas)

    response = keeper.get(f"{ADMIN}?{query}")

    assert (response.status_code, len(response.context["cl"].queryset)) == (200, int(query != "wilayah=61"))


def test_adding_reads_the_number_as_written_and_leaves_a_trace(keeper: Client, sambas: Regency) -> None:
    before = generation.current()

    response = keeper.post(f"{ADMIN}add/", values(sambas))

    assert response.status_code == 302
    assert Commitment.objects.get().promised_members == 12_000
    change = Change.objects.get()
    assert (change.source, change.reason) == ("admin", "Notulen diterima")
    assert change.after["promised_members"] == 12_000
    assert generation.current() != before


def test_changing_and_deleting_leave_a_trace(keeper: Client, sambas: Regency) -> None:
    promise = factories.commitment(sambas)
    before = generation.current()

    keeper.post(f"{ADMIN}{promise.pk}/change/", values(sambas, due_on="2026-03-31"))
    between = generation.current()
    keeper.post(f"{ADMIN}{promise.pk}/delete/", {"post": "yes"})

    changed, deleted = Change.objects.order_by("pk")
    assert (changed.before["due_on"], changed.after["due_on"]) == ("2025-12-31", "2026-03-31")
    assert (deleted.before["due_on"], deleted.after) == ("2026-03-31", None)
    assert len({before, between, generation.current()}) == 3


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"status": "selesai"}, "harus disertai tanggal dan catatan penutupan"),
        ({"due_on": "2025-08-11"}, "Tenggat tidak boleh sebelum tanggal janji."),
        ({"promised_members": "0"}, "lebih besar dari atau sama dengan 1"),
    ],
)
def test_what_cannot_be_is_an_error_on_the_form(
    keeper: Client, sambas: Regency, changed: dict[str, str], sentence: str
) -> None:
    response = keeper.post(f"{ADMIN}add/", values(sambas, **changed))

    assert sentence in response.content.decode()
    assert not Commitment.objects.exists()


def test_agency_that_does_not_act_there_is_an_error_on_the_form(keeper: Client, sambas: Regency) -> None:
    agency = factories.office(factories.province("62", "Kalimantan Tengah"))
    client = Client()
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))

    response = client.post(f"{ADMIN}add/", values(sambas, agency=str(agency.pk)))

    assert "tidak bertugas di kabupaten/kota itu" in response.content.decode()


def test_agency_of_a_promise_is_moved_with_a_sentence_instead_of_an_error(
    keeper: Client, sambas: Regency
) -> None:
    agency = factories.commitment(sambas).agency
    client = Client()
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    moved = {"code": agency.code, "name": agency.name, "kind": "opd_kab", "province": "", "regency": "61.04"}

    response = client.post(f"/admin/regions/agency/{agency.pk}/change/", moved)

    assert response.status_code == 200
    assert "memegang janji tindak lanjut di luar wilayah itu" in response.content.decode()
