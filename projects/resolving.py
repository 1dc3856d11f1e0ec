"""What each staged row stands for: whose it is, which enrollment it speaks of, and what would become of that.

Everything is done by the database, in temporary tables of the caller's transaction:

    enrolling_repeated   sealed NIKs that come in more than one row of the file
    enrolling_refusal    rows taken out: row_number, code, params, outcome (wrong or skipped)
    enrolling_resolved   one line for each row that would change something, with what is stored and what
                         would be; for a complete list or a correction, for the others too
    enrolling_ending     enrollments that a complete list does not name

Whose the rows are says `enrolling_known`, which `known` makes before.
"""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from typing import Any

from django.db import connection

from .plan import CompleteList, Plan

_TABLES = ("enrolling_repeated", "enrolling_refusal", "enrolling_resolved", "enrolling_ending")
_KEY = "segment, employer_npp, project_id"
_WHOLE_ROW = (
    "nik_sealed, name, sex, birth_date, kpj, segment, regency_id, employer_npp, project_id, occupation,"
    ' funding, start, "end", paid_through'
)

LARGE = 20_000
"""Rows from which on reading whole tables is better than looking each row up."""
OUTNUMBERED = 6
"""So many times as many workers as rows, and looking each row up is better after all."""

_IS_LARGE = """
SELECT count(*) >= %(rows)s FROM (
    SELECT FROM projects_stagedenrollment WHERE batch_id = %(batch)s LIMIT %(rows)s
) AS first
"""
_STORED = "(SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = 'projects_worker'::regclass)"
_IS_OUTNUMBERED = f"""
SELECT {_STORED} > %(times)s * count(*) FROM (
    SELECT FROM projects_stagedenrollment WHERE batch_id = %(batch)s LIMIT 1 + {_STORED} / %(times)s
) AS as_many_as_decide
"""  # noqa: S608
_REPEATED = """
CREATE TEMPORARY TABLE enrolling_repeated ON COMMIT DROP AS
SELECT nik_sealed FROM projects_stagedenrollment WHERE batch_id = %(batch)s AND outcome = ''
GROUP BY nik_sealed HAVING count(*) > 1
"""
_NONE_REPEATED = "CREATE TEMPORARY TABLE enrolling_repeated (nik_sealed bytea) ON COMMIT DROP"
_REFUSAL = """
CREATE TEMPORARY TABLE enrolling_refusal (
    row_number integer, code text, params jsonb, outcome text
) ON COMMIT DROP
"""
_IDENTICAL = f"""
INSERT INTO enrolling_refusal
SELECT row_number, 'duplicate_row', jsonb_build_object('row', first), 'skipped' FROM (
    SELECT row_number, min(row_number) OVER (PARTITION BY {_WHOLE_ROW}) AS first
    FROM projects_stagedenrollment JOIN enrolling_repeated USING (nik_sealed)
    WHERE batch_id = %(batch)s AND outcome = ''
) AS found WHERE first <> row_number
"""  # noqa: S608
_LEFT = """
    SELECT s.* FROM projects_stagedenrollment s JOIN enrolling_repeated USING (nik_sealed)
    WHERE s.batch_id = %(batch)s AND s.outcome = ''
        AND NOT EXISTS (SELECT FROM enrolling_refusal r WHERE r.row_number = s.row_number)
"""
# The other rows are named up to the tenth: nobody reads more of them.
_OTHERS = """
    (SELECT string_agg(place::text, ', ') FROM (
        SELECT place FROM unnest(places) AS place WHERE place <> row_number LIMIT 10
    ) AS other)
"""
_SAME_KEY = f"""
INSERT INTO enrolling_refusal
SELECT row_number, 'duplicate_key', jsonb_build_object('rows', {_OTHERS}), 'wrong' FROM (
    SELECT row_number, array_agg(row_number) OVER (PARTITION BY nik_sealed, {_KEY}, start) AS places
    FROM ({_LEFT}) AS rows
) AS found WHERE cardinality(places) > 1
"""  # noqa: S608
_OTHER_PERSON = f"""
INSERT INTO enrolling_refusal
SELECT row_number, 'person_differs', jsonb_build_object('rows', {_OTHERS}), 'wrong' FROM (
    SELECT rows.row_number, person.places FROM ({_LEFT}) AS rows JOIN (
        SELECT nik_sealed, array_agg(row_number ORDER BY row_number) AS places FROM ({_LEFT}) AS rows
        GROUP BY nik_sealed
        HAVING count(DISTINCT upper(name)) > 1 OR count(DISTINCT birth_date) > 1
            OR count(DISTINCT nullif(sex, '')) > 1
    ) AS person USING (nik_sealed)
) AS found
"""  # noqa: S608

