"""The roles: what each may do, as data. Where one may do it follows from the grant that gives the role.

Groups of the same name are made of this table at every migration (`grouping`), for those who are to hold a
role's permissions in all of their areas. A permission that no installed app declares is no error: it is
simply not there yet.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

_FIGURES = ("workforce", "membership", "target", "baseline", "quotedfigure")
_RECORDS = (
    "contractor",
    "project",
    "projectregency",
    "addendum",
    "assessment",
    "instalment",
    "payment",
)
_WRITE = ("add", "change")
_KEEP = (*_WRITE, "delete")


def _each(app: str, actions: Iterable[str], *models: str) -> frozenset[str]:
    return frozenset(f"{app}.{action}_{model}" for action in actions for model in models)


_CLOSING = ("periodstatus", "release", "publishedcell", "periodexception")
VIEW_AREAS = _each("regions", ("view",), "province", "regency", *_FIGURES, *_CLOSING, "commitment")
VIEW_PROJECTS = _each("projects", ("view",), *_RECORDS, "holiday", "letter") | {"regions.view_agency"}
VIEW = VIEW_AREAS | VIEW_PROJECTS
VIEW_PERSONS = _each("projects", ("view",), "enrollment", "worker")
IMPORT = frozenset({"intake.upload_file", *_each("projects", _WRITE, "enrollment")})
CONFIRM = frozenset({"intake.confirm_import"})
UNDO = frozenset({"intake.undo_import"})
APPROVE = frozenset(
    {"regions.approve_period", "regions.lock_period", "regions.grant_exception", "regions.publish_revision"}
)
SUBMIT = frozenset({"regions.submit_period"})
EXPORT = frozenset({"accounts.export_records"})
REVEAL = frozenset({"projects.reveal_nik"})
LOOK_UP = frozenset({"projects.look_up_worker"})
MANAGE_USERS = _each("accounts", ("view", "add", "change"), "user") | _each(
    "accounts", ("view", *_KEEP), "areagrant"
)
ANSWER_PERSONS = frozenset({"projects.answer_data_subject"})
READ_HISTORY = frozenset({"accounts.view_change", "accounts.view_event"})
KEEP_FIGURES = _each("regions", _KEEP, *_FIGURES)
KEEP_PROJECTS = _each("projects", _KEEP, *_RECORDS)
# Projects in one's area that an agency of another area has let; else they are to be looked at only.
KEEP_OTHERS_PROJECTS = frozenset({"projects.change_project_of_others"})
WRITE_PROJECTS = _each("projects", _WRITE, *_RECORDS)
WRITE_COMMITMENTS = _each("regions", _WRITE, "commitment")
KEEP_COMMITMENTS = _each("regions", _KEEP, "commitment")
PRINT_LETTERS = frozenset({"projects.print_letter"})
KEEP_LISTS = _each("regions", _KEEP, "agency") | _each("projects", _KEEP, "holiday")

HANDLE_LISTS = VIEW | VIEW_PERSONS | IMPORT | CONFIRM | UNDO | SUBMIT | EXPORT | REVEAL
"""Everything that is done with lists, from the upload to handing a month in."""
KEEP_RECORDS = (
    KEEP_FIGURES | KEEP_COMMITMENTS | KEEP_PROJECTS | KEEP_OTHERS_PROJECTS | KEEP_LISTS | PRINT_LETTERS
)
"""Everything that is kept on the pages of the admin, apart from users."""

GUARDED = IMPORT | CONFIRM | UNDO | APPROVE | REVEAL | MANAGE_USERS | ANSWER_PERSONS
"""What takes a second factor, beside the admin."""


@dataclass(frozen=True, slots=True)
class RoleSpec:
    """One role. `group` is the Indonesian name of its group, `guide` the word of its page of the guide.

    Args:
        uses_admin: whether its work is done on the admin's pages.
        must_end: whether it is granted for a limited time only.
    """

    slug: str
    group: str
    permissions: frozenset[str]
    uses_admin: bool = False
    must_end: bool = False


VIEWER, IMPORTER, EDITOR = "viewer", "importer", "editor"
PROJECT_ADMIN, APPROVER, PORTAL_ADMIN = "project_admin", "approver", "portal_admin"
SUPERVISOR, AUDITOR = "supervisor", "auditor"

TABLE = (
    RoleSpec(VIEWER, "Pembaca", VIEW),
    RoleSpec(
        IMPORTER,
        "Staf BPJS",
        HANDLE_LISTS
        | LOOK_UP
        | _each("regions", _WRITE, "membership", "workforce")
        | WRITE_COMMITMENTS
        | WRITE_PROJECTS
        | KEEP_OTHERS_PROJECTS,
    ),
    RoleSpec(
        EDITOR,
        "Pengelola data",
        HANDLE_LISTS | KEEP_RECORDS,
        uses_admin=True,
    ),
    RoleSpec(
        PROJECT_ADMIN,
        "Pengelola proyek",
        VIEW | EXPORT | KEEP_PROJECTS | PRINT_LETTERS | WRITE_COMMITMENTS,
        uses_admin=True,
    ),
    RoleSpec(APPROVER, "Penyetuju", VIEW | APPROVE),
    RoleSpec(
        PORTAL_ADMIN,
        "Admin portal",
        HANDLE_LISTS
        | LOOK_UP
        | MANAGE_USERS
        | READ_HISTORY
        | ANSWER_PERSONS
        | KEEP_RECORDS
        | {"regions.change_regency", "intake.view_importbatch"},
        uses_admin=True,
    ),
    RoleSpec(SUPERVISOR, "Pengawas", VIEW_PROJECTS | LOOK_UP),
    RoleSpec(AUDITOR, "Auditor", VIEW | READ_HISTORY | EXPORT | {"intake.view_importbatch"}, must_end=True),
)
BY_SLUG = {spec.slug: spec for spec in TABLE}


def permissions_of(slug: str) -> frozenset[str]:
    """What a role may do; nothing for one that is not known."""
    spec = BY_SLUG.get(slug)
    return spec.permissions if spec else frozenset()


def uses_admin(slug: str) -> bool:
    """Whether a role's work is done on the admin's pages."""
    return slug in BY_SLUG and BY_SLUG[slug].uses_admin


def may_grant(own: Iterable[str], wanted: str) -> bool:
    """Whether who holds these permissions in an area may hand out a role there.

    Whoever manages users hands out every role, also those whose work is kept apart from theirs.
    """
    return wanted in BY_SLUG and set(own) >= MANAGE_USERS
