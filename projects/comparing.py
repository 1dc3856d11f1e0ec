"""The preview of a worker list: what is new, changed and the same, with samples, from the staged rows."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils.translation import gettext_noop as _

from coverage_portal.intake.choices import Beyond, Outcome
from coverage_portal.intake.kinds import Comparison, Problem, Sample, Severity

from . import effects, known, resolving
from .fingerprints import fingerprint_of
from .messages import TEMPLATES
from .persons import masked_period
from .plan import Plan

SAMPLES = 50
EXAMPLES = 100
FETCH = 2000
VALUES = (
    "name",
    "sex",
    "birth_date",
    "kpj",
    "segment",
    "regency",
    "npp",
    "occupation",
    "funding",
    "start",
    "end",
    "paid_through",
)
"""What a sample shows, as the columns of the kind are called."""

_OUT = """
UPDATE projects_stagedenrollment s SET outcome = x.outcome FROM enrolling_refusal x
WHERE s.batch_id = %s AND s.row_number = x.row_number
"""
_SAMPLES = """
SELECT r.row_number, r.nik_last4, CASE WHEN r.is_new THEN 'new'
        ELSE 'changed' END,
    w.name, w.sex, w.birth_date, w.kpj, r.segment, r.old_regency, r.employer_npp, r.old_occupation,
    r.old_funding, r.start, r.old_end, r.old_paid_through,
    r.name, r.sex, r.birth_date, r.kpj, r.segment, r.regency_id, r.employer_npp, r.occupation, r.funding,
    r.start, r."end", r.paid_through, r.person_changes
FROM enrolling_resolved r
LEFT JOIN LATERAL (SELECT * FROM projects_worker w WHERE w.id = r.known_worker OFFSET 0) AS w ON true
WHERE r.ctid = ANY (ARRAY(
    (SELECT ctid FROM enrolling_resolved WHERE is_new ORDER BY row_number LIMIT %(most)s)
    UNION ALL
    (SELECT ctid FROM enrolling_resolved WHERE NOT is_new AND (is_changed OR person_changes)
        ORDER BY row_number LIMIT %(most)s)
)) ORDER BY r.row_number
"""
_SAME_SAMPLES = """
SELECT s.row_number, s.nik_last4, s.name, s.sex, s.birth_date, s.kpj, s.segment, s.regency_id, s.employer_npp,
    s.occupation, s.funding, s.start, s."end", s.paid_through
FROM projects_stagedenrollment s WHERE s.batch_id = %(batch)s AND s.outcome = '' AND NOT EXISTS (
    SELECT FROM enrolling_resolved r
    WHERE r.row_number = s.row_number AND (r.is_new OR r.is_changed OR r.person_changes)
) ORDER BY s.row_number LIMIT %(most)s
"""
_ELSEWHERE = """
SELECT r.row_number, o.segment, o.regency_id, count(*) OVER () FROM enrolling_resolved r
JOIN {of_worker} o ON o.worker_id = r.known_worker AND o.id IS DISTINCT FROM r.known_id
WHERE (o.segment, o.regency_id) <> (r.segment, r.regency_id) AND r.is_new AND {visible}
    AND EXISTS (SELECT FROM enrolling_known)
    AND o.start <= coalesce(r."end", 'infinity'::date)
    AND r.start <= coalesce(o."end", 'infinity'::date)
ORDER BY r.row_number LIMIT %(most)s
"""
_ENDING = """
SELECT w.name, w.nik_last4, e.segment, e.regency_id, e.start FROM enrolling_ending x
JOIN projects_enrollment e ON e.id = x.id JOIN projects_worker w ON w.id = e.worker_id
ORDER BY e.id LIMIT %(most)s
"""


def compare(plan: Plan) -> Comparison:
    """Compare the staged rows of a plan's batch, inside the caller's transaction."""
    known.find(plan)
    resolving.resolve(plan, allocate=False)
    take_out(plan)
    found = fingerprint_of(plan)
    return comparison_of(plan, found, effects.effects(plan))


def take_out(plan: Plan) -> None:
    """Mark the rows that resolving has refused."""
    with connection.cursor() as cursor:
        cursor.execute(_OUT, [plan.batch_id])


def comparison_of(plan: Plan, found: dict[str, Any], told: effects.Told) -> Comparison:
    """The preview of what the temporary tables hold; `found` is their fingerprint."""
    return Comparison(
        counts={outcome: found[outcome] for outcome in (Outcome.NEW, Outcome.CHANGED, Outcome.SAME)},
        wrong=_wrong(),
        skipped=_skipped(),
        remarks=[*_repeated(), *_elsewhere(plan), *_ending(plan, found["ending"])],
        samples=[
            *_samples(blank_keeps=plan.corrects is None),
            *(_same_samples(plan) if found["same"] else ()),
        ],
        effects=told.effects,
        touched=told.touched,
        areas=_areas(plan),
        fingerprint=found,
        beyond={Beyond.ENDING.value: found["ending"]},
    )


def _rows(statement: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows


def _stream(statement: str) -> Iterator[tuple[Any, ...]]:
    """Rows of which there may be as many as in the file: the database holds them, a few come at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(statement)
        while rows := cursor.fetchmany(FETCH):
            yield from rows


