"""Confirm happens once and wholly; undo gives back what was there, or names what stands in its way."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import AreaGrant, Change, Role, User
from coverage_portal.intake import applying, jobs, services
from coverage_portal.intake.models import ImportBatch
from regions.models import Membership
from tests.sheets import codes, confirm, undo, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State
HEADING = ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"]


def sheet(*rows: tuple[str, str, int]) -> bytes:
    return xlsx([HEADING, *([area, segment, "2025-07", members] for area, segment, members in rows)])


def everything() -> list[dict[str, Any]]:
    return list(Membership.objects.order_by("pk").values())


@pytest.fixture
def ketapang_staff() -> User:
    user = User.objects.create_user("petugas.ketapang")
    AreaGrant.objects.create(user=user, role=Role.IMPORTER, area_code="61.04")
    return user


def test_undo_gives_back_every_column_as_it_was() -> None:
    confirm(upload("membership", sheet(("Sambas", "PU", 1), ("Landak", "PU", 2)), source="Rekap lama"))
    before = everything()

    batch = confirm(
        upload("membership", sheet(("Sambas", "PU", 10), ("Melawi", "PU", 3)), source="Rekap baru")
    )
    assert everything() != before
    undo(batch)

    assert everything() == before


def test_undo_names_what_a_later_import_touched_and_writes_nothing() -> None:
    first = confirm(upload("membership", sheet(("Sambas", "PU", 1), ("Landak", "PU", 2))))
    confirm(upload("membership", sheet(("Sambas", "PU", 9))))
    before = everything()

    stopped = undo(first)

    assert (stopped.state, stopped.conflicts) == (State.APPLIED, ["Peserta 61.01 PU 2025-07"])
    assert everything() == before
    left_out = undo(first, leave_out=True)
    assert left_out.state == State.UNDONE
    assert [(row.area_code, row.reported) for row in Membership.objects.all()] == [("61.01", 9)]


def test_each_confirm_and_undo_leaves_its_history_under_one_action() -> None:
    batch = confirm(upload("membership", sheet(("Sambas", "PU", 1), ("Landak", "PU", 2))))
    undo(batch)

    made = Change.objects.of_action(batch.pk)
    taken_back = Change.objects.filter(source=Change.Source.UNDO)

    assert [(c.before, (c.after or {})["reported"]) for c in made] == [(None, 1), (None, 2)]
    assert {c.after for c in taken_back} == {None}
    assert taken_back.values("action").distinct().count() == 1


def test_data_version_moves_with_confirm_and_undo_and_not_with_nothing() -> None:
    versions = [generation.current()]
    batch = confirm(upload("membership", sheet(("Sambas", "PU", 1))))
    versions.append(generation.current())
    confirm(upload("membership", sheet(("Sambas", "PU", 1))))
    assert generation.current() == versions[-1]
    undo(batch)
    versions.append(generation.current())

    assert len(set(versions)) == 3


def test_second_confirm_is_a_conflict() -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))
    preview = str(batch.preview)
    services.confirm(batch=batch, preview=preview, user=None, good_rows_only=False, wake=False)

    with pytest.raises(services.Conflict):
        services.confirm(batch=batch, preview=preview, user=None, good_rows_only=False, wake=False)


def test_confirm_of_an_outdated_preview_or_by_another_is_a_conflict(ketapang_staff: User) -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))
    old = str(batch.preview)
    services.answer(batch=batch, options={"source": "lain"}, wake=False)
    batch = jobs.advance(batch.pk)

    with pytest.raises(services.Conflict):
        services.confirm(batch=batch, preview=old, user=None, good_rows_only=False, wake=False)
    with pytest.raises(services.Conflict):
        services.confirm(
            batch=batch, preview=str(batch.preview), user=ketapang_staff, good_rows_only=False, wake=False
        )


def test_wrong_rows_stop_the_confirm_of_all_rows() -> None:
    batch = upload("membership", sheet(("Sambas", "PU", -1), ("Landak", "PU", 2)))

    with pytest.raises(services.Conflict):
        confirm(batch)
    confirm(batch, good_rows_only=True)

    assert [row.area_code for row in Membership.objects.all()] == ["61.08"]


def test_data_that_changed_since_the_preview_send_the_batch_back() -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))
    confirm(upload("membership", sheet(("Sambas", "PU", 5))))

    batch = confirm(batch)

    assert batch.state == State.READY
    assert batch.counts["changed"] == 1
    assert codes(batch, "warning") == ["stale_preview"]
    assert Membership.objects.get().reported == 5
    services.answer(batch=batch, options={}, wake=False)
    assert codes(jobs.advance(batch.pk), "warning") == []


def test_row_of_another_area_is_refused_and_its_figures_stay(ketapang_staff: User) -> None:
    confirm(upload("membership", sheet(("Sambas", "PU", 5))))

    batch = upload("membership", sheet(("Sambas", "PU", 1), ("Ketapang", "PU", 2)), user=ketapang_staff)

    assert codes(batch) == ["area_out_of_scope"]
    confirm(batch, good_rows_only=True)
    assert [(r.area_code, r.reported) for r in Membership.objects.order_by("pk")] == [
        ("61.01", 5),
        ("61.04", 2),
    ]


def test_grant_that_ended_before_the_confirm_stops_it(ketapang_staff: User) -> None:
    batch = upload("membership", sheet(("Ketapang", "PU", 2)), user=ketapang_staff)
    ketapang_staff.grants.all().delete()

    batch = confirm(batch)

    assert (batch.state, codes(batch)) == (State.INTERRUPTED, ["out_of_scope"])
    assert Membership.objects.count() == 0


def test_failed_step_leaves_nothing_and_is_given_up_after_three_times(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))

    def merge_then_fail(*_args: object, **_kwargs: object) -> None:
        Membership.objects.create(regency_id="61.01", segment="PU", month="2025-07", reported=1, source="x")
        raise RuntimeError("the database went away")

    monkeypatch.setattr("regions.imports.membership.MembershipKind.merge", merge_then_fail)
    with pytest.raises(RuntimeError):
        confirm(batch)
    with pytest.raises(RuntimeError):
        jobs.advance(batch.pk)
    ended = jobs.advance(batch.pk)

    assert Membership.objects.count() == 0
    assert (ended.state, codes(ended)) == (State.INTERRUPTED, ["interrupted"])


def test_batch_that_another_session_holds_is_left_alone() -> None:
    batch = services.receive(
        kind="membership", file_name="r.xlsx", parts=[sheet(("Sambas", "PU", 1))], user=None, options={}
    )
    other = connection.copy()
    try:
        with other.cursor() as cursor:
            key = int.from_bytes(batch.pk.bytes[:8], "big", signed=True)
            cursor.execute("SELECT pg_advisory_lock(%s)", [key])
            assert jobs.advance(batch.pk).state == State.RECEIVED
            cursor.execute("SELECT pg_advisory_unlock_all()")
    finally:
        other.close()

    assert jobs.advance(batch.pk).state == State.READY


@pytest.mark.parametrize("during", [State.CHECKING, State.APPLYING, State.UNDOING])
def test_batch_whose_worker_died_is_taken_up_where_it_stood(during: str) -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))
    if during == State.UNDOING:
        batch = confirm(batch)
    ImportBatch.objects.filter(pk=batch.pk).update(state=during, attempts=1)

    after = jobs.advance(batch.pk)

    expected = {
        State.CHECKING: (State.READY, 0),
        State.APPLYING: (State.APPLIED, 1),
        State.UNDOING: (State.UNDONE, 0),
    }
    assert (after.state, Membership.objects.count()) == expected[State(during)]


def test_cancelled_batch_is_not_read_on_and_its_file_is_gone(settings: Any) -> None:
    batch = upload("membership", sheet(("Sambas", "PU", 1)))

    services.cancel(batch=batch)

    assert jobs.advance(batch.pk).state == State.CANCELLED
    assert batch.rows.count() == batch.records.count() == 0
    with pytest.raises(services.Conflict):
        services.cancel(batch=batch)


def test_lock_of_a_kind_lets_one_confirm_write_at_a_time() -> None:
    other = connection.copy()
    try:
        with transaction.atomic():
            applying.lock_kind("membership")
            with other.cursor() as cursor:
                cursor.execute("SELECT pg_try_advisory_xact_lock(hashtextextended('intake:membership', 0))")
                assert cursor.fetchone() == (False,)
    finally:
        other.close()
