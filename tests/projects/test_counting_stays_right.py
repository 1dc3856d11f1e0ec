"""Whatever is imported, edited and taken back in whatever order: cells are as counted from scratch."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from coverage_portal.accounts.areas import EVERYTHING
from coverage_portal.intake import services as services_of_imports
from coverage_portal.intake.models import ImportBatch
from coverage_portal.lib.periods import Month
from projects import counting, effects, known, resolving, services
from projects.correcting import outcome
from projects.correcting.chain import chain_of
from projects.models import Enrollment, Worker
from projects.plan import Plan
from tests.projects.people import HEADING, member, send
from tests.projects.stored import contents
from tests.sheets import confirm, csv_bytes, undo, upload
from tests.soaking import number

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("_read_in_process")]
Step = tuple[str, Any, Any]
PLACES = ("Kota Pontianak", "Kab. Sambas")
persons = st.integers(1, 4)
days = st.dates(datetime.date(2025, 1, 1), datetime.date(2025, 4, 30)).map(str)
rows = st.lists(
    st.builds(
        lambda number, segment, place, npp, start: member(number, segment, place, npp, start),
        persons,
        st.sampled_from(["PU", "BPU"]),
        st.sampled_from(PLACES),
        st.sampled_from(["", "AB123456"]),
        days,
    ),
    min_size=1,
    max_size=4,
)
data_dates = st.sampled_from(["2025-03-31", "2025-05-31", "2025-06-15"])
imports = st.tuples(st.just("import"), rows, data_dates)
lists = st.tuples(
    st.just("list"),
    st.tuples(st.lists(persons, unique=True, min_size=1), st.sampled_from(["61.71", "61.01"])),
    data_dates,
)
edits = st.tuples(st.just("edit"), st.integers(0, 5), st.sampled_from(["end", "paid", "delete", "move"]))
corrections = st.tuples(st.just("correct"), st.integers(0, 5), rows)
undos = st.tuples(st.just("undo"), st.integers(0, 5), st.booleans())


def apply(batch: ImportBatch) -> ImportBatch | None:
    """Confirm what can be confirmed of a file."""
    if batch.state != ImportBatch.State.READY or batch.found.get("needs_every_row"):
        return None
    expected = preview_figures(batch)
    applied = confirm(batch, good_rows_only=True)
    if applied.state == ImportBatch.State.APPLIED:
        stored = counting.stored()
        assert {cell: stored.get(cell, 0) for cell in expected} == expected
    return applied if applied.state == ImportBatch.State.APPLIED else None


def preview_figures(batch: ImportBatch) -> dict[counting.CellKey, int]:
    """What the preview takes the counted cells to become."""
    plan = Plan.of(batch.pk, batch.options, EVERYTHING, has_start=batch.found["remembered"]["has_start"])
    with transaction.atomic():
        if plan.corrects is None:
            known.find(plan)
            resolving.resolve(plan, allocate=False)
        else:
            chain = chain_of(plan.corrects)
            assert chain is not None
            outcome.resolve(plan, chain, allocate=False)
        months = effects.months_after(plan)
        if months is None:
            return {}
        stored = counting.stored()
        becoming = effects.becoming(plan, stored, *months)
        return {cell: becoming.get(cell, 0) for cell in becoming.keys() | stored.keys()}


def do(step: Step, applied: list[ImportBatch]) -> ImportBatch | None:
    kind, what, how = step
    if kind == "import":
        return apply(send(what, data_date=how))
    if kind == "list":
        numbers, regency = what
        place = PLACES[0] if regency == "61.71" else PLACES[1]
        found = [member(number, "PU", place)[:2] for number in numbers]
        options = {"mode": "daftar_lengkap", "regency": regency, "segment": "PU", "start_date": "2025-02-01"}
        return apply(send(found, heading=["NIK", "Nama"], data_date=how, **options))
    if kind == "correct":
        return apply(corrected(applied[what % len(applied)], how)) if applied else None
    if kind == "edit":
        edit(what, how)
    elif applied:
        batch = applied[what % len(applied)]
        if undone(batch, leave_out=how):
            applied.remove(batch)
    return None


def corrected(wrong: ImportBatch, people: list[list[Any]]) -> ImportBatch:
    """A corrected file against an import; of a complete list, the same list with other people."""
    if wrong.options.get("mode") == "daftar_lengkap":
        heading, people = ["NIK", "Nama"], [list(each) for each in {(row[0], row[1]) for row in people}]
    else:
        heading = HEADING
    content = csv_bytes([heading, *people])
    return upload("enrollment", content, name="koreksi.csv", corrects=str(wrong.pk))


def undone(batch: ImportBatch, *, leave_out: bool = False) -> bool:
    """Undo what can be undone: not what was corrected since, and not what was touched since."""
    try:
        return undo(batch, leave_out=leave_out).state == ImportBatch.State.UNDONE
    except services_of_imports.Corrected:
        return False


def edit(place: int, how: str) -> None:
    found = list(Enrollment.objects.order_by("pk"))
    if not found:
        return
    enrollment = found[place % len(found)]
    with services.enrollments_of([enrollment.worker_id]):
        if how == "delete":
            enrollment.delete()
        elif how == "end":
            enrollment.end = enrollment.start + datetime.timedelta(days=40)
            if enrollment.end is not None and not overlaps(enrollment):
                enrollment.save()
        elif how == "paid":
            enrollment.paid_through = datetime.date(2025, 4, 15)
            enrollment.save()
        else:
            enrollment.regency_id = "61.04"
            enrollment.save()


def overlaps(enrollment: Enrollment) -> bool:
    others = Enrollment.objects.filter(
        worker=enrollment.worker, segment=enrollment.segment, employer_npp=enrollment.employer_npp
    ).exclude(pk=enrollment.pk)
    return any(
        other.start <= (enrollment.end or datetime.date.max)
        and enrollment.start <= (other.end or datetime.date.max)
        for other in others
    )


def distinct_active(month: Month) -> int:
    """Persons active at a month's end, told without cells: each once, however many enrollments."""
    last = month.last
    active = set()
    for enrollment in Enrollment.objects.all():
        grace = 3 if enrollment.segment == "BPU" else 0
        spans = enrollment.start <= last and (enrollment.end is None or enrollment.end >= last)
        paid = enrollment.paid_through is None or enrollment.paid_through >= (month - grace).last
        if spans and paid:
            active.add(enrollment.worker_id)
    return len(active)