def _wrong() -> Iterator[Problem]:
    """The refused rows' problems in row order."""
    statement = (
        "SELECT row_number, code, params FROM enrolling_refusal"
        " WHERE outcome = 'wrong' ORDER BY row_number, code"
    )
    for row, code, params in _stream(statement):
        yield Problem(code, TEMPLATES[code], _json(params), row=row)


def _json(value: Any) -> dict[str, Any]:
    import json

    found: dict[str, Any] = json.loads(value) if isinstance(value, str) else value
    return found


def _skipped() -> Iterator[tuple[int, str]]:
    """Rows that say again what another row has said: each one's number and why."""
    statement = "SELECT row_number FROM enrolling_refusal WHERE outcome = 'skipped' ORDER BY row_number"
    for (number,) in _stream(statement):
        yield number, SKIPPED


def _repeated() -> list[tuple[Problem, int]]:
    """A remark on the first of those rows."""
    rows = _rows(
        "SELECT row_number, params ->> 'row', count(*) OVER () FROM enrolling_refusal"
        " WHERE outcome = 'skipped' ORDER BY row_number LIMIT %(most)s",
        most=EXAMPLES,
    )
    return [
        (
            Problem(
                "duplicate_row",
                TEMPLATES["repeated_row"],
                {"row": first},
                severity=Severity.WARNING,
                row=number,
            ),
            times,
        )
        for number, first, times in rows
    ]


SKIPPED = _("sama persis dengan baris lain")


def _samples(*, blank_keeps: bool) -> Iterator[Sample]:
    for row in _rows(_SAMPLES, most=SAMPLES):
        number, last4, outcome = row[:3]
        before = dict(zip(VALUES, map(shown, row[3:15]), strict=True))
        after = dict(zip(VALUES, map(shown, row[15:27]), strict=True))
        if not row[27]:
            before |= {name: after[name] for name in ("name", "sex", "birth_date", "kpj")}
        elif blank_keeps:
            after |= {name: after[name] or before[name] for name in ("sex", "birth_date", "kpj")}
        label = f"{after['name']} · ************{last4} · {after['segment']}"
        yield Sample(number, label, str(row[20]), None if outcome == Outcome.NEW else before, after, outcome)


def _same_samples(plan: Plan) -> Iterator[Sample]:
    for number, last4, *values in _rows(_SAME_SAMPLES, batch=plan.batch_id, most=SAMPLES):
        same = dict(zip(VALUES, map(shown, values), strict=True))
        label = f"{same['name']} · ************{last4} · {same['segment']}"
        yield Sample(number, label, str(same["regency"] or ""), same, same, Outcome.SAME)


def shown(value: Any) -> str | None:
    """A stored value as a sample has it."""
    return None if value in (None, "") else str(value)


def _areas(plan: Plan) -> list[str]:
    rows = _rows(
        "SELECT DISTINCT regency_id FROM projects_stagedenrollment"
        " WHERE batch_id = %(batch)s AND outcome = ''"
        " UNION SELECT DISTINCT old_regency FROM enrolling_resolved WHERE is_changed",
        batch=plan.batch_id,
    )
    return sorted(code for (code,) in rows if code)


def _elsewhere(plan: Plan) -> Iterator[tuple[Problem, int]]:
    params = {**resolving.parameters(plan), "most": EXAMPLES}
    visible = resolving.visible_to(plan, "o.regency_id")
    with connection.cursor() as cursor:
        of_worker = resolving.enrollments_of(cursor, plan, "r.known_worker")
    rows = _rows(_ELSEWHERE.format(visible=visible, of_worker=of_worker), **params)
    for number, segment, area, times in rows:
        yield (
            Problem(
                "active_elsewhere",
                TEMPLATES["active_elsewhere_row"],
                {"segment": segment, "area": area},
                severity=Severity.WARNING,
                row=number,
            ),
            times,
        )


def _ending(plan: Plan, count: int) -> Iterator[tuple[Problem, int]]:
    """Whom a complete list does not name. Said first: it is what the user must not overlook."""
    if plan.complete is None or not count:
        return
    params = {"count": count, "day": f"{plan.complete.last_day:%d-%m-%Y}"}
    yield Problem("list_ends", TEMPLATES["list_ends"], params, severity=Severity.WARNING), 1
    for row in _rows(_ENDING, most=EXAMPLES):
        person = masked_period(*row)
        template = TEMPLATES["list_ends_person"]
        yield Problem("list_ends_person", template, {"person": person}, severity=Severity.WARNING), count
    first = settings.COUNT_FROM
    if str(plan.complete.month) < first:
        yield Problem("list_not_counted", TEMPLATES["list_not_counted"], severity=Severity.WARNING), 1