# No planner would choose it for so many rows; OFFSET leaves it no choice.
_SOUGHT = "LATERAL (SELECT * FROM projects_enrollment e WHERE e.worker_id = {worker} OFFSET 0)"
# `e` is the enrollment that a row speaks of. Blank cells keep what is stored.
_RESOLVED = """
CREATE TEMPORARY TABLE enrolling_resolved ON COMMIT DROP AS
SELECT found.*, {worker} AS worker_id, {enrollment} AS enrollment_id,
    known_id IS NULL AS is_new,
    known_id IS NOT NULL AND {changes} AS is_changed
FROM (SELECT * FROM (
    SELECT {distinct} s.row_number, s.nik_sealed, s.nik_last4, s.name, s.sex, s.birth_date, s.kpj, s.segment,
        s.employer_npp, s.project_id, coalesce(e.start, s.start) AS start, s.regency_id,
        coalesce(nullif(s.occupation, ''), e.occupation, '') AS occupation,
        coalesce(nullif(s.funding, ''), e.funding, '') AS funding,
        {end} AS "end",
        coalesce(s.paid_through, e.paid_through) AS paid_through,
        w.id AS known_worker, e.id AS known_id, e.regency_id AS old_regency,
        e.occupation AS old_occupation, e.funding AS old_funding, e."end" AS old_end,
        e.paid_through AS old_paid_through,
        true AS is_leading,
        w.id IS NOT NULL AND (
            s.name <> w.name OR s.sex <> '' AND s.sex <> w.sex OR s.kpj <> '' AND s.kpj <> w.kpj
            OR s.birth_date IS NOT NULL AND s.birth_date IS DISTINCT FROM w.birth_date
        ){own_person} AS person_changes
    FROM projects_stagedenrollment s
    LEFT JOIN enrolling_known w ON w.nik_sealed = s.nik_sealed
    LEFT JOIN {of_worker} e ON e.worker_id = w.id AND e.segment = s.segment
        AND e.employer_npp = s.employer_npp AND coalesce(e.project_id, 0) = coalesce(s.project_id, 0)
        AND {match}
    WHERE s.batch_id = %(batch)s AND s.outcome = ''{not_refused}{open_first}
) AS joined WHERE {kept}{ordered}) AS found
"""
_CHANGES = """
(regency_id, occupation, funding, "end", paid_through)
    IS DISTINCT FROM (old_regency, old_occupation, old_funding, old_end, old_paid_through)
"""
# Only of what statements join by or filter on: each column costs as much as the next.
_ANALYZE = """
ANALYZE enrolling_resolved (row_number, nik_sealed, known_worker, worker_id, known_id, is_new, is_changed,
    is_leading, person_changes, "end", start)
"""
_REFUSED_BY_ROW = """
INSERT INTO enrolling_refusal
SELECT row_number, CASE WHEN {foreign} THEN 'needs_verification' ELSE 'end_before_start' END,
    '{{}}'::jsonb, 'wrong'
FROM enrolling_resolved WHERE {foreign} OR "end" < start
"""
_TAKE_OUT = """
DELETE FROM enrolling_resolved r USING enrolling_refusal x WHERE x.row_number = r.row_number
"""
# Two periods of one worker, segment and employer or project may not share a day. The stored one counts as
# the file leaves it, where the file speaks of it.
_OVERLAP_STORED = """
INSERT INTO enrolling_refusal
SELECT DISTINCT ON (r.row_number) r.row_number,
    CASE WHEN {visible} THEN 'overlap' ELSE 'needs_verification' END,
    CASE WHEN {visible} THEN jsonb_build_object('start', to_char(o.start, 'DD-MM-YYYY')) ELSE '{{}}' END,
    'wrong'
FROM enrolling_resolved r JOIN {of_worker} o ON o.worker_id = r.known_worker
    AND o.segment = r.segment AND o.employer_npp = r.employer_npp
    AND o.project_id IS NOT DISTINCT FROM r.project_id AND o.id IS DISTINCT FROM r.known_id
WHERE (r.is_new OR r.is_changed)
    AND o.start <= coalesce(r."end", 'infinity'::date)
    AND r.start <= coalesce(o."end", 'infinity'::date)
    AND NOT EXISTS (SELECT FROM enrolling_resolved other WHERE other.known_id = o.id)
ORDER BY r.row_number, o.start
"""
_OVERLAP_IN_FILE = f"""
INSERT INTO enrolling_refusal
SELECT row_number, 'overlap_in_file', jsonb_build_object('rows', {_OTHERS}), 'wrong' FROM (
    SELECT one.row_number, array_agg(DISTINCT other.row_number) AS places
    FROM (SELECT r.* FROM enrolling_resolved r JOIN enrolling_repeated USING (nik_sealed)) AS one
    JOIN (SELECT r.* FROM enrolling_resolved r JOIN enrolling_repeated USING (nik_sealed)) AS other
        ON other.nik_sealed = one.nik_sealed AND other.segment = one.segment
        AND other.employer_npp = one.employer_npp AND other.project_id IS NOT DISTINCT FROM one.project_id
        AND other.row_number <> one.row_number
        AND other.start <= coalesce(one."end", 'infinity'::date)
        AND one.start <= coalesce(other."end", 'infinity'::date)
    WHERE one.is_new OR one.is_changed OR other.is_new OR other.is_changed
    GROUP BY one.row_number
) AS found
"""  # noqa: S608
# Of several rows of one person, the first one says what is stored of the person.
_FOLLOWERS = """
WITH first AS (
    SELECT s.nik_sealed, min(s.row_number) AS row_number
    FROM projects_stagedenrollment s JOIN enrolling_repeated USING (nik_sealed)
    WHERE s.batch_id = %(batch)s AND s.outcome = ''
        AND NOT EXISTS (SELECT FROM enrolling_refusal x WHERE x.row_number = s.row_number)
    GROUP BY s.nik_sealed
)
UPDATE enrolling_resolved r SET is_leading = false, person_changes = false,
    worker_id = coalesce(leader.worker_id, r.worker_id)
FROM first LEFT JOIN enrolling_resolved leader USING (row_number)
WHERE first.nik_sealed = r.nik_sealed AND first.row_number <> r.row_number
"""
_ONLY_FOLLOWED = """
DELETE FROM enrolling_resolved WHERE NOT is_leading AND NOT is_new AND NOT is_changed
"""
_ENDING = """
CREATE TEMPORARY TABLE enrolling_ending ON COMMIT DROP AS
SELECT e.id, e.worker_id, greatest(e.start, %(last_day)s::date) AS new_end FROM {enrollments} e
WHERE {listed} AND {visible} AND e.start <= %(day)s AND (e."end" IS NULL OR e."end" > %(last_day)s)
    AND NOT EXISTS (SELECT FROM enrolling_resolved r WHERE r.known_id = e.id)
    AND (e."end" IS NULL OR e."end" > greatest(e.start, %(last_day)s::date))
"""
_NO_ENDING = """
CREATE TEMPORARY TABLE enrolling_ending (id bigint, worker_id bigint, new_end date) ON COMMIT DROP
"""


