"""The pages of follow-up: who reads, who writes, and what writing leaves behind."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.contrib.auth.models import Group
from django.core.cache import cache
from django.test import Client

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change, User
from regions.models import Commitment, Regency
from tests import factories

pytestmark = pytest.mark.django_db
TODAY = "2025-11-27"
CLOSED: dict[str, Any] = {
    "status": "selesai",
    "closed_on": datetime.date(2025, 11, 1),
    "closing_note": "12.004 terdaftar",
}


@pytest.fixture(autouse=True)
def _on_a_day() -> Any:
    cache.clear()
    with time_machine.travel(f"{TODAY}T10:00:00+07:00", tick=False):
        yield


@pytest.fixture
def sambas() -> Regency:
    return factories.regency("61.01")


@pytest.fixture
def ketapang() -> Regency:
    return factories.regency("61.04")


def member(*areas: str, group: str = "Pengelola data") -> User:
    user = factories.user("anggota", *areas)
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.fixture
def keeper(client: Client) -> Client:
    client.force_login(member("61.01"))
    return client


def text_of(response: Any) -> str:
    return " ".join(response.content.decode().split())


def values(regency: Regency, **changed: str) -> dict[str, str]:
    return {
        "promise": "Mendaftarkan nelayan",
        "agency": str(factories.office(regency).pk),
        "promised_members": "12.000",
        "segment": "BPU",
        "made_on": "2025-08-12",
        "due_on": "2025-12-31",
        "source": "Rapat koordinasi 12 Agustus 2025",
        **changed,
    }


def test_adding_writes_the_promise_its_history_and_moves_the_generation(
    keeper: Client, sambas: Regency
) -> None:
    before = generation.current()

    response = keeper.post("/wilayah/61.01/tindak-lanjut/tambah/", values(sambas))

    assert (response.status_code, response["Location"]) == (302, "/wilayah/61.01/tindak-lanjut/")
    added = Commitment.objects.get()
    assert (added.regency_id, added.promised_members, added.segment) == ("61.01", 12_000, "BPU")
    assert (added.made_on, added.due_on) == (datetime.date(2025, 8, 12), datetime.date(2025, 12, 31))
    change = Change.objects.get()
    assert (change.actor, change.source, change.model) == ("anggota", "page", "regions.commitment")
    assert (change.before, change.after["promised_members"]) == (None, 12_000)
    assert generation.current() != before
    assert "Mendaftarkan nelayan" in text_of(keeper.get("/wilayah/61.01/tindak-lanjut/"))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"promise": " "}, "Bidang ini tidak boleh kosong."),
        ({"promise": "x" * 301}, "300"),
        ({"promised_members": "dua belas"}, "Bukan angka."),
        ({"promised_members": "0"}, "lebih besar dari atau sama dengan 1"),
        ({"promised_members": "-5"}, "lebih besar dari atau sama dengan 0"),
        ({"promised_members": "300.000.001"}, "lebih kecil dari atau sama dengan 300000000"),
        ({"due_on": "2025-08-11"}, "Tenggat tidak boleh sebelum tanggal janji."),
        ({"made_on": "2025-11-28"}, "Tanggal janji belum terjadi."),
        ({"made_on": "1205-08-12"}, "Periksa tahunnya."),
        ({"segment": "PNS"}, "PNS"),
        ({"agency": "0"}, "Masukkan pilihan yang valid"),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_written(
    keeper: Client, sambas: Regency, changed: dict[str, str], sentence: str
) -> None:
    before = generation.current()

    response = keeper.post("/wilayah/61.01/tindak-lanjut/tambah/", values(sambas, **changed))

    assert response.status_code == 422
    assert sentence in text_of(response)
    assert not Commitment.objects.exists()
    assert generation.current() == before


def test_agency_of_another_regency_cannot_be_chosen(
    keeper: Client, sambas: Regency, ketapang: Regency
) -> None:
    posted = values(sambas, agency=str(factories.office(ketapang).pk))

    response = keeper.post("/wilayah/61.01/tindak-lanjut/tambah/", posted)

    assert response.status_code == 422
    assert not Commitment.objects.exists()


def test_moved_due_date_is_in_the_history_with_its_reason(keeper: Client, sambas: Regency) -> None:
    promise = factories.commitment(sambas, "2025-11-30", segment="BPU", promised_members=12_000)
    before = generation.current()

    response = keeper.post(
        f"/tindak-lanjut/{promise.pk}/ubah/",
        values(sambas, due_on="2026-03-31", alasan="Anggaran perubahan terlambat"),
    )

    assert response.status_code == 302
    promise.refresh_from_db()
    assert promise.due_on == datetime.date(2026, 3, 31)
    change = Change.objects.get()
    assert (change.before["due_on"], change.after["due_on"]) == ("2025-11-30", "2026-03-31")
    assert generation.current() != before
    page = text_of(keeper.get(f"/tindak-lanjut/{promise.pk}/"))
    assert "tenggat: 30 November 2025 → 31 Maret 2026" in page
    assert "Alasan: Anggaran perubahan terlambat" in page


def test_saving_what_is_the_same_leaves_no_trace(keeper: Client, sambas: Regency) -> None:
    promise = factories.commitment(sambas, "2025-12-31", segment="BPU", promised_members=12_000)
    before = generation.current()

    response = keeper.post(f"/tindak-lanjut/{promise.pk}/ubah/", values(sambas), follow=True)

    assert "Tidak ada yang berubah." in text_of(response)
    assert not Change.objects.exists()
    assert generation.current() == before


def test_closing_and_reopening(keeper: Client, sambas: Regency) -> None:
    promise = factories.commitment(sambas)
    address = f"/tindak-lanjut/{promise.pk}/"
    closing = {"status": "selesai", "closed_on": TODAY, "closing_note": "12.004 terdaftar"}

    closed = keeper.post(f"{address}tutup/", closing)

    assert (closed.status_code, closed["Location"]) == (302, "/wilayah/61.01/tindak-lanjut/")
    promise.refresh_from_db()
    assert (promise.status, promise.closed_on) == ("selesai", datetime.date(2025, 11, 27))
    assert "1 janji sudah ditutup" in text_of(keeper.get("/wilayah/61.01/tindak-lanjut/"))

    for again, data in (("tutup", closing), ("ubah", values(sambas))):
        refused = keeper.post(f"{address}{again}/", data)
        assert refused.status_code == 422
        assert "Janji ini sudah ditutup." in text_of(refused)

    keeper.post(f"{address}buka/", {"alasan": "Salah catat"})

    promise.refresh_from_db()
    assert (promise.status, promise.closed_on, promise.closing_note) == ("berjalan", None, "")
    assert [change.reason for change in Change.objects.order_by("pk")] == ["", "Salah catat"]


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"closing_note": " "}, "Bidang ini tidak boleh kosong."),
        ({"closed_on": ""}, "Bidang ini tidak boleh kosong."),
        ({"closed_on": "2025-11-28"}, "Tanggal ditutup belum terjadi."),
        ({"closed_on": "2025-08-11"}, "Tanggal ditutup tidak boleh sebelum tanggal janji."),
        ({"status": "berjalan"}, "berjalan"),
    ],
)
def test_closing_needs_a_day_and_a_note(
    keeper: Client, sambas: Regency, changed: dict[str, str], sentence: str
) -> None:
    promise = factories.commitment(sambas)
    data = {"status": "batal", "closed_on": TODAY, "closing_note": "diganti", **changed}

    response = keeper.post(f"/tindak-lanjut/{promise.pk}/tutup/", data)

    assert response.status_code == 422
    assert sentence in text_of(response)
    promise.refresh_from_db()
    assert promise.is_open


ADDRESSES = ["wilayah/61.04/tindak-lanjut/", "tindak-lanjut/{pk}/"]
WRITING = [
    "wilayah/61.04/tindak-lanjut/tambah/",
    *(f"tindak-lanjut/{{pk}}/{verb}/" for verb in ("ubah", "tutup", "buka")),
]


@pytest.mark.parametrize("method", ["get", "post"])
def test_promises_of_another_area_are_not_found(keeper: Client, ketapang: Regency, method: str) -> None:
    foreign = factories.commitment(ketapang)

    for address in ADDRESSES if method == "get" else WRITING:
        response = getattr(keeper, method)(f"/{address.format(pk=foreign.pk)}", values(ketapang))

        assert (address, response.status_code) == (address, 404)
    assert Commitment.objects.count() == 1


@pytest.mark.parametrize("code", ["61", "62.01", "61.99"])
def test_only_regencies_of_the_province_have_the_page(client: Client, code: str) -> None:
    client.force_login(member("61", "62"))
    factories.regency("62.01", "Kotawaringin Barat")

    assert client.get(f"/wilayah/{code}/tindak-lanjut/").status_code == 404


def test_reader_reads_and_cannot_write(client: Client, sambas: Regency) -> None:
    client.force_login(member("61.01", group="Pembaca"))
    promise = factories.commitment(sambas)

    pages = [client.get("/wilayah/61.01/tindak-lanjut/"), client.get(f"/tindak-lanjut/{promise.pk}/")]
    posts = [
        client.post("/wilayah/61.01/tindak-lanjut/tambah/", values(sambas)),
        *(
            client.post(f"/tindak-lanjut/{promise.pk}/{verb}/", values(sambas))
            for verb in ("ubah", "tutup", "buka")
        ),
    ]

    for page in pages:
        assert page.status_code == 200
        assert "Mendaftarkan nelayan" in text_of(page)
        assert "Simpan" not in text_of(page)
    assert [response.status_code for response in posts] == [403] * 4
    assert not Change.objects.exists()


@pytest.mark.parametrize(
    "path",
    ["/tindak-lanjut/", "/tindak-lanjut/berkas/", "/tindak-lanjut/1/", "/wilayah/61.01/tindak-lanjut/"],
)
def test_stranger_is_asked_to_sign_in_public_or_not(client: Client, settings: Any, path: str) -> None:
    settings.PUBLIC_AGGREGATES = True

    response = client.get(path)

    assert (response.status_code, response["Location"].partition("?")[0]) == (302, "/masuk/")


def test_list_holds_ones_own_areas_and_keeps_filters_in_the_address(
    keeper: Client, sambas: Regency, ketapang: Regency
) -> None:
    factories.commitment(sambas, "2025-11-26", promise="Yang terlambat")
    factories.commitment(sambas, "2025-11-27", promise="Yang jatuh hari ini")
    factories.commitment(ketapang, "2025-11-26", promise="Milik Ketapang")

    everything, late = (
        text_of(keeper.get("/tindak-lanjut/")),
        text_of(keeper.get("/tindak-lanjut/?keadaan=lewat")),
    )

    assert "lewat tenggat 1 hari" in everything
    assert "jatuh tempo hari ini" in everything
    assert "Milik Ketapang" not in everything
    assert ("Yang terlambat" in late, "Yang jatuh hari ini" in late) == (True, False)
    assert 'href="/tindak-lanjut/berkas/?keadaan=lewat&amp;bentuk=csv"' in late
    unknown = text_of(keeper.get("/tindak-lanjut/?keadaan=basi&wilayah=x&halaman=y"))
    assert "Saringan basi tidak dikenal, jadi tidak dipakai." in unknown
    assert "Yang terlambat" in unknown


def test_csv_holds_what_the_list_shows(keeper: Client, sambas: Regency, ketapang: Regency) -> None:
    factories.commitment(sambas, "2025-11-26", promise="=1+1", promised_members=12_000, segment="JAKON")
    factories.commitment(sambas, "2025-11-26", promise="Tutup", **CLOSED)
    factories.commitment(ketapang, promise="Milik Ketapang")

    response = keeper.get("/tindak-lanjut/berkas/?bentuk=csv&keadaan=terbuka")

    assert response["Content-Disposition"] == 'attachment; filename="tindak-lanjut-2025-11-27.csv"'
    assert response.content.decode("utf-8-sig").splitlines() == [
        "Kode Wilayah;Wilayah;Yang Dijanjikan;Kode Instansi;Penanggung Jawab;Peserta yang Dijanjikan;Segmen;"
        "Tanggal Janji;Tenggat;Keadaan Per;Keadaan;Tanggal Ditutup;Catatan Penutupan;Forum atau Sumber",
        "61.01;Kabupaten Sambas;'=1+1;61.01.CONTOH;Dinas Contoh 61.01.CONTOH;12000;Jakon;2025-08-12;"
        "2025-11-26;2025-11-27;lewat tenggat;;;Rapat koordinasi 12 Agustus 2025",
    ]


def test_user_without_an_area_is_told_whom_to_ask(client: Client, sambas: Regency) -> None:
    factories.commitment(sambas)
    client.force_login(factories.user("tanpa"))

    page = text_of(client.get("/tindak-lanjut/"))

    assert "Akun Anda belum diberi wilayah kerja" in page
    assert "Mendaftarkan nelayan" not in page
