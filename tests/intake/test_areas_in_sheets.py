"""Areas as they are written: by name, by code of either system, and what must be asked."""

from __future__ import annotations

from typing import Any

import pytest

from coverage_portal.intake import jobs, services
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.sheets import codes, confirm, csv_bytes, upload, xlsx

pytestmark = pytest.mark.django_db

SPELLINGS = {
    "61.01": "KAB.SAMBAS",
    "61.02": "Mempawah, Kab.",
    "61.03": "Kab Sanggau",
    "61.04": "KABUPATEN  KETAPANG",
    "61.05": "sintang",
    "61.06": "Kapuas-Hulu",
    "61.07": "Bengkayang (Kab.)",
    "61.08": "Landak",
    "61.09": "Kab. Sekadau",
    "61.10": "Melawi",
    "61.11": "Kayong\u00a0Utara",
    "61.12": "KUBURAYA",
    "61.71": "Kota Pontianak",
    "61.72": "KOTA SINGKAWANG",
}


def areas() -> list[str]:
    return sorted(row.area_code for row in Membership.objects.all())


def test_all_fourteen_regencies_resolve_by_name() -> None:
    rows = [["Wilayah", "PU"], *([name, 1] for name in SPELLINGS.values())]

    confirm(upload("membership", xlsx(rows), month="2025-07"))

    assert areas() == sorted(SPELLINGS)


@pytest.mark.parametrize(
    ("heading", "code", "expected"),
    [
        pytest.param("Kode BPS", 6104, "61.02", id="BPS says Mempawah"),
        pytest.param("Kode Kemendagri", 6104, "61.04", id="Kemendagri says Ketapang"),
        pytest.param("Kode Wilayah", "61.04", "61.04", id="dotted is Kemendagri"),
        pytest.param("Kode Wilayah", 6171, "61.71", id="equal in both systems"),
        pytest.param("Kode Wilayah", 6112, "61.12", id="equal in both, regency"),
    ],
)
def test_code_resolves_with_its_system(heading: str, code: Any, expected: str) -> None:
    confirm(upload("membership", xlsx([[heading, "PU"], [code, 1]]), month="2025-07"))

    assert areas() == [expected]


def test_bare_code_without_system_is_refused_until_the_system_is_chosen() -> None:
    content = xlsx([["Kode Wilayah", "PU"], [6104, 1]])

    refused = upload("membership", content, month="2025-07")
    as_bps = upload("membership", content, month="2025-07", code_system="bps")

    assert codes(refused) == ["code_system_unknown"]
    assert as_bps.records.get().area == "61.02"


def test_lost_zero_is_repaired_beside_the_name_and_refused_alone() -> None:
    heading = ["Kode Wilayah", "Wilayah", "PU"]

    repaired = upload("membership", xlsx([heading, [61.1, "Melawi", 1]]), month="2025-07")
    alone = upload("membership", xlsx([heading, [61.1, None, 1]]), month="2025-07")

    assert (codes(repaired), codes(repaired, "warning")) == ([], ["code_repaired"])
    assert repaired.records.get().area == "61.10"
    assert codes(alone) == ["code_zero_lost"]


def test_code_that_contradicts_the_name_is_refused() -> None:
    rows = [["Kode Wilayah", "Wilayah", "PU"], ["61.05", "Sambas", 1]]

    assert codes(upload("membership", xlsx(rows), month="2025-07")) == ["code_name_conflict"]


def test_pontianak_alone_is_asked_and_the_answer_holds_for_the_file() -> None:
    content = xlsx([["Wilayah", "Segmen", "Peserta"], ["Pontianak", "PU", 1], ["Pontianak", "BPU", 2]])
    batch = upload("membership", content, month="2025-07")

    assert batch.counts["wrong"] == 2
    question = batch.questions[0]
    assert (question["name"], [code for code, _name in question["choices"]]) == (
        "area:Pontianak",
        ["61.71", "61.02"],
    )
    services.answer(batch=batch, options={"area:Pontianak": "61.71"}, wake=False)
    confirm(jobs.advance(batch.pk))

    assert areas() == ["61.71", "61.71"]


@pytest.mark.parametrize("delimiter", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252"])
def test_csv_in_each_dialect_says_the_same(delimiter: str, encoding: str) -> None:
    rows = [
        ["Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber"],
        ["Sambas", "PU", "Juli 2025", "1.234", "é"],
    ]

    batch = upload("membership", csv_bytes(rows, delimiter=delimiter, encoding=encoding), name="rekap.txt")
    confirm(batch)

    row = Membership.objects.get()
    assert (row.area_code, row.reported, row.source) == ("61.01", 1234, "é")


def test_comma_as_thousands_is_refused_until_the_style_is_chosen() -> None:
    content = xlsx([["Wilayah", "PU"], ["Sambas", "3,222"]])

    refused = upload("membership", content, month="2025-07")
    read = upload("membership", content, month="2025-07", number_style="en")

    assert codes(refused) == ["comma_thousands"]
    assert read.records.get().after == {"reported": 3222}


@pytest.mark.parametrize(
    ("heading", "code", "state"),
    [
        pytest.param(["Wilayah", "PU", "PU"], "repeated_header", ImportBatch.State.ASKING, id="repeated"),
        pytest.param(["Wilayah", "PU", "Alamat"], "unknown_header", ImportBatch.State.ASKING, id="unknown"),
        pytest.param(["Segmen", "Bulan", "Sumber"], "missing_header", ImportBatch.State.ASKING, id="missing"),
        pytest.param(
            ["Nama", "Alamat", "Telepon"], "no_header", ImportBatch.State.REFUSED, id="another table"
        ),
    ],
)
def test_heading_that_does_not_fit_stops_and_says_which(heading: list[str], code: str, state: str) -> None:
    batch = upload("membership", xlsx([heading, ["Sambas", 1, 2]]), month="2025-07")

    assert (batch.state, code in codes(batch)) == (state, True)
    assert batch.rows.count() == 0


def test_unknown_column_is_read_on_once_the_user_says_to_ignore_it() -> None:
    batch = upload("membership", xlsx([["Wilayah", "PU", "Alamat"], ["Sambas", 1, "x"]]), month="2025-07")

    services.answer(batch=batch, options={batch.questions[0]["name"]: "ignore"}, wake=False)
    confirm(jobs.advance(batch.pk))

    assert areas() == ["61.01"]


def test_several_fitting_sheets_are_asked_about() -> None:
    rows = [["Wilayah", "PU"], ["Sambas", 1]]
    content = xlsx(rows, others={"Lama": rows})

    asking = upload("membership", content, month="2025-07")
    chosen = upload("membership", content, month="2025-07", sheet="Rekap")

    assert (asking.state, asking.questions[0]["name"]) == (ImportBatch.State.ASKING, "sheet")
    assert chosen.state == ImportBatch.State.READY
