"""Every place in the code that writes is known, and leaves who, when, before and after, or need not.

A new one fails the test until somebody has looked at it. What the places leave is seen in
`test_write_history`, in the database.
"""

from __future__ import annotations

from functools import cache

import pytest
from django.contrib import admin
from django.test import RequestFactory

from coverage_portal.accounts.audited import AuditedAdmin
from coverage_portal.accounts.models import User
from tests.portal.writes import calls_of, sources, writes

ACCOUNTS, VIEWS = "coverage_portal.accounts", "coverage_portal.accounts.views"
DEMO, INTAKE = "coverage_portal.demo", "coverage_portal.intake"
ADMIN = f"{ACCOUNTS}.audited:AuditedAdmin"

HISTORY: dict[str, tuple[str, ...]] = {
    f"{ADMIN}.save_related": (f"{ACCOUNTS}.admin:UserAdmin.save_formset",),
    f"{ADMIN}.save_formset": (f"{ADMIN}.save_formset",),
    f"{ADMIN}.delete_queryset": (f"{ADMIN}.delete_queryset",),
    f"{ACCOUNTS}.links:invite": (f"{ACCOUNTS}.links:invite",),
    f"{INTAKE}.restoring:restore": (f"{INTAKE}.restoring:restore",),
    f"{INTAKE}.services:note_download": (f"{INTAKE}.services:note_download",),
    f"{DEMO}.loading:_load_figures": (
        *(f"{DEMO}.closing:{name}" for name in ("load", "_publish", "_revise", "_move")),
        *(f"{DEMO}.commitments:{name}" for name in ("load", "_office")),
        *(f"{DEMO}.loading:{name}" for name in ("_load_figures", "_load_users")),
        f"{DEMO}.project_loading:load",
    ),
    "regions.imports.figures:AreaFigureKind.merge": ("regions.imports.figures:AreaFigureKind.merge",),
    "regions.services:add_commitment": ("regions.services:add_commitment",),
    "regions.services:_write": ("regions.services:_write",),
    "regions.services:load_boundaries": ("regions.services:load_boundaries",),
    "regions.services.closing:_publish": ("regions.services.closing:_publish",),
    "regions.services.closing:_write": ("regions.services.closing:_write",),
    "regions.services.closing:end_exception": ("regions.services.closing:end_exception",),
    "regions.services.closing:grant_exception": ("regions.services.closing:grant_exception",),
    "projects.carrying:_await": ("projects.carrying:_await",),
    "projects.data_subjects:_record": tuple(
        f"projects.data_subjects:{name}" for name in ("restrict", "lift", "erase", "_IMAGES", "_REDACT")
    ),
    "projects.imports.payment:PaymentKind.merge": ("projects.imports.payment:PaymentKind.merge",),
    "projects.imports.project.kind:ProjectKind.merge": tuple(
        f"projects.imports.project.kind:{name}"
        for name in ("ProjectKind.merge", "_Contractors.of", "_set_further")
    ),
    "projects.issuing:issue": ("projects.issuing:issue",),
    "projects.joining:carry_out": tuple(
        f"projects.joining:{name}"
        for name in ("carry_out", "_move", "_move_money", "_move_regencies", "_move_workers")
    ),
    # One line for the whole import; what each row was stands in the images (ADR 5 and 10).
    "projects.merging:record": (
        *(f"projects.merging:{name}" for name in ("_NEW_WORKERS", "_NEW_ENROLLMENTS", "_NEW_IMAGES")),
        *(f"projects.merging:{name}" for name in ("_merge", "record")),
        *(f"projects.images:{name}" for name in ("update_enrollments", "update_workers")),
        *(f"projects.correcting.writing:{name}" for name in ("_KEEP_REMOVED", "_REMOVE", "_REMOVE_WORKERS")),
        "projects.correcting.writing:_count",
    ),
    "projects.undoing:_undo": (
        *(f"projects.undoing:{name}" for name in ("_GIVE_BACK", "_HAND_ON", "_FORGET", "_undo")),
        *(f"projects.correcting.restoring:{name}" for name in ("_GIVE_BACK", "_FORGOTTEN")),
    ),
    "projects.services:edit_projects": ("projects.services:edit_projects",),
    "projects.services:reject_match": ("projects.services:reject_match",),
    "projects.services:reconsider_match": ("projects.services:reconsider_match",),
    "projects.services:recount": ("projects.services:recount",),
}  # fmt: skip
"""By the function that writes the history: those whose changes it writes down, in the same transaction."""

EVENTS: dict[str, tuple[str, ...]] = {
    f"{VIEWS}.account:change_password": (f"{VIEWS}.account:change_password",),
    f"{VIEWS}.account:end_sessions": (f"{ACCOUNTS}.sessions:end_all",),
    f"{VIEWS}.account:new_codes": (f"{ACCOUNTS}.second_factor:new_codes",),
    f"{VIEWS}.account:remove_second_factor": (f"{ACCOUNTS}.second_factor:remove",),
    f"{VIEWS}.sign_in:enrol": (f"{ACCOUNTS}.second_factor:confirm",),
    f"{ACCOUNTS}.signing_in:note_success": (f"{ACCOUNTS}.second_factor:verify",),
    f"{VIEWS}.links:reset": (f"{ACCOUNTS}.links:make",),
    f"{VIEWS}.links:link": (f"{ACCOUNTS}.links:use",),
}
"""What is no record, or must not be shown, like a password: a line in the log of events instead."""

