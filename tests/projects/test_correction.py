"""Impor koreksi: the corrected file takes the wrong one's place, and what was changed since stays."""

from __future__ import annotations

import datetime
from decimal import Decimal
from typing import Any

import pytest

from coverage_portal.accounts.models import User
from coverage_portal.intake import sealed, services
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects import counting
from projects import services as enrolling
from projects.models import CompleteList, CountingHorizon, Enrollment, Worker
from regions.models import Regency
from regions.selectors.registers import register_in_full
from tests import factories
from tests.imports import staff
from tests.projects.people import HEADING, member, nik, send
from tests.projects.stored import contents
from tests.sheets import codes, confirm, csv_bytes, undo, upload

pytestmark = pytest.mark.django_db
State = ImportBatch.State
WITH_END = [*HEADING, "Tanggal Berakhir"]
PONTIANAK_PU = {"mode": "daftar_lengkap", "regency": "61.71", "segment": "PU"}


def correct(wrong: ImportBatch, rows: list[list[Any]], **options: Any) -> ImportBatch:
    heading, user = options.pop("heading", HEADING), options.pop("user", None)
    content = csv_bytes([heading, *rows])
    return upload("enrollment", content, user=user, name="koreksi.csv", corrects=str(wrong.pk), **options)


def coverage_of(regency: Regency) -> Decimal | None:
    return register_in_full(regency)[0].count(regency.code, Month(2025, 7)).percent


def people() -> set[str]:
    return set(Worker.objects.values_list("nik_last4", flat=True))


def opened_samples(batch: ImportBatch, outcome: str) -> list[dict[str, Any]]:
    """The samples of a preview with their label, before and after."""
    return [
        sealed.opened(record.after, sealed.sample(record.batch_id, record.row_number))
        for record in batch.records.filter(outcome=outcome).order_by("pk")
    ]


def samples(batch: ImportBatch, outcome: str) -> list[tuple[dict[str, Any], dict[str, Any]]]:
    """What differs, before and after."""
    found = []
    for kept in opened_samples(batch, outcome):
        before, after = kept["before"] or {}, kept["after"] or {}
        names = [name for name in {**before, **after} if before.get(name) != after.get(name)]
        found.append(({n: before.get(n) for n in names}, {n: after.get(n) for n in names}))
    return found


def edit(last4: str, **values: Any) -> None:
    enrollment = Enrollment.objects.get(worker__nik_last4=last4)
    with enrolling.enrollments_of([enrollment.worker_id]):
        for name, value in values.items():
            setattr(enrollment, name, value)
        enrollment.save()


def test_wrong_nik_goes_and_the_right_one_comes() -> None:
    wrong = confirm(send([member(1), member(2)]))

    batch = correct(wrong, [member(1), member(3)])

    assert batch.state == State.READY
    assert batch.counts == {"read": 2, "new": 1, "changed": 0, "same": 1, "wrong": 0, "skipped": 0}
    assert batch.found["beyond"] == {"ending": 0, "removed": 1, "back": 0}
    assert [kept["label"] for kept in opened_samples(batch, "removed")] == [
        "CONTOH C · ************9002 · PU"
    ]
    assert confirm(batch).state == State.APPLIED
    assert people() == {"9001", "9003"}
    assert counting.mismatches() == {}
    assert counting.stored()[counting.CellKey("61.71", "PU", 2025 * 12 + 7)] == 2


def test_preview_shows_wrong_and_corrected_values() -> None:
    wrong = confirm(send([member(1, regency="Kab. Sambas"), member(2), member(3)]))

    batch = correct(wrong, [member(1), member(2), [nik(3), "NAMA BENAR", *member(3)[2:]]])

    assert samples(batch, "changed") == [
        ({"regency": "61.01"}, {"regency": "61.71"}),
        ({"name": "CONTOH D"}, {"name": "NAMA BENAR"}),
    ]
    assert (batch.counts["changed"], batch.counts["same"]) == (2, 1)
    confirm(batch)
    assert Enrollment.objects.get(worker__nik_last4="9001").regency_id == "61.71"
    assert Worker.objects.get(nik_last4="9003").name == "NAMA BENAR"
    assert counting.mismatches() == {}


def test_what_the_wrong_import_had_changed_gets_back_what_it_was_before() -> None:
    confirm(send([member(1), member(2)]))
    changed = [[*member(n, regency="Kab. Sambas"), "2025-05-31"] for n in (1, 2)]
    wrong = confirm(send([[nik(1), "NAMA SALAH", *changed[0][2:]], changed[1]], heading=WITH_END))

    batch = correct(wrong, [changed[1]], heading=WITH_END)

    assert batch.found["beyond"] == {"ending": 0, "removed": 0, "back": 2}
    assert samples(batch, "back") == [
        ({"regency": "61.01", "end": "2025-05-31"}, {"regency": "61.71", "end": None}),
        ({"name": "NAMA SALAH"}, {"name": "CONTOH B"}),
    ]
    confirm(batch)
    first = Enrollment.objects.get(worker__nik_last4="9001")
    assert (first.regency_id, first.end, first.worker.name) == ("61.71", None, "CONTOH B")
    assert Enrollment.objects.get(worker__nik_last4="9002").regency_id == "61.01"
    assert counting.mismatches() == {}