@settings(
    max_examples=number("INTERLEAVINGS", 25, 200),
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
@given(st.lists(imports | lists | corrections | edits | undos, min_size=1, max_size=7))
def test_difference_counting_equals_a_recount(steps: list[Step]) -> None:
    with transaction.atomic():
        applied: list[ImportBatch] = []
        for step in steps:
            batch = do(step, applied)
            if batch is not None:
                applied.append(batch)

            assert counting.mismatches() == {}, step

        months = counting.counted_range()
        if months is not None:
            sums = {key.month: 0 for key in counting.stored()}
            for key, people in counting.stored().items():
                sums[key.month] += people
            assert sums == {m: distinct_active(counting.month_of(m)) for m in sums}
        transaction.set_rollback(True)


@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(imports | lists, max_size=3), imports | lists)
def test_import_then_undo_is_the_identity(before: list[Step], step: Step) -> None:
    with transaction.atomic():
        for earlier in before:
            do(earlier, [])
        stored = contents()

        batch = do(step, [])
        if batch is not None:
            undone = undo(batch)

            assert (undone.state, undone.conflicts) == (ImportBatch.State.UNDONE, [])
        assert contents() == stored
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(imports | lists | edits, max_size=3),
    imports | lists,
    st.lists(imports | edits, max_size=2),
    rows,
)
def test_correction_then_undo_is_the_identity(
    before: list[Step], step: Step, later: list[Step], people: list[list[Any]]
) -> None:
    with transaction.atomic():
        for earlier in before:
            do(earlier, [])
        wrong = do(step, [])
        for each in later:
            do(each, [])
        stored = contents()

        batch = None if wrong is None else apply(corrected(wrong, people))
        if batch is not None:
            assert counting.mismatches() == {}
            taken_back = undo(batch)

            assert (taken_back.state, taken_back.conflicts) == (ImportBatch.State.UNDONE, [])
        assert contents() == stored
        transaction.set_rollback(True)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(imports | lists, min_size=1, max_size=3),
    st.lists(corrections, max_size=2),
    st.randoms(use_true_random=False),
)
def test_undoing_all_imports_in_any_order_that_is_allowed_leaves_nothing(
    steps: list[Step], correcting: list[Step], random: Any
) -> None:
    with transaction.atomic():
        applied: list[ImportBatch] = []
        for step in [*steps, *correcting]:
            if (batch := do(step, applied)) is not None:
                applied.append(batch)
        random.shuffle(applied)
        for _round in range(len(applied)):
            for batch in list(applied):
                if undone(batch):
                    applied.remove(batch)

        assert applied == []
        assert not Worker.objects.exists()
        assert all(not rows for table, rows in contents().items())
        transaction.set_rollback(True)