NEED_NOT: dict[str, tuple[str, ...]] = {
    "the history, the log and the lookups themselves": (
        f"{ACCOUNTS}.history:record", f"{ACCOUNTS}.events:note", "projects.lookups:look_up",
    ),
    "the data version": (f"{ACCOUNTS}.generation:move", "coverage_portal.backup.restoring:restore"),
    "groups as the table of roles in the code has them": (f"{ACCOUNTS}.grouping:make",),
    "an app that is not confirmed yet": (f"{ACCOUNTS}.second_factor:draft",),
    "an import's own course, with who and when in its row; read rows and remarks": (
        *(f"{INTAKE}.services:{name}" for name in ("receive", "answer", "confirm", "cancel", "undo")),
        *(f"{INTAKE}.jobs:{name}" for name in ("wake", "_begin", "_give_up")),
        *(f"{INTAKE}.applying:{name}" for name in ("apply", "undo", "_send_back")),
        *(f"{INTAKE}.progress:{name}" for name in ("enter", "tell")),
        *(f"{INTAKE}.bulk:{name}" for name in ("clear", "forget")),
        f"{INTAKE}.checking:_save", f"{INTAKE}.copying:copy", f"{INTAKE}.repeats:mark",
        "projects.comparing:_OUT", "projects.correcting.baseline:_SKIP_HELD",
    ),
    "kept for a time only": (
        f"{INTAKE}.retention:_purge", "coverage_portal.expiry:_rows_of",
        "coverage_portal.management.commands.purge:Command.handle",
    ),
    "the same values under a new key": (f"{INTAKE}.rotating:_each", "projects.rotating:rotate"),
    "what is counted or derived, and how far": (
        *(f"projects.completeness:{name}" for name in ("_MARK", "_UNMARK", "mark", "unmark")),
        *(f"projects.completeness:{name}" for name in ("put_back", "silence")),
        *(f"projects.horizon:{name}" for name in ("_store", "difference_by", "exchange", "release")),
        *(f"projects.groups:{name}" for name in ("_CLEAR", "_COUNT", "refresh")),
        *(f"projects.standings:{name}" for name in ("_FORGET", "_TAKE_TOUCHED", "_derive")),
        "projects.counting:_ADD", "projects.effects:_CORRECTED_ROWS", "projects.services:_set_first_payments",
    ),
    "the salt of erasures": ("projects.erasing:_salt", "projects.carrying:_erase"),
    "invented workers, whose NIKs no history may hold": (f"{DEMO}.project_loading:_enroll",),
    "the example goes with its history; `accounts_clear_example` writes that down": (
        *(f"{DEMO}.clearing:{name}" for name in ("clear", "_forget", "_give_back", "_restore")),
        *(f"{DEMO}.clearing:{name}" for name in ("_remove_batches", "_remove_sessions")),
        f"{DEMO}.closing:remove", f"{DEMO}.project_loading:remove_workers",
    ),
}  # fmt: skip
"""By the reason why: what leaves no trace of its own."""


def reviewed() -> list[str]:
    return [place for table in (HISTORY, EVENTS, NEED_NOT) for places in table.values() for place in places]


@cache
def found() -> frozenset[str]:
    return frozenset(place for module, source in sources() for place in writes(module, source))


def without_trace(table: dict[str, tuple[str, ...]], *calls: str) -> list[str]:
    """The functions that are said to write something down, and call nothing that does."""
    return [place for place in table if not calls_of(*place.split(":")) & set(calls)]


def test_every_place_that_writes_is_known() -> None:
    assert sorted(found() - set(reviewed())) == []


def test_nothing_is_listed_that_is_not_there_or_twice() -> None:
    assert sorted(set(reviewed()) - found()) == []
    assert len(reviewed()) == len(set(reviewed()))


def test_those_that_are_said_to_write_history_do() -> None:
    of_changes = ("history.record", "Change.objects.create", "Change.objects.bulk_create")

    assert without_trace(HISTORY, *of_changes) == []
    assert without_trace(EVENTS, "events.note") == []


@pytest.mark.parametrize(
    "statement",
    [
        "Target.objects.filter(pk=1).update(percent=0)",
        "target.save()",
        "target.save(update_fields=['percent'])",
        "Target.objects.all().delete()",
        "Target.objects.create(percent=0)",
        "Target.objects.bulk_update(rows, ['percent'])",
        "user.groups.add(group)",
        "cursor.execute('UPDATE regions_target SET percent = 0')",
        "cursor.execute(f'DELETE FROM {table} WHERE id = 1')",
        "cursor.execute('''INSERT INTO projects_payment (id) VALUES (1)''')",
    ],
)
def test_control_arm_new_place_that_writes_is_found(statement: str) -> None:
    source = f"class Sums:\n    def lower(self, rows):\n        {statement}\n"

    assert writes("regions.sums", source) - set(reviewed()) == {"regions.sums:Sums.lower"}


@pytest.mark.parametrize(
    "statement",
    ["found.update(others)", "book.save(stream)", "storage.delete(name)", "'SELECT 1 FOR UPDATE'"],
)
def test_what_writes_to_no_table_is_not_found(statement: str) -> None:
    assert writes("regions.sums", f"def add(found):\n    {statement}\n") == set()


def test_control_arm_recorder_without_history_is_found() -> None:
    assert without_trace({"projects.services:_set_first_payments": ()}, "history.record") != []


def test_every_admin_that_can_write_writes_history() -> None:
    request = RequestFactory().get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)

    stock = [
        model._meta.label
        for model, each in admin.site._registry.items()
        if not isinstance(each, AuditedAdmin)
        and (
            each.has_add_permission(request)
            or each.has_change_permission(request)
            or each.has_delete_permission(request)
        )
    ]

    assert stock == []
