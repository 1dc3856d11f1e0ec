"""The same file again, while nothing has changed since it was applied: known without reading it.

The result of a file follows from its bytes, the answers given, the reader's code, and what is stored. Where
all four are as they were when the file was applied, every row of it is the same.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts import generation
from coverage_portal.accounts.areas import Scope

from . import sealed
from .choices import STALE_PREVIEW, Outcome, State
from .kinds import BulkKind, Problem, Severity
from .models import ImportBatch
from .staging import Checked

_CODE = ("coverage_portal", "projects", "regions")
_OF_APPLYING = frozenset({"leave_out"})
_SHOWN = ("format", "encoding", "delimiter", "sheet", "sheets", "header_rows", "titles", "columns")


def mark(batch: ImportBatch) -> None:
    """Remember of a batch that has just been written, in its transaction, what its result rests on.

    To be called after `generation.move()`: until the commit nobody else can move it again.
    """
    batch.found = {**batch.found, "rests_on": _ground()}
    batch.save(update_fields=["found"])


def unchanged(batch: ImportBatch, kind: BulkKind, scope: Scope) -> Checked | None:
    """The preview of a file that was applied before and would change nothing; None: it has to be read.

    Read it is as well where a row was wrong, for its cells are to be shown; and where everyone has to be
    named, for others may have come in while the list was applied.
    """
    if kind.needs_every_row(batch.options) or batch.issues.filter(code=STALE_PREVIEW).exists():
        return None
    before = (
        ImportBatch.objects.filter(
            kind=batch.kind, sha256=batch.sha256, state=State.APPLIED, found__rests_on=_ground()
        )
        .exclude(pk=batch.pk)
        .first()
    )
    if before is None or before.counts.get(Outcome.WRONG) or _answers(before) != _answers(batch):
        return None
    if not all(scope.covers(area) for area in before.areas):
        return None
    counts = dict.fromkeys(("read", *Outcome.values), 0)
    counts |= {name: before.counts[name] for name in ("read", Outcome.SKIPPED)}
    counts[Outcome.SAME] = counts["read"] - counts[Outcome.SKIPPED]
    found: dict[str, Any] = {name: before.found[name] for name in _SHOWN if name in before.found}
    nothing = dict.fromkeys(("new", "changed", "ending"), 0)
    found["remembered"] = before.found["remembered"] | {
        "fingerprint": before.found["remembered"]["fingerprint"] | nothing
    }
    note = _(
        "Berkas ini sudah diterapkan dan sejak itu tidak ada data yang berubah, sehingga tidak dibaca lagi."
    )
    return Checked(
        State.READY,
        [Problem("unchanged_since", note, severity=Severity.NOTE)],
        found=found,
        areas=before.areas,
        counts=counts,
    )


def _ground() -> dict[str, str]:
    """What a result rests on beside the file: the data, the code, and the key that persons are known by."""
    return {"version": generation.current(), "code": _code(), "key": sealed.current_key()}


def _answers(batch: ImportBatch) -> dict[str, str]:
    return {name: value for name, value in batch.options.items() if value and name not in _OF_APPLYING}


@cache
def _code() -> str:
    """A fingerprint of the code as it stood when this process first asked."""
    found = hashlib.sha256()
    base = Path(settings.BASE_DIR)
    for path in sorted(path for folder in _CODE for path in (base / folder).rglob("*.py")):
        about = path.stat()
        found.update(f"{path.relative_to(base)} {about.st_size} {about.st_mtime_ns}\n".encode())
    return found.hexdigest()[:16]