def test_row_that_says_what_was_there_before_counts_as_changed() -> None:
    confirm(send([member(1)]))
    wrong = confirm(send([member(1, regency="Kab. Sambas")]))

    batch = correct(wrong, [member(1)])

    assert samples(batch, "changed") == [({"regency": "61.01"}, {"regency": "61.71"})]
    confirm(batch)
    assert Enrollment.objects.get().regency_id == "61.71"


def test_blank_cell_of_a_person_whom_the_wrong_import_made_clears_its_value() -> None:
    heading = [*HEADING, "Jenis Kelamin"]
    wrong = confirm(send([[*member(1), "P"]], heading=heading))

    batch = correct(wrong, [[*member(1), ""]], heading=heading)

    assert samples(batch, "changed") == [({"sex": "P"}, {"sex": None})]
    confirm(batch)
    assert Worker.objects.get().sex == ""


def test_unchanged_rows_are_not_written() -> None:
    wrong = confirm(send([member(1), member(2)]))
    first = Enrollment.objects.get(worker__nik_last4="9001").pk
    kept = Enrollment.objects.filter(pk=first).extra(select={"xmin": "xmin"})
    before = list(kept.values("pk", "xmin"))

    confirm(correct(wrong, [member(1)]))

    assert list(kept.values("pk", "xmin")) == before


def test_correction_is_read_with_the_answers_of_the_wrong_import_unless_others_are_given() -> None:
    rows = [member(n)[:5] for n in (1, 2)]
    wrong = confirm(send(rows, heading=HEADING[:5], start_date="2025-07-01"))

    batch = correct(wrong, rows, heading=HEADING[:5], start_date="2025-06-01")

    assert batch.options == {"data_date": "2025-07-31", "start_date": "2025-06-01", "corrects": str(wrong.pk)}
    confirm(batch)
    assert set(Enrollment.objects.values_list("start", flat=True)) == {datetime.date(2025, 6, 1)}
    assert Enrollment.objects.count() == 2
    assert counting.mismatches() == {}


def test_month_counted_up_to_and_the_complete_cell_follow_the_corrected_answers() -> None:
    wrong = confirm(send([member(1)], **(PONTIANAK_PU | {"data_date": "2025-08-31"})))

    batch = confirm(correct(wrong, [member(1)], data_date="2025-07-31"))

    assert CountingHorizon.objects.get().counted_to == Month(2025, 7)
    assert list(CompleteList.objects.values_list("month", flat=True)) == [Month(2025, 7)]
    undo(batch)
    assert CountingHorizon.objects.get().counted_to == Month(2025, 8)
    assert list(CompleteList.objects.values_list("month", flat=True)) == [Month(2025, 8)]


def test_list_that_was_not_complete_after_all_opens_again_what_it_had_ended() -> None:
    confirm(send([member(1), member(2)]))
    wrong = confirm(send([member(1)], **PONTIANAK_PU))
    assert Enrollment.objects.get(worker__nik_last4="9002").end == datetime.date(2025, 7, 30)

    batch = correct(wrong, [member(1)], mode="tambahan")

    assert samples(batch, "back") == [({"end": "2025-07-30"}, {"end": None})]
    confirm(batch)
    assert Enrollment.objects.get(worker__nik_last4="9002").end is None
    assert not CompleteList.objects.exists()
    assert counting.mismatches() == {}


def test_coverage_that_becomes_unknown_without_the_complete_list_is_told() -> None:
    pontianak = factories.regency("61.71")
    factories.workforce(pontianak, 10)
    for segment in ("BPU", "JAKON"):
        factories.membership(pontianak, 0, segment=segment, month="2025-07")
    wrong = confirm(send([member(1)], **PONTIANAK_PU))

    batch = correct(wrong, [member(1)], mode="tambahan")

    lines = [(e["area"], e["month"], e["before"], e["after"]) for e in batch.effects if not e["segment"]]
    assert lines == [("Kalimantan Barat", "2025-07", "10", None), ("Kota Pontianak", "2025-07", "10", None)]
    assert coverage_of(pontianak) == 10
    confirm(batch)
    assert coverage_of(pontianak) is None
    undo(batch)
    assert coverage_of(pontianak) == 10
    still_a_list = correct(wrong, [member(2)])
    assert {e["after"] for e in still_a_list.effects if not e["segment"]} == {"10"}