KNOWN_AFFECTED = """
SELECT known_worker AS worker_id FROM enrolling_resolved
WHERE (is_new OR is_changed) AND known_worker IS NOT NULL AND EXISTS (SELECT FROM enrolling_known)
UNION SELECT worker_id FROM enrolling_ending
"""
"""Whose counting may change, of those who are stored; a correction adds `CORRECTED_AFFECTED`."""
CORRECTED_AFFECTED = """
UNION SELECT worker_id FROM correcting_removed UNION SELECT worker_id FROM correcting_back
"""
NEW_AFFECTED = """
SELECT worker_id FROM enrolling_resolved WHERE is_new AND known_worker IS NULL AND is_leading
"""
"""Who is counted for the first time, once ids are allocated."""


@dataclass(frozen=True, slots=True)
class Found:
    """How many rows were taken out now, and how many complete lists' enrollments end."""

    refused: int
    ending: int


def resolve(plan: Plan, *, allocate: bool, may_repeat: bool = True) -> Found:
    """Make the temporary tables. With `allocate`, new workers and enrollments are given their ids.

    `may_repeat` is False where the same rows were resolved before, and nobody stood in two of them.
    """
    params = parameters(plan)
    with connection.cursor() as cursor:
        prepare(cursor, plan.batch_id)
        for table in _TABLES:
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(_REPEATED if may_repeat else _NONE_REPEATED, params)
        repeated = may_repeat and cursor.rowcount
        cursor.execute(_REFUSAL)
        if repeated:
            for statement in (_IDENTICAL, _SAME_KEY, _OTHER_PERSON):
                cursor.execute(statement, params)
        refused = _count(cursor, "enrolling_refusal")
        of_worker = enrollments_of(cursor, plan, "w.id")
        resolved = _resolved(plan, of_worker, allocate=allocate, has_refusals=bool(refused))
        cursor.execute(resolved, params)
        cursor.execute(_ANALYZE)
        foreign = "false" if plan.scope.everything else f"NOT coalesce({visible('old_regency')}, true)"
        cursor.execute(_REFUSED_BY_ROW.format(foreign=foreign), params)
        _take_out(cursor)
        _refuse_overlaps(cursor, plan, params, in_file=bool(repeated))
        listed = plan.complete
        if repeated:
            cursor.execute(_FOLLOWERS, params)
            if not plan.keeps_every_row:
                cursor.execute(_ONLY_FOLLOWED)
        if listed is None:
            cursor.execute(_NO_ENDING)
        else:
            ending = _ENDING.format(
                listed=listed_enrollments(listed),
                visible=visible_to(plan, "e.regency_id"),
                enrollments=plan.enrollments,
            )
            cursor.execute(ending, params)
        return Found(_count(cursor, "enrolling_refusal"), _count(cursor, "enrolling_ending"))


