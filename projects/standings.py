"""Keeping what lists show of projects: derived once, and again only where something was written.

Triggers note which projects a statement has written to. Whoever reads lists calls `refresh` first: it derives
what was touched and what is new, and everything once a day and when the rules change.
"""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from . import rulebook
from .compliance import Position, ProjectFacts, position
from .models import Standing
from .selectors.facts import Place, facts_of, holidays, places_of
from .workdays import Holiday

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

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

_KEPT = """
SELECT NOT EXISTS (SELECT FROM projects_touched) AND count(*) = (SELECT count(*) FROM projects_project),
    count(*), max(id)
FROM projects_standing WHERE "on" = %s AND rules = %s
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


@dataclass(frozen=True, slots=True)
class Kept:
    """The standings of all projects as of a day, judged by the same rules.

    `version` changes with any of them: what is made of them may be kept under it.
    """

    on: datetime.date
    rules: str
    version: str

    def visible_to(self, user: User | Any | None) -> QuerySet[Standing]:
        """Those of the projects that a user may see."""
        found: QuerySet[Standing] = Standing.objects.filter(on=self.on, rules=self.rules).visible_to(user)
        return found


def refresh(on: datetime.date) -> Kept:
    """Have the standing of every project as of a day.

    Takes milliseconds where nothing has changed, and about a millisecond for each project that has.
    """
    days = holidays()
    fingerprint = _fingerprint(days)
    is_fresh, version = _look(on, fingerprint)
    if not is_fresh:
        _derive(on, days, fingerprint)
        _is_fresh, version = _look(on, fingerprint)
    return Kept(on, fingerprint, version)


def _look(on: datetime.date, fingerprint: str) -> tuple[bool, str]:
    with connection.cursor() as cursor:
        cursor.execute(_KEPT, [on, fingerprint])
        is_fresh, number, last = cursor.fetchone()
    # A standing that is derived again gets an id above all others.
    return is_fresh, f"{number}.{last}"


def _derive(on: datetime.date, days: list[Holiday], fingerprint: str) -> None:
    today = timezone.localdate()
    judged_by = rulebook.compliance_rules(days)
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
        cursor.execute(_TAKE_TOUCHED)
        cursor.execute(_MISSING, [on, fingerprint])
        missing = [pk for (pk,) in cursor.fetchall()]
        for some in _parts(missing):
            places = places_of(some)
            Standing.objects.bulk_create(
                _standing(places[pk], facts, position(facts, on=on, rules=judged_by), fingerprint, today)
                for pk, facts in facts_of(some, on).items()
            )
        if len(missing) > AT_ONCE:
            cursor.execute("ANALYZE projects_standing")
        if missing:
            cursor.execute(_FORGET, {"today": today, "on": on, "most": MOST_DAYS})


def _parts(projects: list[int]) -> Iterator[Collection[int]]:
    for first in range(0, len(projects), AT_ONCE):
        yield projects[first : first + AT_ONCE]


def _standing(
    place: Place, facts: ProjectFacts, found: Position, fingerprint: str, today: datetime.date
) -> Standing:
    account, arrears = found.account, found.arrears
    return Standing(
        project_id=place.project,
        areas=list(place.areas),
        agency_id=place.agency,
        regency_code=place.regency,
        fund_source=place.fund_source,
        words=place.words,
        planned=place.planned,
        on=found.on,
        rules=fingerprint,
        made_on=today,
        state=found.state,
        settlement=found.settlement or "",
        is_registered=found.known_since is not None,
        is_over=found.is_over,
        is_protected=found.is_protected,
        value=found.value,
        due=account.due,
        is_estimate=account.is_estimate,
        paid=account.paid,
        outstanding=account.outstanding,
        arrears=arrears.total,
        arrears_to_30=arrears.up_to_30,
        arrears_to_90=arrears.up_to_90,
        arrears_over_90=arrears.over_90,
        start=found.start,
        end=found.end,
        last_day=found.last_day,
        cover_end=found.cover_end,
        enrolled=facts.enrolled_workers or 0,
        open_rules=sorted({finding.rule.value for finding in found.open_findings}),
        missing=list(found.missing),
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
