"""The preview of a correction: wrong -> corrected, what is taken back, and what a later change keeps."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.utils.translation import gettext_noop as _

from coverage_portal.intake.choices import Beyond
from coverage_portal.intake.kinds import Comparison, Problem, Sample, Severity
from projects import comparing, completeness, effects, resolving
from projects.messages import TEMPLATES
from projects.persons import masked_period, masked_person
from projects.plan import Plan

from . import outcome
from .chain import chain_of

LEFT_OUT = _("sudah diubah lagi setelah impor yang salah, sehingga dibiarkan")
_LABEL = "w.name, w.nik_last4"
_BEFORE = 'o.segment, o.regency_id, o.employer_npp, o.occupation, o.funding, o.start, o."end", o.paid_through'
_REMOVED = f"""
SELECT {_LABEL}, {_BEFORE} FROM correcting_removed x
JOIN correcting_stored o ON o.id = x.id JOIN projects_worker w ON w.id = o.worker_id
ORDER BY x.id LIMIT %(most)s
"""  # noqa: S608
_BACK = f"""
SELECT {_LABEL}, {_BEFORE}, x.regency_id, x.occupation, x.funding, x."end", x.paid_through
FROM correcting_back x JOIN correcting_stored o ON o.id = x.id JOIN projects_worker w ON w.id = o.worker_id
ORDER BY x.id LIMIT %(most)s
"""  # noqa: S608
_NAMES = ("segment", "regency", "npp", "occupation", "funding", "start", "end", "paid_through")
_PERSONS_BACK = """
SELECT w.name, w.nik_last4, w.sex, w.birth_date, w.kpj, n.name, n.sex, n.birth_date, n.kpj
FROM correcting_person_new n JOIN projects_worker w ON w.id = n.id
WHERE NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_worker = n.id AND r.is_leading)
ORDER BY n.id LIMIT %(most)s
"""
# Named is what was touched and either file speaks of; where the period is gone or elsewhere, the person.
_KEPT = """
SELECT name, nik_last4, segment, regency_id, start, count(*) OVER () FROM (
    SELECT w.name, w.nik_last4, o.segment, CASE WHEN {visible} THEN o.regency_id END AS regency_id,
        o.start, o.id
    FROM correcting_stored o JOIN projects_worker w ON w.id = o.worker_id
    WHERE o.is_touched AND (
        o.is_ours OR (o.worker_id, o.segment, o.employer_npp, coalesce(o.project_id, 0)) IN (
            SELECT known.id, s.segment, s.employer_npp, coalesce(s.project_id, 0)
            FROM projects_stagedenrollment s JOIN projects_worker known USING (nik_sealed)
            WHERE s.batch_id = %(batch)s AND s.outcome = 'skipped'
        )
    )
    UNION ALL
    SELECT w.name, w.nik_last4, NULL, NULL, NULL, g.id FROM correcting_gone g
    JOIN projects_worker w ON w.id = g.worker_id
    UNION ALL
    SELECT w.name, w.nik_last4, NULL, NULL, NULL, NULL FROM correcting_person_kept k
    JOIN projects_worker w ON w.id = k.id
) AS kept ORDER BY id LIMIT %(most)s
"""
_AREAS = """
SELECT o.regency_id FROM correcting_stored o WHERE o.id IN (
    SELECT id FROM correcting_removed UNION ALL SELECT id FROM correcting_back
) UNION SELECT regency_id FROM correcting_back
"""


def compare(plan: Plan) -> Comparison:
    """Compare the corrected file with what it is to correct, inside the caller's transaction."""
    chain = None if plan.corrects is None else chain_of(plan.corrects)
    if chain is None:
        raise LookupError("a correction of what was not imported")
    resolved = outcome.resolve(plan, chain, allocate=False)
    comparing.take_out(plan)
    found = outcome.fingerprint(plan)
    lost = completeness.lost_by(chain.wrong, plan.complete)
    comparison = comparing.comparison_of(plan, found, effects.effects(plan, lost))
    comparison.skipped = itertools.chain(comparison.skipped, ((row, LEFT_OUT) for row in resolved))
    comparison.remarks = [*_kept(plan), *comparison.remarks]
    comparison.samples += [*_removed(), *_back()]
    comparison.areas = sorted({*comparison.areas, *(code for (code,) in _rows(_AREAS))})
    comparison.beyond |= {
        Beyond.REMOVED.value: found["removed"],
        Beyond.BACK.value: found["back"] + found["persons_back"],
    }
    return comparison


def _kept(plan: Plan) -> Iterator[tuple[Problem, int]]:
    """Whatever was touched since, masked."""
    statement = _KEPT.format(visible=resolving.visible_to(plan, "o.regency_id"))
    rows = _rows(statement, **resolving.parameters(plan), most=comparing.EXAMPLES)
    if not rows:
        return
    count = rows[0][-1]
    template = TEMPLATES["correction_keeps"]
    yield Problem("correction_keeps", template, {"count": count}, severity=Severity.WARNING), 1
    template = TEMPLATES["correction_keeps_person"]
    for name, last4, segment, regency, start, _count in rows:
        shown = masked_person(name, last4)
        if regency:
            shown = masked_period(name, last4, segment, regency, start)
        yield (
            Problem("correction_keeps_person", template, {"person": shown}, severity=Severity.WARNING),
            count,
        )


def _removed() -> Iterator[Sample]:
    for name, last4, *values in _rows(_REMOVED, most=comparing.SAMPLES):
        before = dict(zip(_NAMES, map(comparing.shown, values), strict=True))
        yield Sample(0, _label(name, last4, values), values[1], before, {}, Beyond.REMOVED)


def _back() -> Iterator[Sample]:
    for name, last4, *values in _rows(_BACK, most=comparing.SAMPLES):
        before = dict(zip(_NAMES, map(comparing.shown, values[:8]), strict=True))
        changeable = ("regency", "occupation", "funding", "end", "paid_through")
        after = before | dict(zip(changeable, map(comparing.shown, values[8:]), strict=True))
        yield Sample(0, _label(name, last4, values), values[1], before, after, Beyond.BACK)
    names = ("name", "sex", "birth_date", "kpj")
    for name, last4, sex, birth, kpj, *then in _rows(_PERSONS_BACK, most=comparing.SAMPLES):
        before = dict(zip(names, map(comparing.shown, (name, sex, birth, kpj)), strict=True))
        after = dict(zip(names, map(comparing.shown, then), strict=True))
        yield Sample(0, f"{name} · ************{last4}", "", before, after, Beyond.BACK)


def _label(name: str, last4: str, values: list[Any]) -> str:
    return f"{name} · ************{last4} · {values[0]}"


def _rows(statement: str, **params: Any) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, params)
        rows: list[tuple[Any, ...]] = cursor.fetchall()
        return rows
