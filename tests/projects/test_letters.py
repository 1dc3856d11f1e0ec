"""What a letter says: which projects, in which order, numbered and summed. No database."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from projects import letters, wording
from projects.compliance import Payment, ProjectFacts, Rule, position
from projects.letters import Content, Item, Sender, WorkList

from .test_compliance import ASSESSED, FIRST, PAID, PROJECT, REGISTERED, RULES

ON = date(2026, 11, 20)
SENDER = Sender(("Pemerintah Provinsi (contoh)",), "Kota Contoh", "Kepala Dinas", (), "Portal", 14)
OVERPAID = replace(PAID, payments=(*PAID.payments, Payment(date(2026, 9, 2), Decimal(100_000), "x")))
SHORT = replace(PAID, cover_end=date(2026, 11, 30))


def item(pk: int, facts: ProjectFacts, name: str = "Jembatan Contoh", **values: object) -> Item:
    known = {
        "package_code": f"P-{pk}",
        "contract_number": f"K-{pk}",
        "contractor": "PT Contoh Karya",
        "place": "Kabupaten Ketapang",
        "data_date": None,
    }
    return Item(pk, name, position=position(facts, on=ON, rules=RULES), **{**known, **values})


def todo(*items: Item) -> WorkList:
    return letters.work_list("Dinas PUPR Contoh", ON, items)


def said(work: WorkList, **values: int) -> Content:
    with translation.override("id"):
        return letters.content(
            work, sender=SENDER, town="Ketapang", printed_on=ON, write=wording.sentence, **values
        )


MANY = (
    item(1, PAID),
    item(2, SHORT, "Pasar Contoh"),
    item(3, replace(ASSESSED, payments=(FIRST,)), "Saluran Contoh"),
    item(4, PROJECT, "Waduk Contoh"),
    item(5, replace(PROJECT, start=date(2026, 8, 3)), "Gedung Contoh"),
    item(6, REGISTERED, "Puskesmas Contoh"),
    item(7, OVERPAID),
    item(8, PROJECT, "Aula Contoh"),
)


def test_only_projects_that_need_action_are_listed_the_gravest_and_oldest_first() -> None:
    work = todo(*MANY)

    assert [found.pk for found in work.items] == [8, 5, 4, 6, 3, 2]
    assert [(group.rule, [number for number, _ in group.items]) for group in work.groups] == [
        (Rule.LATE_REGISTRATION, [1, 2, 3]),
        (Rule.UNPROTECTED, [4]),
        (Rule.ARREARS, [5]),
        (Rule.COVER_SHORT, [6]),
    ]


def test_order_does_not_depend_on_the_order_of_the_records() -> None:
    assert todo(*MANY) == todo(*reversed(MANY))


def test_sums_keep_assessed_and_estimated_apart() -> None:
    sums = todo(*MANY).sums

    # Three unregistered and one registered project of Rp620.000 each; one instalment of two is overdue.
    assert sums == letters.Sums(Decimal(310_000), Decimal(310_000), Decimal(4 * 620_000), 0)


def test_unknown_contribution_is_counted_and_never_zero() -> None:
    unknown = todo(item(1, replace(PROJECT, value=None)))

    assert (unknown.sums.unknown, unknown.sums.estimated) == (1, Decimal(0))
    assert said(unknown).sections[0].rows[0].unpaid is None


def test_one_project_is_counted_under_each_kind_of_action() -> None:
    assert dict(todo(*MANY).counts) == {
        "Belum didaftarkan dan melewati batas waktu": 3,
        "Pekerjaan dimulai dan iuran belum dibayar": 4,
        "Menunggak iuran": 1,
        "Perlindungan berakhir sebelum akhir masa pemeliharaan": 1,
    }


def test_row_says_what_since_when_and_what_to_do() -> None:
    row = said(todo(item(4, PROJECT))).sections[0].rows[0]

    assert (row.number, row.state, row.unpaid, row.is_estimate) == (
        1,
        "Belum terdaftar",
        Decimal(620_000),
        True,
    )
    assert [(point.sentence, point.since, point.to_do) for point in row.points] == [
        (
            "Belum didaftarkan, sudah terlambat 83 hari kerja: SPK 6 Juli 2026, batas 14 hari kerja, "
            "yaitu 24 Juli 2026.",
            date(2026, 7, 25),
            "Minta penyedia jasa mendaftarkan proyek ini ke BPJS Ketenagakerjaan, dengan SPK dan daftar "
            "pekerja.",
        ),
        (
            "Pekerjaan dimulai 13 Juli 2026 dan iuran belum dibayar: 130 hari tanpa perlindungan.",
            date(2026, 7, 13),
            "Minta penyedia jasa membayar iuran, sekaligus atau termin pertama: perlindungan mulai saat "
            "dibayar.",
        ),
    ]


def test_without_anything_to_do_there_is_no_letter() -> None:
    assert todo(item(1, PAID), item(7, OVERPAID)).items == ()
    with pytest.raises(ValueError, match="nothing needs action"):
        said(todo(item(1, PAID)))


def test_a_letter_holds_so_many_projects_and_says_how_many_there_are() -> None:
    letter = said(todo(*MANY), at_most=4)

    assert (letter.projects, letter.listed) == (6, 4)
    assert [section.letter for section in letter.sections] == ["A", "B"]
    assert letter.sums == todo(*MANY).sums


def test_letter_comes_back_whole_from_what_is_kept() -> None:
    letter = said(todo(*MANY, item(9, PROJECT, data_date=date(2026, 10, 1))))

    kept = json.loads(json.dumps(letter.as_json()))

    assert Content.from_json(kept) == letter
    assert (letter.data_from, letter.data_to) == (date(2026, 10, 1), date(2026, 10, 1))


@pytest.mark.parametrize(
    ("agency", "head"),
    [
        ("Dinas PUPR Kabupaten Contoh", "Kepala Dinas PUPR Kabupaten Contoh"),
        ("Sekretariat Daerah Kota Contoh", "Sekretaris Daerah Kota Contoh"),
        ("Inspektorat Kota Contoh", "Inspektur Kota Contoh"),
        ("Kecamatan Contoh", "Camat Contoh"),
        ("RSUD Contoh", "Direktur RSUD Contoh"),
        ("Pemerintah Desa Contoh", "Kepala Desa Contoh"),
        ("PT Contoh (Persero)", "Pimpinan PT Contoh (Persero)"),
        ("Dinasti Contoh", "Pimpinan Dinasti Contoh"),
    ],
)
def test_letter_goes_to_the_head_of_the_agency(agency: str, head: str) -> None:
    assert letters.addressee(agency) == head
