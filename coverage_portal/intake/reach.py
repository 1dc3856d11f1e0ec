"""Where a user may import files of a kind, confirm them, or take them back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from coverage_portal.accounts.areas import EVERYTHING, Scope, scope_of

from .kinds import Kind

if TYPE_CHECKING:
    from coverage_portal.accounts.models import User

UPLOAD, CONFIRM, UNDO = "intake.upload_file", "intake.confirm_import", "intake.undo_import"


def scope_for(user: User | Any | None, kind: Kind, permission: str) -> Scope:
    """Where a user may do with files of a kind what takes the permission; everywhere for the system.

    An import speaks of whole areas: who was granted one agency's projects only has none.
    """
    if user is None:
        return EVERYTHING
    return scope_of(user, permission, kind.permission).whole