def prepare(cursor: Any, batch_id: uuid.UUID) -> None:
    """Settings for the statements over all rows of a batch, until the transaction ends."""
    cursor.execute("SET LOCAL work_mem = '192MB'")
    cursor.execute(_IS_LARGE, {"batch": batch_id, "rows": LARGE})
    if cursor.fetchone()[0]:
        # Right after a large import or undo the statistics may still say that a table is empty, and a join by
        # nested loops over a million rows would not end.
        cursor.execute("SET LOCAL enable_nestloop = off")


def is_outnumbered(cursor: Any, plan: Plan) -> bool:
    """Whether to look up each row of the list in the stored tables, rather than read those from end to end.

    The tables of a correction are no larger than its list.
    """
    if plan.corrects is not None:
        return False
    cursor.execute(_IS_OUTNUMBERED, {"batch": plan.batch_id, "times": OUTNUMBERED})
    return bool(cursor.fetchone()[0])


def enrollments_of(cursor: Any, plan: Plan, worker: str) -> str:
    """The stored enrollments to join with a worker's id, for each line of the list: SQL of a table."""
    return _SOUGHT.format(worker=worker) if is_outnumbered(cursor, plan) else plan.enrollments


def _refuse_overlaps(cursor: Any, plan: Plan, params: dict[str, Any], *, in_file: bool) -> None:
    """Until nothing is refused any more: what a refused row would have ended stays open, and may overlap."""
    of_worker = enrollments_of(cursor, plan, "r.known_worker")
    stored = _OVERLAP_STORED.format(visible=visible_to(plan, "o.regency_id"), of_worker=of_worker)
    cursor.execute("SELECT EXISTS (SELECT FROM enrolling_known)")
    has_known = cursor.fetchone()[0]
    refused = 1
    while refused and (has_known or in_file):
        cursor.execute(stored, params)
        refused = cursor.rowcount
        if in_file:
            cursor.execute(_OVERLAP_IN_FILE, params)
            refused += cursor.rowcount
        if refused:
            _take_out(cursor)


