"""What a user may do with imports."""

from __future__ import annotations

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User

from . import corrections, kinds
from .kinds import Kind
from .models import ImportBatch


def kinds_for(user: User) -> list[Kind]:
    """The kinds of files that a user may import."""
    return [kind for kind in kinds.all_kinds() if user.has_perm(kind.permission)]


def may_confirm(batch: ImportBatch, user: User) -> bool:
    """Only the one who uploaded a file confirms it, with the right to do so still in hand."""
    return batch.user == user and user.has_perm("intake.confirm_import") and may_change(batch, user)


def may_undo(batch: ImportBatch, user: User) -> bool:
    """Whoever may undo imports, where all that the import touched lies in their scope."""
    scope = scope_of(user)
    return (
        user.has_perm("intake.undo_import")
        and may_change(batch, user)
        and all(scope.covers(area) for area in batch.areas)
    )


def may_correct(batch: ImportBatch, user: User) -> bool:
    """Whoever may import files of its kind, where the import can be corrected at all."""
    may = user.has_perm("intake.upload_file") and may_change(batch, user)
    return may and corrections.objection(batch, user) is None


def sees_whole_rows(batch: ImportBatch, user: User) -> bool:
    """Whether refused rows are given to a user as they came; else what tells who a person is gets masked."""
    permission = kinds.get(batch.kind).reveal_permission
    return not permission or user.has_perm(permission)


def may_change(batch: ImportBatch, user: User) -> bool:
    """Whether a user may import files of the batch's kind."""
    try:
        return user.has_perm(kinds.get(batch.kind).permission)
    except KeyError:
        return False
