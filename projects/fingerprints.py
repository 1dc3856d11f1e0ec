"""Whether confirming would still do what the preview showed."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.db import connection

from .plan import Plan

_FOUND = """
SELECT count(*) FILTER (WHERE is_new),
    count(*) FILTER (WHERE NOT is_new AND (is_changed OR person_changes)),
    (SELECT count(*) FROM projects_stagedenrollment WHERE batch_id = %(batch)s AND outcome = '')
        - count(*) FILTER (WHERE is_new OR is_changed OR person_changes),
    count(*) FILTER (WHERE person_changes),
    coalesce(bit_xor(hash_record_extended(ROW(row_number, old_regency, old_occupation, old_funding, old_end,
        old_paid_through), 0)) FILTER (WHERE is_changed), 0),
    coalesce(bit_xor(hashint4extended(row_number, 0)) FILTER (WHERE person_changes), 0),
    (SELECT count(*) FROM enrolling_refusal),
    (SELECT count(*) FROM enrolling_ending),
    (SELECT coalesce(bit_xor(hashint8extended(id, 0)), 0) FROM enrolling_ending),
    (SELECT count(*) FROM projects_stagedenrollment WHERE batch_id = %(batch)s AND outcome = ''),
    (SELECT count(*) FROM enrolling_repeated)
FROM enrolling_resolved
"""
_NAMES = (
    "new",
    "changed",
    "same",
    "persons",
    "old_values",
    "old_persons",
    "refused",
    "ending",
    "ended",
    "staged",
    "repeated",
)


def fingerprint_of(plan: Plan) -> dict[str, Any]:
    """What the temporary tables of `resolving` hold, in a few numbers. Large ones as text, for JSON.

    The rows that they refuse have been marked in the staging table, or there are none.
    """
    with connection.cursor() as cursor:
        cursor.execute(_FOUND, {"batch": plan.batch_id})
        found = dict(zip(_NAMES, cursor.fetchone(), strict=True))
    return found | {name: str(found[name]) for name in ("old_values", "old_persons", "ended")}


def still_holds(shown: Mapping[str, Any], found: Mapping[str, Any]) -> bool:
    """Whether nothing is overwritten, ended or refused otherwise than shown, and no staged row is missing.

    A row that was new and has been stored by another in the meantime, just so, is no reason to stop.
    """
    alike = ("old_values", "old_persons", "persons", "ending", "ended", "staged")
    return (
        all(shown[name] == found[name] for name in alike)
        and not found["refused"]
        and found["new"] <= shown["new"]
        and found["changed"] == shown["changed"]
    )
