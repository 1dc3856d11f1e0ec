"""What a user may do with imports."""

from __future__ import annotations

from coverage_portal.accounts.areas import scope_of
from coverage_portal.accounts.models import User

from . import corrections, kinds
from .kinds import Kind
from .models import ImportBatch
from .reach import CONFIRM, UNDO, UPLOAD, scope_for


def kinds_for(user: User) -> list[Kind]:
    """The kinds of files that a user may import, in some area."""
    return [kind for kind in kinds.all_kinds() if scope_for(user, kind, UPLOAD)]


def may_confirm(batch: ImportBatch, user: User) -> bool:
    """Only the one who uploaded a file confirms it, with the right to do so still in hand."""
    return batch.user == user and user.has_perm(CONFIRM) and may_change(batch, user)


def may_undo(batch: ImportBatch, user: User) -> bool:
    """Whoever may undo imports, where all that the import touched lies in their scope."""
    if not (user.has_perm(UNDO) and may_change(batch, user)):
        return False
    scope = scope_for(user, kinds.get(batch.kind), UNDO)
    return all(scope.covers(area) for area in batch.areas)


def may_correct(batch: ImportBatch, user: User) -> bool:
    """Whoever may import files of its kind, where the import can be corrected at all."""
    may = user.has_perm(UPLOAD) and may_change(batch, user)
    return may and corrections.objection(batch, user) is None


def sees_whole_rows(batch: ImportBatch, user: User) -> bool:
    """Whether refused rows are given to a user as they came; else what tells who a person is gets masked."""
    permission = kinds.get(batch.kind).reveal_permission
    if not permission or (batch.user == user and user.has_perm(permission)):
        return True
    scope = scope_of(user, permission).whole
    return bool(scope) and all(scope.covers(area) for area in batch.areas)


def may_change(batch: ImportBatch, user: User) -> bool:
    """Whether a user may import files of the batch's kind, in all that it touches if it is another's."""
    try:
        permission = kinds.get(batch.kind).permission
    except KeyError:
        return False
    if batch.user == user:
        return user.has_perm(permission)
    scope = scope_of(user, permission).whole
    return bool(scope) and all(scope.covers(area) for area in batch.areas)
