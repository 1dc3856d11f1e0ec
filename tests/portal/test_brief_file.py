"""The brief on paper: one page whatever the province, always the same bytes, tagged, and in Indonesian."""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.utils import translation

from coverage_portal.brief import Brief, sheet
from coverage_portal.lib import pdf
from regions.maps import Band
from tests import pdf_text
from tests.portal import briefs

HOSTILE = '<img src="file:///etc/passwd"><script>x</script>'


@pytest.mark.parametrize(
    "brief",
    [
        pytest.param(briefs.province(14), id="14 regencies"),
        pytest.param(briefs.province(38), id="38 regencies"),
        pytest.param(briefs.province(38, name=briefs.LONG), id="38 with the longest name"),
        pytest.param(briefs.province(14, name=briefs.LONG, missing=3), id="three not in"),
        pytest.param(briefs.province(1), id="one regency"),
        pytest.param(briefs.regency(), id="a regency's own"),
    ],
)
def test_brief_is_one_page_and_whole(brief: Brief) -> None:
    file = sheet.file(brief, briefs.PRINTED_AT)
    text = pdf_text.text_of(file)

    assert pdf_text.page_count(file) == 1
    assert "Ringkasan Eksekutif".upper() in text
    assert text.count("Dicetak 21 Juli 2026 pukul 09.05 dari Portal Cakupan Jamsostek.") == 1
    assert [line.regency.name for line in brief.lines if line.regency.name not in text] == []


def test_control_arm_long_names_take_two_pages_in_the_usual_type() -> None:
    brief = briefs.province(38, name=briefs.LONG)

    laid_out = pdf.document(sheet.document_html(brief, briefs.PRINTED_AT), sheet.files())

    assert len(laid_out.pages) == 2
    assert pdf_text.page_count(pdf.written(laid_out)) == 2


def test_same_brief_gives_the_same_bytes_on_another_day() -> None:
    brief, later = briefs.province(), briefs.PRINTED_AT + datetime.timedelta(minutes=1)
    with time_machine.travel("2026-07-21T02:05:00+00:00"):
        first = sheet.file(brief, briefs.PRINTED_AT)
    with time_machine.travel("2027-01-02T03:04:05+00:00"):
        second = sheet.file(brief, briefs.PRINTED_AT)

    assert first == second
    assert first != sheet.file(brief, later)
    assert first != sheet.file(replace(brief, reached=7), briefs.PRINTED_AT)


def test_file_says_what_it_is() -> None:
    file = sheet.file(briefs.province(), briefs.PRINTED_AT)
    everything = b"\n".join(pdf_text.objects(file).values())

    assert "Ringkasan Eksekutif Kalimantan Barat, Juni 2026" in pdf_text.values_of(file, "Title")
    assert pdf_text.values_of(file, "Author") == ["Portal Cakupan Jamsostek"]
    assert pdf_text.values_of(file, "Lang") == ["id"]
    assert pdf_text.values_of(file, "CreationDate") == ["D:20260721090500+07'00"]
    assert b"pdfuaid" in everything
    assert b"/Marked true" in everything


def test_pictures_are_described() -> None:
    described = pdf_text.values_of(sheet.file(briefs.province(2), briefs.PRINTED_AT), "Alt")

    assert described == [
        "Cakupan 40,56 %, target 2026 61 %",
        "Peta petak: Kab. Contoh 61.01 41 %; Kab. Contoh 61.02 41 %",
        "10 sampai 25 poin di bawah",
    ]


def test_brief_is_indonesian_whatever_the_reader_s_language() -> None:
    with translation.override("en"):
        english = sheet.html(briefs.province(), briefs.PRINTED_AT)
    with translation.override("id"):
        indonesian = sheet.html(briefs.province(), briefs.PRINTED_AT)

    assert english == indonesian
    assert "849.345" in english
    assert "Belum didaftarkan dan melewati batas waktu: 100" in english


def test_classes_of_the_map_differ_by_more_than_colour() -> None:
    signs = {
        band: (look.sign, look.width, look.dashes, look.is_hatched) for band, look in sheet.LOOKS.items()
    }

    assert set(signs) == set(Band)
    assert len(set(signs.values())) == len(signs)


def test_names_stay_text() -> None:
    html = sheet.html(briefs.province(3, name=HOSTILE, legal_basis=HOSTILE, code="61"), briefs.PRINTED_AT)

    assert "<img" not in html
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_example_is_marked_on_paper_too(monkeypatch: pytest.MonkeyPatch) -> None:
    assert "Data contoh" not in sheet.html(briefs.province(), briefs.PRINTED_AT)
    monkeypatch.setattr("coverage_portal.demo.is_loaded", lambda: True)

    assert "Data contoh, bukan angka resmi" in sheet.html(briefs.province(), briefs.PRINTED_AT)


def test_signatory_stands_beside_the_day_of_printing(settings: Any) -> None:
    assert "brief__signature" not in sheet.html(briefs.province(), briefs.PRINTED_AT)
    settings.LETTER_SIGNATORY_NAME, settings.LETTER_SIGNATORY_NIP = "Nama Contoh, S.E.", "198001012005011001"

    text = pdf_text.text_of(sheet.file(briefs.province(), briefs.PRINTED_AT))

    assert "Data Juni 2026" in text
    assert "Kota Contoh, 21 Juli 2026 Kepala Dinas (contoh), Nama Contoh, S.E. NIP 198001012005011001" in text


def test_sources_are_named_once_with_the_days_of_their_data() -> None:
    day = datetime.date

    assert sheet.source_texts(
        [
            sheet.Source("A", day(2026, 7, 12)),
            sheet.Source("A", day(2026, 7, 3)),
            sheet.Source("B", None),
            sheet.Source("C", day(2026, 7, 1)),
        ]
    ) == ["A (data 3 Juli 2026 sampai 12 Juli 2026)", "B", "C (data 1 Juli 2026)"]
    assert sheet.source_texts([sheet.Source(name, None) for name in "ABCDE"]) == ["A", "B", "C", "2 lainnya"]