def _resolved(plan: Plan, of_worker: str, *, allocate: bool, has_refusals: bool) -> str:
    end = 'coalesce(s."end", e."end")'
    if plan.complete is not None:
        # Whoever is on the list is active on its day, whatever an earlier list said.
        end = f'CASE WHEN s."end" IS NULL AND e."end" < %(day)s THEN NULL ELSE {end} END'
    own = (
        ""
        if plan.scope.everything
        else (
            f" AND NOT EXISTS (SELECT FROM {plan.enrollments} x WHERE x.worker_id = w.id"
            f" AND NOT {visible('x.regency_id')})"
        )
    )
    return _RESOLVED.format(
        worker="coalesce(known_worker, nextval('projects_worker_id_seq'))" if allocate else "known_worker",
        enrollment="coalesce(known_id, nextval('projects_enrollment_id_seq'))" if allocate else "known_id",
        # New ids follow the sealed NIKs, so that those are inserted in both orders at once.
        ordered=" ORDER BY nik_sealed, row_number" if allocate else "",
        distinct="" if plan.has_start else "DISTINCT ON (s.nik_sealed, s.row_number)",
        match="e.start = s.start" if plan.has_start else '(e."end" IS NULL OR e.start = s.start)',
        open_first="" if plan.has_start else ' ORDER BY s.nik_sealed, s.row_number, e."end" DESC NULLS FIRST',
        changes=_CHANGES,
        kept="true" if plan.keeps_every_row else f"known_id IS NULL OR person_changes OR {_CHANGES}",
        of_worker=of_worker,
        end=end,
        own_person=own,
        not_refused=" AND NOT EXISTS (SELECT FROM enrolling_refusal x WHERE x.row_number = s.row_number)"
        if has_refusals
        else "",
    )


def listed_enrollments(listed: CompleteList) -> str:
    """The enrollments `e` that a complete list has to name, as SQL."""
    if listed.project is not None:
        return "e.project_id = %(project)s"
    return "e.regency_id = %(regency)s AND e.segment = %(segment)s"


def parameters(plan: Plan) -> dict[str, Any]:
    """What the statements are given."""
    codes = sorted(plan.scope.codes)
    params: dict[str, Any] = {"batch": plan.batch_id, "codes": codes}
    if plan.complete is not None:
        params |= {
            "day": plan.complete.day,
            "last_day": plan.complete.last_day,
            "regency": plan.complete.regency,
            "segment": plan.complete.segment,
            "project": plan.complete.project,
        }
    return params


def visible(column: str) -> str:
    """Whether a regency lies within the user's areas, as SQL."""
    return f"({column} = ANY(%(codes)s) OR left({column}, 2) = ANY(%(codes)s))"


def visible_to(plan: Plan, column: str) -> str:
    return "true" if plan.scope.everything else visible(column)


def _take_out(cursor: Any) -> None:
    cursor.execute("ANALYZE enrolling_refusal")
    cursor.execute(_TAKE_OUT)


def _count(cursor: Any, table: str) -> int:
    cursor.execute(f"SELECT count(*) FROM {table}")  # noqa: S608 - a name of our own
    count: int = cursor.fetchone()[0]
    return count
