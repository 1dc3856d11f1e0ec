"""The letter itself: its official wording, its form on paper, and names that would break out of it."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from coverage_portal import env
from coverage_portal.lib import pdf
from projects import issuing, letters
from projects.letters import Content

from .test_compliance import ASSESSED, FIRST, PROJECT
from .test_letters import MANY, item, said, todo

REFERENCE = "PJK-2026-0001"
HOSTILE = '<img src="file:///etc/passwd"><svg onload="x"><image href="http://127.0.0.1/"/></svg>{{ x }}'


@pytest.fixture
def letter() -> Content:
    arrears = replace(ASSESSED, payments=(FIRST,))
    return said(todo(item(4, PROJECT, "Waduk Contoh"), item(3, arrears, "Saluran Contoh")))


def text_of(html: str) -> str:
    return " ".join(unescape(re.sub(r"<[^>]+>", " ", html.split("<body>")[1])).split())


def test_letter_reads_as_an_official_letter(letter: Content) -> None:
    text = text_of(issuing.page(letter, REFERENCE))

    assert (
        "Pemerintah Provinsi (contoh) Kota Contoh, 20 November 2026 Nomor : Sifat : Penting Lampiran : 1"
        " (satu) berkas Hal : Imbauan Pelindungan Jaminan Sosial Ketenagakerjaan pada Proyek Jasa "
        "Konstruksi Kepada Yth. Kepala Dinas PUPR Contoh di Ketapang Dalam rangka pelindungan jaminan "
        "sosial ketenagakerjaan bagi pekerja pada proyek jasa konstruksi, dan berdasarkan: Peraturan "
        "Pemerintah Nomor 44 Tahun 2015"
    ) in text
    assert "Peraturan Pemerintah Nomor 49 Tahun 2023; Instruksi Presiden Nomor 2 Tahun 2021" in text
    assert (
        "Menurut data pada Portal dengan posisi per 20 November 2026, 2 (dua) proyek jasa konstruksi "
        "pada Dinas PUPR Contoh perlu tindak lanjut, yaitu: belum didaftarkan dan melewati batas waktu: "
        "1 (satu) proyek; pekerjaan dimulai dan iuran belum dibayar: 1 (satu) proyek; menunggak iuran: 1"
        " (satu) proyek. Satu proyek dapat memerlukan lebih dari satu tindak lanjut. Rinciannya "
        "tercantum dalam Lampiran. Iuran proyek-proyek tersebut yang belum dibayar, dengan posisi per 20"
        " November 2026: menurut penetapan BPJS Ketenagakerjaan sebesar Rp310.000, seluruhnya telah "
        "lewat jatuh tempo; untuk proyek yang iurannya belum ditetapkan, menurut perkiraan portal "
        "sebesar Rp620.000 (perkiraan); yang berlaku ialah penetapan BPJS Ketenagakerjaan. Sehubungan "
        "dengan hal tersebut, kami mengimbau Saudara agar menindaklanjuti setiap proyek sebagaimana "
        "tercantum dalam Lampiran bersama Pejabat Pembuat Komitmen dan penyedia jasa, paling lambat 14 "
        "(empat belas) hari kerja sejak surat ini diterima, dan menyampaikan hasilnya kepada kami."
    ) in text
    assert "Demikian disampaikan. Atas perhatian dan kerja sama Saudara, kami ucapkan terima kasih." in text
    assert "Rp620.000 (perkiraan)" in text
    assert "temuan" not in text.lower()


def test_number_is_left_to_the_secretariat_in_both_places(letter: Content) -> None:
    html = issuing.page(letter, REFERENCE)

    assert html.count("<tr><td>Nomor</td><td>:</td><td></td></tr>") == 2
    assert text_of(html).startswith(REFERENCE)


def test_more_projects_than_one_letter_holds_are_said(letter: Content) -> None:
    text = text_of(issuing.page(said(todo(*MANY), at_most=4), REFERENCE))

    assert "yang memuat 4 (empat) proyek yang didahulukan; selebihnya disampaikan dengan surat" in text


def test_signatory_is_set_or_left_to_fill_in(letter: Content, settings: Any) -> None:
    blank = issuing.page(letter, REFERENCE)
    settings.LETTER_SIGNATORY_NAME, settings.LETTER_SIGNATORY_NIP = "Nama Contoh, S.E.", "198001012005011001"
    signed = issuing.page(letter, REFERENCE)

    assert (blank.count('class="blank'), signed.count('class="blank')) == (2, 0)
    assert "Kepala Dinas, Nama Contoh, S.E. NIP 198001012005011001" in text_of(signed)


def test_copy_says_that_it_was_printed_again(letter: Content) -> None:
    text = text_of(issuing.page(letter, REFERENCE, letter.printed_on))

    assert text.startswith(f"{REFERENCE} · cetak ulang 20 November 2026")


def test_names_stay_text(letter: Content, monkeypatch: pytest.MonkeyPatch) -> None:
    hostile = said(todo(item(1, PROJECT, HOSTILE, contractor=HOSTILE, package_code=HOSTILE, place=HOSTILE)))
    hostile = replace(hostile, addressee=HOSTILE, agency=HOSTILE)
    asked: list[str] = []
    fetcher = pdf._fetcher_class()
    fetch = fetcher.fetch
    monkeypatch.setattr(
        fetcher, "fetch", lambda self, url, headers=None: asked.append(url) or fetch(self, url)
    )

    html = issuing.page(hostile, REFERENCE)
    document = pdf.document(html, issuing.files())

    assert html.count("<img") == html.count("<svg") == 0
    assert asked == ["portal:letter.css"]
    words = "".join(
        box.text for page in document.pages for box in page._page_box.descendants() if is_text(box)
    )
    assert "file:///etc/passwd" in words


def is_text(box: Any) -> bool:
    return hasattr(box, "text")


def test_attachment_repeats_its_head_and_splits_no_project() -> None:
    long = said(todo(*(item(number, PROJECT, f"Waduk Contoh {number:02d}") for number in range(1, 31))))

    document = pdf.document(issuing.page(long, REFERENCE), issuing.files())

    widths = [round(page.width / 96 * 25.4) for page in document.pages]
    letter_pages = widths.count(210)
    assert widths == [210] * letter_pages + [297] * (len(widths) - letter_pages)
    assert len(widths) - letter_pages > 3
    titles: list[str] = []
    for number, page in enumerate(document.pages[letter_pages:], 1):
        text = "".join(box.text for box in page._page_box.descendants() if is_text(box))
        assert "Iuran belum dibayar" in text.replace("belumdibayar", "belum dibayar")
        assert f"Lampiran, halaman {number}" in text
        assert REFERENCE in text
        found = re.findall(r"Waduk Contoh \d\d", text)
        assert text.count("Belum didaftarkan, sudah terlambat") == len(found)
        titles += found
    assert titles == [f"Waduk Contoh {number:02d}" for number in range(1, 31)]


def test_logo_is_loaded_where_one_is_set(letter: Content, settings: Any, tmp_path: Path) -> None:
    assert "<img" not in issuing.page(letter, REFERENCE)
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    settings.LETTER_LOGO = logo

    assert 'src="portal:logo"' in issuing.page(letter, REFERENCE)
    assert issuing.rendered(letter, REFERENCE).startswith(b"%PDF-")


def test_letter_of_someone_elses_settings_keeps_its_own(letter: Content, settings: Any) -> None:
    settings.LETTERHEAD = ["Lain"]

    assert "Pemerintah Provinsi (contoh)" in issuing.page(letter, REFERENCE)


def test_settings_of_letters_are_read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("LETTERHEAD", "Pemerintah Contoh; Dinas A, B ;; Jalan C, 1")
    monkeypatch.setenv("LETTER_LOGO", str(tmp_path / "tiada.png"))

    assert env.lines("LETTERHEAD", default=["x"]) == ["Pemerintah Contoh", "Dinas A, B", "Jalan C, 1"]
    assert env.lines("LETTER_TIADA", default=["x"]) == ["x"]
    assert env.file("LETTER_TIADA") is None
    with pytest.raises(ImproperlyConfigured, match=r"LETTER_LOGO=.* cannot be used"):
        env.file("LETTER_LOGO")


def test_legal_bases_name_their_year() -> None:
    assert all(re.search(r"Nomor \d+ Tahun 20\d\d", basis) for basis in letters.LEGAL_BASES)
