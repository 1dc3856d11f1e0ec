"""The picture of a project's course: what is in it, and that every text in it can be read. No database."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from itertools import combinations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from projects.compliance import Assessment, Payment, ProjectFacts, position
from projects.contributions import Addendum
from projects.timeline import NAMES, NARROW, WIDE, Course, Drawing, Kind, Lane, Look, Shape, course, draw
from projects.timeline import drawing as geometry

from .test_compliance import FIRST, PAID, PROJECT, REGISTERED, RULES

DAY = timedelta(days=1)
Box = tuple[int, int, int, int]


def course_of(facts: ProjectFacts, on: date) -> Course:
    return course(facts, position(facts, on=on, rules=RULES))


def drawn(facts: ProjectFacts, on: date, shape: Shape = WIDE) -> Drawing:
    picture = draw(course_of(facts, on), shape, NAMES)
    assert picture is not None
    return picture


def test_dates_stand_in_order_and_say_what_they_are() -> None:
    found = course_of(replace(PAID, certificate_on=date(2026, 7, 14)), date(2026, 9, 1))

    assert [(event.kind.value, event.on.isoformat()) for event in found.events] == [
        ("spk", "2026-07-06"),
        ("registered", "2026-07-10"),
        ("assessed", "2026-07-10"),
        ("started", "2026-07-13"),
        ("first_paid", "2026-07-13"),
        ("certified", "2026-07-14"),
        ("deadline", "2026-07-24"),
        ("ended", "2026-11-30"),
        ("maintenance_end", "2027-05-31"),
    ]
    assert found.payments == (date(2026, 7, 13), date(2026, 9, 1))
    assert found.missing == (Kind.COVER_END,)


def test_what_happened_later_is_left_out_and_what_is_planned_is_not() -> None:
    facts = replace(PAID, addenda=(Addendum(date(2026, 10, 1), end=date(2026, 12, 31), number="A-1"),))

    before, after = course_of(facts, date(2026, 7, 9)), course_of(facts, date(2026, 10, 1))

    assert before.pending == (Kind.REGISTERED, Kind.FIRST_PAID, Kind.CERTIFIED)
    assert before.payments == ()
    assert [e.on for e in before.events if e.kind is Kind.ENDED] == [date(2026, 11, 30)]
    assert [e.on for e in after.events if e.kind is Kind.ENDED] == [date(2026, 12, 31)]
    assert [e.number for e in after.events if e.kind is Kind.ADDENDUM] == ["A-1"]


LATE = replace(PAID, payments=(Payment(date(2026, 8, 1), Decimal(620_000)),))


@pytest.mark.parametrize(
    ("facts", "on", "spans"),
    [
        pytest.param(
            PROJECT, date(2026, 7, 20), [("gap", "2026-07-13", "2026-07-19", 7)], id="unpaid, still running"
        ),
        pytest.param(PROJECT, date(2026, 7, 13), [], id="unpaid on the first day"),
        pytest.param(PROJECT, date(2028, 1, 1), [("gap", "2026-07-13", "2027-05-31", 323)], id="never paid"),
        pytest.param(
            LATE,
            date(2026, 9, 1),
            [
                ("cover", "2026-08-01", "2026-11-30", 122),
                ("gap", "2026-07-13", "2026-07-31", 19),
                ("unknown", "2026-12-01", "2027-05-31", 182),
            ],
            id="paid late, end of cover not confirmed",
        ),
        pytest.param(
            replace(PAID, cover_end=date(2026, 12, 31)),
            date(2026, 9, 1),
            [("cover", "2026-07-13", "2026-12-31", 172), ("gap", "2027-01-01", "2027-05-31", 151)],
            id="cover ends before FHO",
        ),
        pytest.param(
            replace(PAID, cover_end=date(2027, 5, 31)),
            date(2026, 9, 1),
            [("cover", "2026-07-13", "2027-05-31", 323)],
            id="covered to FHO",
        ),
        pytest.param(
            replace(LATE, cancelled_on=date(2026, 9, 1)),
            date(2026, 9, 1),
            [("cover", "2026-08-01", "2026-09-01", 32), ("gap", "2026-07-13", "2026-07-31", 19)],
            id="cancelled",
        ),
        pytest.param(replace(PROJECT, cancelled_on=date.min), date(2026, 9, 1), [], id="cancelled some day"),
        pytest.param(
            replace(PAID, end=None, maintenance_end=None),
            date(2026, 9, 1),
            [("unknown", "2026-07-13", "2026-09-01", 51)],
            id="no end known",
        ),
    ],
)
def test_days_with_and_without_protection(
    facts: ProjectFacts, on: date, spans: list[tuple[str, str, str, int]]
) -> None:
    found = [span for span in course_of(facts, on).spans if span.lane is Lane.COVER]

    assert sorted((s.look.value, str(s.first), str(s.last), s.days) for s in found) == spans


def test_days_without_protection_are_those_of_the_finding() -> None:
    for on in (date(2026, 7, 20), date(2026, 9, 1), date(2028, 1, 1)):
        for facts in (PROJECT, LATE, REGISTERED):
            where = position(facts, on=on, rules=RULES)
            said = [finding.params["days"] for finding in where.findings if "start" in finding.params]

            assert [gap.days for gap in course(facts, where).gaps] == said


def test_nothing_is_invented_where_dates_are_missing() -> None:
    facts = ProjectFacts(spk_on=date(2026, 7, 6))
    found = course_of(facts, date(2026, 9, 1))

    assert [event.kind for event in found.events] == [Kind.SPK, Kind.DEADLINE]
    assert found.spans == ()
    assert found.missing == (Kind.STARTED, Kind.ENDED, Kind.MAINTENANCE_END)
    assert draw(course_of(ProjectFacts(), date(2026, 9, 1)), WIDE, NAMES) is None


def test_day_of_a_cancellation_that_is_not_known_is_missing() -> None:
    found = course_of(replace(PROJECT, cancelled_on=date.min), date(2026, 9, 1))

    assert Kind.CANCELLED in found.missing
    assert all(event.on > date(2026, 1, 1) for event in found.events)


def test_gap_of_a_day_can_be_seen_and_lies_over_the_rest() -> None:
    paid = (Payment(date(2026, 7, 14), Decimal(620_000)),)
    picture = drawn(replace(PAID, payments=paid), date(2026, 9, 1), NARROW)

    bars = next(row for row in picture.rows if row.lane is Lane.COVER).bars
    assert (bars[-1].span.look, bars[-1].span.days, bars[-1].width) == (Look.GAP, 1, 3)


def test_day_asked_for_is_drawn_unless_it_is_far_away() -> None:
    assert drawn(PAID, date(2027, 7, 1)).as_of_x is not None
    assert drawn(PAID, date(2034, 1, 1)).as_of_x is None
    assert drawn(PAID, date(2034, 1, 1)).flags[0].x == drawn(PAID, date(2035, 1, 1)).flags[0].x


def test_bars_follow_their_dates_to_scale() -> None:
    picture = drawn(replace(PAID, cover_end=date(2027, 5, 31)), date(2026, 9, 1))
    work, maintenance, cover, _payments = picture.rows

    assert work.bars[0].x + work.bars[0].width <= maintenance.bars[0].x
    assert cover.bars[0].x == work.bars[0].x
    ratio = maintenance.bars[0].width / work.bars[0].width
    assert ratio == pytest.approx(181 / 140, abs=0.02)


days = st.dates(date(2024, 1, 1), date(2027, 12, 31))
maybe = st.none() | days
numbers = st.integers(1, 99).map(lambda n: f"N-{n}")


@st.composite
def projects(draw_from: st.DrawFn) -> ProjectFacts:
    one = draw_from
    spk = one(maybe)
    addenda = one(st.lists(st.builds(Addendum, days, end=maybe, number=numbers), max_size=6))
    amounts = st.just(Decimal(1_000_000))
    return ProjectFacts(
        spk_on=spk,
        start=one(maybe),
        end=one(maybe),
        maintenance_end=one(maybe),
        has_maintenance=one(st.booleans()),
        value=Decimal(300_000_000),
        addenda=tuple(a for a in addenda if spk is None or a.on >= spk),
        assessments=tuple(one(st.lists(st.builds(Assessment, days, amounts, number=numbers), max_size=6))),
        payments=tuple(one(st.lists(st.builds(Payment, days, amounts), max_size=20))),
        registered_on=one(maybe),
        certificate_on=one(maybe),
        cover_end=one(maybe),
        cancelled_on=one(st.none() | days | st.just(date.min)),
    )


def overlap(one: Box, other: Box) -> bool:
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def text_boxes(picture: Drawing) -> Iterator[Box]:
    for flag in picture.flags:
        yield flag.box
    for tick in picture.ticks:
        yield tick.left, picture.ticks_y - 12, tick.left + tick.width, picture.ticks_y


def problems(picture: Drawing) -> list[str]:
    """What keeps a picture from being read."""
    boxes = list(text_boxes(picture))
    found = [f"{one} over {other}" for one, other in combinations(boxes, 2) if overlap(one, other)]
    found += [
        f"{box} outside"
        for box in boxes
        if box[0] < 0 or box[1] < 0 or box[2] > picture.width or box[3] > picture.height
    ]
    for flag in picture.flags:
        for other in picture.flags:
            if other.y < flag.y and flag.x + geometry.RADIUS < other.x < flag.box[2]:
                found.append(f"pole of {other.number} through {flag.number}")
    left, right = picture.left, picture.right
    drawn_from = [*(x for row in picture.rows for x in row.marks), *(flag.x for flag in picture.flags)]
    found += [f"mark at {x}" for x in drawn_from if not left <= x <= right]
    bars = [bar for row in picture.rows for bar in row.bars]
    found += [f"{bar}" for bar in bars if bar.width < 1 or bar.x < left or bar.x + bar.width > right]
    return found


@settings(max_examples=150, deadline=None)
@given(projects(), days, st.sampled_from([WIDE, NARROW]))
def test_every_text_can_be_read_and_everything_is_inside(facts: ProjectFacts, on: date, shape: Shape) -> None:
    picture = draw(course_of(facts, on), shape, NAMES)

    assert picture is None or problems(picture) == []


def test_control_arm_flags_on_one_level_cannot_be_read(monkeypatch: pytest.MonkeyPatch) -> None:
    assert problems(drawn(PAID, date(2026, 9, 1))) == []

    monkeypatch.setattr(geometry, "FLAG_HEIGHT", 0)

    assert any("over" in problem for problem in problems(drawn(PAID, date(2026, 9, 1))))


@settings(max_examples=60, deadline=None)
@given(projects(), days, st.randoms())
def test_order_in_which_records_were_entered_is_nothing(facts: ProjectFacts, on: date, random) -> None:
    shuffled = {
        name: tuple(random.sample(getattr(facts, name), len(getattr(facts, name))))
        for name in ("addenda", "assessments", "payments")
    }

    other = replace(facts, **shuffled)

    assert draw(course_of(other, on), WIDE, NAMES) == draw(course_of(facts, on), WIDE, NAMES)


@pytest.mark.parametrize("years", [0, 1, 5, 40, 900])
def test_axis_has_a_few_months_however_long_the_project(years: int) -> None:
    facts = replace(PROJECT, maintenance_end=date(2026 + years, 12, 31), payments=(FIRST,))
    for shape, most in ((WIDE, 13), (NARROW, 5)):
        picture = drawn(facts, date(2026, 9, 1), shape)

        assert problems(picture) == []
        assert 1 <= len(picture.ticks) <= most


def test_ends_of_the_calendar_can_be_drawn() -> None:
    for facts in (
        ProjectFacts(spk_on=date(1, 1, 2), start=date(1, 1, 2)),
        ProjectFacts(start=date.max, end=date.max),
    ):
        assert problems(drawn(facts, facts.start or date.max)) == []
