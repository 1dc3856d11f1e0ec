"""Whatever several users do in whatever order, a published figure changes by a revision and nothing else."""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Callable
from typing import Any

import hypothesis
import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import User
from coverage_portal.intake import kinds
from coverage_portal.intake.kinds import Record
from coverage_portal.lib.periods import Month
from projects import counting
from regions import selectors
from regions.coverage import Published
from regions.models import (
    Membership,
    PeriodException,
    PeriodStatus,
    Province,
    PublishedCell,
    Regency,
    Target,
    Workforce,
)
from regions.selectors.locks import Locks
from regions.selectors.publishing import as_published, working
from regions.services import closing
from tests import factories
from tests.regions.closed import filled, officer
from tests.soaking import number, say

CODES = ("61.04", "61.01")
MONTHS = (Month(2025, 7), Month(2025, 8))
SEGMENTS = ("PU", "BPU", "JAKON")
PLACES = st.tuples(st.sampled_from(CODES), st.sampled_from(MONTHS))
PEOPLE = st.integers(0, 900)
USERS = st.sampled_from(["satu", "dua", "tiga"])
REPORTED = ("pk", "segment", "reported", "source", "data_date")
Place = tuple[str, Month]


class Months(RuleBasedStateMachine):
    """A portal with two regencies and two months, and what it must go on showing of those published."""

    guarded = True

    def __init__(self) -> None:
        super().__init__()
        self._transaction = transaction.atomic()
        self._transaction.__enter__()
        self.users: dict[str, User] = {name: officer(name) for name in ("satu", "dua", "tiga")}
        self.released: dict[Place, list[tuple[Published, ...]]] = {}
        self.imports: list[uuid.UUID] = []
        self.kept: dict[Place, list[Any]] = {}
        for code in CODES:
            for month in MONTHS:
                filled(code, str(month))

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self._transaction.__exit__(None, None, None)

    def author(self, name: str) -> Author:
        return Author(self.users[name], "page")

    def attempt(self, write: Callable[[], Any]) -> bool:
        """Do it, or have it refused; whether it was done."""
        try:
            with transaction.atomic():
                write()
        except (ValidationError, IntegrityError):
            return False
        return True

    def would(self, place: Place) -> tuple[Published, ...]:
        regency = Regency.objects.select_related("province").get(code=place[0])
        return working(regency.province, [regency]).figures(*place)

    @initialize()
    def targets(self) -> None:
        factories.target(Province.objects.get(code="61"), "60.80", year=2026)

    @rule(place=PLACES, segment=st.sampled_from(SEGMENTS), people=PEOPLE)
    def import_recap(self, place: Place, segment: str, people: int) -> None:
        kind = kinds.get("membership")
        key = (place[0], segment, str(place[1]))
        record = Record(key, {"reported": people}, "x", place[0], {"source": "impor"})
        if kind.current([key]).get(key) == record.values or (self.guarded and kind.refusals([record])):
            return
        action = uuid.uuid4()
        with transaction.atomic():
            kind.merge([record], Author(self.users["satu"], "import", "berkas", action))
        self.imports.append(action)

    @rule(leave_out=st.booleans())
    def undo_import(self, leave_out: bool) -> None:
        if self.imports:
            action = self.imports.pop()
            with transaction.atomic():
                kinds.get("membership").undo(
                    action, Author(self.users["dua"], "undo", "", uuid.uuid4()), leave_out=leave_out
                )

    @rule(place=PLACES, segment=st.sampled_from([*SEGMENTS, "PMI"]), people=st.integers(1, 50))
    def count(self, place: Place, segment: str, people: int) -> None:
        with transaction.atomic():
            counting.add({counting.CellKey(place[0], segment, counting.number_of(place[1])): people})

    @rule(place=PLACES, segment=st.sampled_from(SEGMENTS), people=PEOPLE)
    def edit(self, place: Place, segment: str, people: int) -> None:
        rows = Membership.objects.filter(regency=place[0], month=place[1], segment=segment)
        self.attempt(lambda: rows.update(reported=people))

    @rule(code=st.sampled_from(CODES), segment=st.sampled_from(SEGMENTS), people=st.integers(1, 9000))
    def edit_workforce(self, code: str, segment: str, people: int) -> None:
        rows = Workforce.objects.filter(regency=code, segment=segment)
        self.attempt(lambda: rows.update(people=people))

    @rule(year=st.sampled_from([2025, 2026]), percent=st.integers(1, 99))
    def edit_target(self, year: int, percent: int) -> None:
        province = Province.objects.get(code="61")
        self.attempt(lambda: factories.target(province, str(percent), year=year))

    @rule(code=st.sampled_from(CODES), year=st.sampled_from([2025, 2026]), percent=st.integers(1, 99))
    def edit_own_target(self, code: str, year: int, percent: int) -> None:
        regency = Regency.objects.get(code=code)
        self.attempt(lambda: factories.target(regency, str(percent), year=year))

    @rule(place=PLACES, model=st.sampled_from([Membership, Workforce, Target]))
    def delete(self, place: Place, model: Any) -> None:
        row = model.objects.filter(regency=place[0]).first()
        if row is not None:
            self.attempt(row.delete)

    @rule(place=PLACES, user=USERS)
    def submit(self, place: Place, user: str) -> None:
        self.attempt(lambda: closing.submit(month=place[1], regencies=[place[0]], author=self.author(user)))

    @rule(place=PLACES, user=USERS)
    def return_to_draft(self, place: Place, user: str) -> None:
        self.attempt(
            lambda: closing.return_to_draft(month=place[1], regencies=[place[0]], author=self.author(user))
        )

    @rule(place=PLACES, user=USERS)
    def approve(self, place: Place, user: str) -> None:
        would = self.would(place)
        if self.attempt(
            lambda: closing.approve(month=place[1], regencies=[place[0]], author=self.author(user))
        ):
            assert place not in self.released
            self.released[place] = [would]

    @rule(place=PLACES, submitting=USERS, approving=USERS)
    def close_at_once(self, place: Place, submitting: str, approving: str) -> None:
        self.submit(place, submitting)
        self.approve(place, approving)

    @rule(place=PLACES, user=USERS)
    def lock(self, place: Place, user: str) -> None:
        self.attempt(lambda: closing.lock(month=place[1], regencies=[place[0]], author=self.author(user)))

    @rule(place=PLACES, user=USERS, minutes=st.sampled_from([-5, 60]))
    def grant_exception(self, place: Place, user: str, minutes: int) -> None:
        now = timezone.now()
        until = now + datetime.timedelta(minutes=minutes)
        if minutes > 0:
            closing.grant_exception(
                month=place[1],
                regencies=[place[0]],
                reason="x",
                valid_until=until,
                author=self.author(user),
            )
            return
        regency = Regency.objects.get(code=place[0])
        PeriodException.objects.create(
            regency=regency,
            month=place[1],
            reason="x",
            actor=user,
            granted_at=now - datetime.timedelta(hours=1),
            valid_until=until,
        )

    @rule(user=USERS)
    def end_exception(self, user: str) -> None:
        found = PeriodException.objects.valid_at(timezone.now()).first()
        if found is not None:
            closing.end_exception(exception=found.pk, author=self.author(user))

    @rule(place=PLACES, user=USERS)
    def publish_revision(self, place: Place, user: str) -> None:
        would = self.would(place)
        if self.attempt(
            lambda: closing.publish_revision(
                month=place[1], regency=place[0], reason="koreksi", author=self.author(user)
            )
        ):
            self.released[place].append(would)

    @invariant()
    def pages_show_what_was_published(self) -> None:
        for (code, month), releases in self.released.items():
            regency = Regency.objects.select_related("province").get(code=code)
            overview = selectors.area_overview(regency, month)
            whole = releases[-1][0]
            assert overview.standing is not None
            assert overview.standing.count.members == whole.members
            assert overview.standing.count.workforce == whole.workforce
            assert overview.standing.target_percent == whole.target_percent
            shown = {count.segment: (count.members, count.workforce) for count in overview.segments}
            assert shown == {each.segment: (each.members, each.workforce) for each in releases[-1][1:]}

    @invariant()
    def archive_replays_every_release(self) -> None:
        stored: dict[Place, dict[int, set[Published]]] = {}
        for cell in PublishedCell.objects.select_related("release"):
            place = (cell.release.regency_id, cell.release.month)
            stored.setdefault(place, {}).setdefault(cell.release.number, set()).add(as_published(cell))
        assert stored == {
            place: {number: set(figures) for number, figures in enumerate(releases)}
            for place, releases in self.released.items()
        }

    @invariant()
    def closed_months_keep_what_was_reported(self) -> None:
        """As long as a month is closed, and no exception opens it, its rows stay as they are."""
        excepted = set(PeriodException.objects.valid_at(timezone.now()).values_list("regency_id", "month"))
        rows = Membership.objects.exclude(reported=None).order_by("segment")
        kept: dict[Place, list[Any]] = {}
        for period in PeriodStatus.objects.closed():
            place = (period.regency_id, period.month)
            if place not in excepted:
                kept[place] = list(rows.filter(regency=place[0], month=place[1]).values_list(*REPORTED))
                assert self.kept.get(place, kept[place]) == kept[place]
        self.kept = kept

    @invariant()
    def only_exceptions_open_a_closed_month(self) -> None:
        excepted = set(PeriodException.objects.valid_at(timezone.now()).values_list("regency_id", "month"))
        locks = Locks()
        for period in PeriodStatus.objects.closed():
            place = (period.regency_id, period.month)
            assert (locks.membership(*place) is None) == (place in excepted)


