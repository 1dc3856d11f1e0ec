"""The pages of signing in, one's own account, users, the history and the guide."""

from .account import (
    account,
    add_second_factor,
    change_password,
    end_sessions,
    new_codes,
    remove_second_factor,
)
from .guide import guide, guide_page
from .history import change_file, changes, event_file, events
from .links import invite, link, open_link, reset
from .sign_in import enrol, second_step, sign_in, sign_out

__all__ = [
    "account",
    "add_second_factor",
    "change_file",
    "change_password",
    "changes",
    "end_sessions",
    "enrol",
    "event_file",
    "events",
    "guide",
    "guide_page",
    "invite",
    "link",
    "new_codes",
    "open_link",
    "remove_second_factor",
    "reset",
    "second_step",
    "sign_in",
    "sign_out",
]