def test_corrected_complete_list_ends_whom_it_does_not_name() -> None:
    confirm(send([member(1), member(2), member(3)]))
    wrong = confirm(send([member(1), member(3)], **PONTIANAK_PU))

    batch = correct(wrong, [member(1), member(2)])

    assert batch.found["beyond"] == {"ending": 1, "removed": 0, "back": 0}
    confirm(batch)
    ends = dict(Enrollment.objects.values_list("worker__nik_last4", "end"))
    assert ends == {"9001": None, "9002": None, "9003": datetime.date(2025, 7, 30)}
    assert CompleteList.objects.count() == 1
    assert counting.mismatches() == {}


def test_undo_of_a_correction_is_the_identity() -> None:
    confirm(send([member(1), member(2)]))
    wrong = confirm(send([member(2, regency="Kab. Sambas"), member(3), member(4), member(5)]))
    before = contents()
    rows = [member(3, start="2025-02-01"), member(4, regency="Kab. Landak"), member(6)]
    batch = confirm(correct(wrong, rows))
    assert people() == {"9001", "9002", "9003", "9004", "9006"}

    undone = undo(batch)

    assert (undone.state, undone.conflicts) == (State.UNDONE, [])
    assert contents() == before
    assert undo(wrong).state == State.UNDONE
    assert people() == {"9001", "9002"}


def test_wrong_import_cannot_be_undone_before_its_correction() -> None:
    wrong = confirm(send([member(1)]))
    batch = confirm(correct(wrong, [member(2)]))

    with pytest.raises(services.Corrected):
        undo(wrong, leave_out=True)

    undo(batch)
    assert undo(wrong).state == State.UNDONE
    assert people() == set()


def test_second_correction_of_the_same_import_is_refused_and_that_of_the_correction_is_right() -> None:
    wrong = confirm(send([member(1), member(2), member(3)]))
    first = confirm(correct(wrong, [member(1), member(4), member(5)]))

    refused = correct(wrong, [member(1)])
    second = confirm(correct(first, [member(2), member(4, regency="Kab. Sambas")]))

    assert (refused.state, codes(refused)) == (State.REFUSED, ["corrected_already"])
    assert second.state == State.APPLIED
    found = dict(Enrollment.objects.values_list("worker__nik_last4", "regency_id"))
    assert found == {"9002": "61.71", "9004": "61.01"}
    assert people() == {"9002", "9004"}
    assert counting.mismatches() == {}
    undo(second)
    assert people() == {"9001", "9004", "9005"}
    undo(first)
    assert people() == {"9001", "9002", "9003"}


def test_of_two_previews_of_a_correction_one_is_applied() -> None:
    wrong = confirm(send([member(1)]))
    one, other = correct(wrong, [member(2)]), correct(wrong, [member(3)])

    confirm(one)

    late = confirm(other)
    assert (late.state, codes(late)) == (State.REFUSED, ["corrected_already"])
    assert people() == {"9002"}


@pytest.mark.parametrize(
    ("steps", "code"),
    [
        pytest.param("undone", "correction_of_undone", id="undone"),
        pytest.param("preview", "correction_of_unapplied", id="not applied yet"),
        pytest.param("same", "correction_of_nothing", id="wrote nothing"),
    ],
)
def test_what_cannot_be_corrected_is_refused_with_a_reason(steps: str, code: str) -> None:
    wrong = send([member(1)])
    if steps != "preview":
        confirm(wrong)
    if steps == "undone":
        undo(wrong)
    if steps == "same":
        wrong = confirm(send([member(1)]))

    batch = correct(wrong, [member(2)])

    assert (batch.state, codes(batch)) == (State.REFUSED, [code])


def test_preview_of_a_correction_whose_import_was_undone_since_is_refused() -> None:
    wrong = confirm(send([member(1)]))
    batch = correct(wrong, [member(2)])
    undo(wrong)

    late = confirm(batch)

    assert (late.state, codes(late)) == (State.REFUSED, ["correction_of_undone"])
    assert people() == set()


@pytest.fixture
def sambas() -> User:
    return staff("petugas.sambas", "61.01")


def test_import_of_another_area_is_not_found(sambas: User) -> None:
    wrong = confirm(send([member(1)]))

    batch = correct(wrong, [member(2, regency="Kab. Sambas")], user=sambas)

    assert (batch.state, codes(batch)) == (State.REFUSED, ["correction_unknown"])


def test_own_import_of_an_area_that_was_withdrawn_since_is_refused() -> None:
    user = staff("petugas.kubu", "61.01", "61.71")
    wrong = confirm(send([member(1), member(2, regency="Kab. Sambas")], user=user))
    user.grants.filter(area_code="61.71").delete()

    batch = correct(wrong, [member(2, regency="Kab. Sambas")], user=user)

    assert (batch.state, codes(batch)) == (State.REFUSED, ["correction_out_of_scope"])


def test_one_wrong_row_stops_a_correction() -> None:
    wrong = confirm(send([member(1), member(2)]))

    batch = correct(wrong, [member(1), ["123", "CONTOH C", *member(2)[2:]]])

    assert "correction_needs_every_row" in codes(batch)
    with pytest.raises(services.Conflict):
        confirm(batch, good_rows_only=True)
    assert people() == {"9001", "9002"}
