"""Keeping what lists show of projects: derived once, and again only where something was written.

Triggers note which projects a statement has written to. Whoever reads lists calls `refresh` first: it derives
what was touched and what is new, and everything once a day and when the rules change.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterator
from functools import lru_cache
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.utils import timezone

from . import rulebook
from .compliance import Position
from .models import Standing
from .selectors.facts import Place, enrolled_on, holidays, places_of, positions_of
from .workdays import Holiday

AT_ONCE = 1000
MOST_DAYS = 20
"""Days that are kept, for whoever looks at the past."""

_LOCK = 0x7374616E64
"""Names the lock of whoever derives. Neither readers nor writers of projects wait for it."""
_ARITHMETIC = (
    "compliance",
    "contributions.py",
    "rates.py",
    "workdays.py",
    "selectors/facts.py",
    "standings.py",
)

_STALE = """
SELECT EXISTS (SELECT FROM projects_touched)
    OR (SELECT count(*) FROM projects_project)
    <> (SELECT count(*) FROM projects_standing WHERE "on" = %s AND rules = %s)
"""
# Whoever commits after this statement has begun is found by the next one: its rows stay.
_TAKE_TOUCHED = """
WITH touched AS (DELETE FROM projects_touched RETURNING project_id)
DELETE FROM projects_standing WHERE project_id IN (SELECT project_id FROM touched)
"""
_MISSING = """
SELECT p.id FROM projects_project p WHERE NOT EXISTS (
    SELECT FROM projects_standing s WHERE s.project_id = p.id AND s."on" = %s AND s.rules = %s
) ORDER BY p.id
"""
_FORGET = """
DELETE FROM projects_standing WHERE made_on < %(today)s OR "on" IN (
    SELECT "on" FROM projects_standing WHERE "on" NOT IN (%(on)s, %(today)s) GROUP BY "on"
    ORDER BY max(id) DESC OFFSET %(most)s
)
"""


def refresh(on: datetime.date) -> str:
    """Have the standing of every project as of a day; returns the fingerprint of the rules it was judged by.

    Takes milliseconds where nothing has changed, and about a millisecond for each project that has.
    """
    days = holidays()
    fingerprint = _fingerprint(days)
    with connection.cursor() as cursor:
        cursor.execute(_STALE, [on, fingerprint])
        if not cursor.fetchone()[0]:
            return fingerprint
    today = timezone.localdate()
    judged_by = rulebook.compliance_rules(days)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TAKE_TOUCHED)
        cursor.execute(_MISSING, [on, fingerprint])
        missing = [pk for (pk,) in cursor.fetchall()]
        for some in _parts(missing):
            enrolled, places = enrolled_on(some, on), places_of(some)
            Standing.objects.bulk_create(
                _standing(places[pk], position, enrolled.get(pk, 0), fingerprint, today)
                for pk, position in positions_of(some, on, judged_by).items()
            )
        if len(missing) > AT_ONCE:
            cursor.execute("ANALYZE projects_standing")
        if missing:
            cursor.execute(_FORGET, {"today": today, "on": on, "most": MOST_DAYS})
    return fingerprint


def _parts(projects: list[int]) -> Iterator[Collection[int]]:
    for first in range(0, len(projects), AT_ONCE):
        yield projects[first : first + AT_ONCE]


def _standing(
    place: Place, position: Position, enrolled: int, fingerprint: str, today: datetime.date
) -> Standing:
    account, arrears = position.account, position.arrears
    return Standing(
        project_id=place.project,
        areas=list(place.areas),
        agency_id=place.agency,
        regency_code=place.regency,
        fund_source=place.fund_source,
        planned=place.planned,
        on=position.on,
        rules=fingerprint,
        made_on=today,
        state=position.state,
        settlement=position.settlement or "",
        is_registered=position.known_since is not None,
        is_over=position.is_over,
        is_protected=position.is_protected,
        value=position.value,
        due=account.due,
        is_estimate=account.is_estimate,
        paid=account.paid,
        outstanding=account.outstanding,
        arrears=arrears.total,
        arrears_to_30=arrears.up_to_30,
        arrears_to_90=arrears.up_to_90,
        arrears_over_90=arrears.over_90,
        start=position.start,
        end=position.end,
        last_day=position.last_day,
        cover_end=position.cover_end,
        enrolled=enrolled,
        open_rules=sorted({finding.rule.value for finding in position.open_findings}),
        missing=list(position.missing),
    )


def _fingerprint(days: list[Holiday]) -> str:
    """Of all that a position follows from beside the records of its project."""
    limit = rulebook.registration_limit()
    ways = (settings.COLLECTIVE_LEAVE_IS_WORKED, limit and limit.workdays, rulebook.contribution_base())
    return hashlib.sha256(repr((days, ways, _code())).encode()).hexdigest()[:16]


@lru_cache(maxsize=1)
def _code() -> str:
    """A fingerprint of the arithmetic itself: another release may come to other positions."""
    found = hashlib.sha256()
    here = Path(__file__).parent
    for name in _ARITHMETIC:
        place = here / name
        for path in sorted(place.glob("*.py")) if place.is_dir() else [place]:
            found.update(path.read_bytes())
    return found.hexdigest()
