"""What stock django-import-export loses in silence is reported here, and nothing of it is written.

The control arm runs the same sheets through a stock resource and shows the loss.
"""

from __future__ import annotations

import random
from typing import Any

import pytest
import tablib
from import_export import resources

from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.sheets import codes, confirm, upload, xlsx

pytestmark = pytest.mark.django_db

HEADING = ["Kode Wilayah", "Wilayah", "Segmen", "Bulan", "Peserta Aktif"]
GOOD = ["61.01", "Kabupaten Sambas", "PU", "2025-07", 100]


def with_cell(column: int, value: Any) -> list[Any]:
    return [*GOOD[:column], value, *GOOD[column + 1 :]]


LOSSES = [
    pytest.param([[*HEADING[:4], "Jumlahnya Peserta"], GOOD], {}, "unknown_header", id="unknown header"),
    pytest.param(
        [HEADING, GOOD],
        {"Petunjuk": [["Isi lembar berikut"], ["Lalu unggah"]]},
        "other_sheets",
        id="wrong active sheet",
    ),
    pytest.param([HEADING, GOOD, with_cell(4, 101)], {}, "duplicate_key", id="duplicate keys"),
    pytest.param(
        [[HEADING[0], *HEADING[2:]], [61.1, *GOOD[2:]]], {}, "code_zero_lost", id="61.10 as a number"
    ),
    pytest.param([HEADING, with_cell(4, -100)], {}, "negative", id="negative count"),
    pytest.param([HEADING, with_cell(4, 1.234)], {}, "fraction", id="1.234 as a number"),
    pytest.param([HEADING, with_cell(4, "12.5")], {}, "dot_decimal", id="12.5"),
    pytest.param([HEADING, with_cell(4, "seratus")], {}, "not_a_number", id="text in a number"),
    pytest.param([HEADING, with_cell(4, None), with_cell(2, "BPU")], {}, "", id="blank over value"),
]


@pytest.mark.parametrize(("rows", "others", "code"), LOSSES)
def test_silent_loss_is_reported_and_nothing_is_written(
    rows: list[list[Any]], others: dict[str, list[list[Any]]], code: str
) -> None:
    Membership.objects.create(regency_id="61.01", segment="PU", month="2025-07", reported=77, source="awal")

    batch = upload("membership", xlsx(rows, others=others))

    said = set(batch.issues.values_list("code", flat=True))
    skipped = set(batch.rows.filter(outcome="skipped").values_list("number", "reason"))
    assert code in said or (not code and skipped == {(2, "tidak ada nilai untuk diimpor")})
    assert list(Membership.objects.values_list("reported", flat=True)) == [77]


def test_text_with_thousands_dots_is_read_as_what_it_says() -> None:
    batch = upload("membership", xlsx([HEADING, with_cell(4, "1.234")]))

    confirm(batch)

    assert Membership.objects.get().reported == 1234


class StockMembership(resources.ModelResource):
    class Meta:
        model = Membership
        import_id_fields = ("segment", "source")
        fields = ("segment", "reported", "source")


@pytest.mark.parametrize(
    ("value", "stored"),
    [
        pytest.param("1.234", 1, id="1.234 becomes 1"),
        pytest.param("12.5", 12, id="12.5 becomes 12"),
        pytest.param("", None, id="blank overwrites"),
    ],
)
def test_control_arm_stock_import_loses_in_silence(value: str, stored: int | None) -> None:
    sambas = Membership.objects.create(
        regency_id="61.01", segment="PU", month="2025-07", reported=77, source="awal"
    )
    data = tablib.Dataset(["PU", value, "awal"], headers=["segment", "reported", "source"])

    result = StockMembership().import_data(data, raise_errors=False)

    sambas.refresh_from_db()
    assert not result.has_errors()
    assert sambas.reported == stored


def test_thousand_rows_with_sixty_errors_list_all_of_them_at_once() -> None:
    rows, planted = _thousand_rows()

    batch = upload("membership", xlsx([HEADING, *rows]))

    said = list(batch.issues.filter(severity="error").values_list("row_number", "column"))
    assert sorted(said) == sorted(planted)
    assert len(planted) == 60
    assert batch.counts == {"read": 1000, "new": 955, "changed": 0, "same": 0, "wrong": 45, "skipped": 0}
    assert batch.rows.filter(outcome="wrong").count() == 45
    assert batch.state == ImportBatch.State.READY
    assert Membership.objects.count() == 0
    assert codes(batch).count("negative") == 20


def _thousand_rows() -> tuple[list[list[Any]], list[tuple[int, str]]]:
    """1,000 rows of different keys; 45 of them wrong, 15 of those twice: 60 errors."""
    regencies = [f"61.{n:02d}" for n in (*range(1, 13), 71, 72)]
    keys = [
        (code, segment, f"{year}-{month:02d}")
        for code in regencies
        for segment in ("PU", "BPU", "JAKON")
        for year in (2023, 2024)
        for month in range(1, 13)
    ]
    rows: list[list[Any]] = [
        [code, None, segment, month, 100 + n] for n, (code, segment, month) in enumerate(keys[:1000])
    ]
    planted = []
    wrong = random.Random(61).sample(range(1000), 45)
    for place, index in enumerate(wrong):
        if place < 20:
            rows[index][4] = -1
            planted.append((index + 2, "Peserta Aktif"))
        elif place < 35:
            rows[index][4], rows[index][3] = "banyak", "bulan lalu"
            planted += [(index + 2, "Peserta Aktif"), (index + 2, "Bulan")]
        else:
            rows[index][2] = "XYZ"
            planted.append((index + 2, "Segmen"))
    return rows, planted