@pytest.mark.django_db
def test_published_figures_change_by_revisions_alone() -> None:
    examples = number("INTERLEAVINGS", 12, 200)
    settings = hypothesis.settings(max_examples=examples, stateful_step_count=25)

    run_state_machine_as_test(Months, settings=settings)

    say(f"{examples} interleavings of up to 25 steps: every invariant held after each step")


class Unlocked(Months):
    """The control arm: a database that lets the figures of a closed month be changed."""

    guarded = False

    def __init__(self) -> None:
        super().__init__()
        with connection.cursor() as cursor:
            # A table that still has to be checked cannot be altered.
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
            for event in ("insert", "update", "delete"):
                cursor.execute(f"ALTER TABLE regions_membership DISABLE TRIGGER membership_guard_{event}")

    @rule(place=PLACES)
    def close_and_edit(self, place: Place) -> None:
        self.close_at_once(place, "satu", "tiga")
        self.closed_months_keep_what_was_reported()
        self.edit(place, "PU", 901)


@pytest.mark.django_db
def test_control_arm_without_the_lock_of_closed_months_their_figures_change() -> None:
    settings = hypothesis.settings(
        max_examples=12, stateful_step_count=25, phases=[hypothesis.Phase.generate], database=None
    )

    with pytest.raises(AssertionError) as violated:
        run_state_machine_as_test(Unlocked, settings=settings)

    assert "closed_months_keep_what_was_reported" in {entry.name for entry in violated.traceback}


class Unpublished(Months):
    """The control arm: pages that forget what was published."""

    guarded = False

    @rule(place=PLACES)
    def drift(self, place: Place) -> None:
        """Close a month and have its working figure go on."""
        for release in (self.submit, self.approve):
            release(place, "satu" if release == self.submit else "tiga")
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('portal.removing_example', 'yes', true)")
            cursor.execute("UPDATE regions_membership SET reported = 901 WHERE reported IS NOT NULL")
            cursor.execute("SELECT set_config('portal.removing_example', '', true)")


@pytest.mark.django_db
def test_control_arm_without_the_overlay_they_change(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("regions.selectors.registers.published_figures", lambda _codes: {})
    settings = hypothesis.settings(
        max_examples=12, stateful_step_count=25, phases=[hypothesis.Phase.generate], database=None
    )

    with pytest.raises(AssertionError):
        run_state_machine_as_test(Unpublished, settings=settings)
