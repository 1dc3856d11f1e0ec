"""The portal's own way: what `import_sheet enrollment FILE --confirm` does, step by step.

`preview` is the upload, sealed and stored, then read, staged and checked. `confirm` merges and counts. Then
the same file comes again, then the same rows in a file of other bytes, and the first import is undone. What
each step must have done is looked up after it, outside the time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from django.db import connection

from benchmarks import stopwatch
from benchmarks.import_enrollment import sheets, stages
from coverage_portal.accounts.areas import EVERYTHING
from coverage_portal.intake import answers, jobs, kinds, services
from coverage_portal.intake.choices import State
from coverage_portal.intake.models import ImportBatch
from projects import counting
from projects.models import Enrollment

KIND = "enrollment"
_PART = 1024 * 1024


class WrongResult(Exception):
    """The portal was quick but did not do what it should; no figure counts then."""


def run(path: Path, given: Mapping[str, str]) -> None:
    """Import a sheet, import it twice more, undo the first import.

    Raises:
        WrongResult: rows are missing or refused, a later import wrote something, cells are miscounted.
    """
    before = Enrollment.objects.count()
    first = _import(path, given, "")
    _expect(first.counts.get("new"), first.counts.get("read"), "rows that are new")
    _expect(Enrollment.objects.count() - before, first.counts["read"], "enrollments")
    _expect(counting.mismatches(), {}, "miscounted cells")
    written = _written()
    for suffix, same in ((", again", path), (", saved anew", sheets.saved_anew(path))):
        again = _import(same, given, suffix)
        _expect(again.counts.get("same"), first.counts["read"], "rows that are the same")
        _expect(_written(), written, f"tables after the import{suffix}")
    services.undo(batch=first, user=None, wake=False)
    with stopwatch.step("undo"):
        _reached(jobs.advance(first.pk), State.UNDONE)
    _expect(Enrollment.objects.count(), before, "enrollments after the undo")
    _expect(counting.mismatches(), {}, "miscounted cells after the undo")


def run_by_stage(path: Path, given: Mapping[str, str]) -> None:
    """Import a sheet once, with a clock at the borders of the stages."""
    clock = stages.Clock()
    clock.install()
    _import(path, given, "", clock.take)


def _import(
    path: Path, given: Mapping[str, str], suffix: str, by_stage: Callable[[], dict[str, float]] = dict
) -> ImportBatch:
    kind = kinds.get(KIND)
    options = {name: answers.read(kind, name, value, EVERYTHING) for name, value in given.items()}
    with stopwatch.step(f"preview{suffix}") as facts:
        by_stage()
        batch = services.receive(
            kind=KIND, file_name=path.name, parts=_parts(path), user=None, options=options
        )
        batch = _reached(jobs.advance(batch.pk), State.READY)
        facts["rows"] = batch.counts["read"]
        facts["stages"] = by_stage()
    with stopwatch.step(f"confirm{suffix}") as facts:
        by_stage()
        services.confirm(batch=batch, preview=str(batch.preview), user=None, good_rows_only=False, wake=False)
        batch = _reached(jobs.advance(batch.pk), State.APPLIED)
        facts["rows"] = batch.counts["read"]
        facts["stages"] = by_stage()
    return batch


def _parts(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while part := file.read(_PART):
            yield part


def _reached(batch: ImportBatch, state: State) -> ImportBatch:
    if batch.state != state:
        said = "; ".join(sorted(set(batch.issues.values_list("code", flat=True)))[:10])
        raise WrongResult(f"the batch is {batch.state}, not {state} ({said})")
    return batch


def _expect(found: Any, expected: Any, what: str) -> None:
    if found != expected:
        raise WrongResult(f"{what}: {str(found)[:200]}, not {str(expected)[:200]}")


def _written() -> list[tuple[Any, ...]]:
    """How many rows the tables hold and which transactions wrote them."""
    found = []
    with connection.cursor() as cursor:
        for table in ("projects_worker", "projects_enrollment", "regions_membership"):
            cursor.execute(f"SELECT count(*), sum(hashint8(xmin::text::bigint)) FROM {table}")  # noqa: S608
            found.append(cursor.fetchone())
    return found
