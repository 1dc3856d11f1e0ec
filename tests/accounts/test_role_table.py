"""What each role may do, written out: a permission more or less is a change of who may what."""

from __future__ import annotations

import pytest

from coverage_portal.accounts import roles

SLUGS = (
    *("viewer", "importer", "editor", "project_admin"),
    *("approver", "portal_admin", "supervisor", "auditor"),
)
# The columns in this order. Of records: view, add, change, delete.
WRITTEN_OUT = """
accounts.areagrant                    -    -    -    -    -    vacd -    -
accounts.change                       -    -    -    -    -    v    -    v
accounts.event                        -    -    -    -    -    v    -    v
accounts.export_records               -    x    x    x    -    x    -    x
accounts.user                         -    -    -    -    -    vac  -    -
intake.confirm_import                 -    x    x    -    -    x    -    -
intake.importbatch                    -    -    -    -    -    v    -    v
intake.undo_import                    -    x    x    -    -    x    -    -
intake.upload_file                    -    x    x    -    -    x    -    -
projects.addendum                     v    vac  vacd vacd v    vacd v    v
projects.answer_data_subject          -    -    -    -    -    x    -    -
projects.assessment                   v    vac  vacd vacd v    vacd v    v
projects.change_project_of_others     -    x    x    -    -    x    -    -
projects.contractor                   v    vac  vacd vacd v    vacd v    v
projects.enrollment                   -    vac  vac  -    -    vac  -    -
projects.holiday                      v    v    vacd v    v    vacd v    v
projects.instalment                   v    vac  vacd vacd v    vacd v    v
projects.letter                       v    v    v    v    v    v    v    v
projects.look_up_worker               -    x    -    -    -    x    x    -
projects.payment                      v    vac  vacd vacd v    vacd v    v
projects.print_letter                 -    -    x    x    -    x    -    -
projects.project                      v    vac  vacd vacd v    vacd v    v
projects.projectregency               v    vac  vacd vacd v    vacd v    v
projects.reveal_nik                   -    x    x    -    -    x    -    -
projects.worker                       -    v    v    -    -    v    -    -
regions.agency                        v    v    vacd v    v    vacd v    v
regions.approve_period                -    -    -    -    x    -    -    -
regions.baseline                      v    v    vacd v    v    vacd -    v
regions.commitment                    v    vac  vacd vac  v    vacd -    v
regions.grant_exception               -    -    -    -    x    -    -    -
regions.lock_period                   -    -    -    -    x    -    -    -
regions.membership                    v    vac  vacd v    v    vacd -    v
regions.periodexception               v    v    v    v    v    v    -    v
regions.periodstatus                  v    v    v    v    v    v    -    v
regions.province                      v    v    v    v    v    v    -    v
regions.publish_revision              -    -    -    -    x    -    -    -
regions.publishedcell                 v    v    v    v    v    v    -    v
regions.quotedfigure                  v    v    vacd v    v    vacd -    v
regions.regency                       v    v    v    v    v    vc   -    v
regions.release                       v    v    v    v    v    v    -    v
regions.submit_period                 -    x    x    -    -    x    -    -
regions.target                        v    v    vacd v    v    vacd -    v
regions.workforce                     v    vac  vacd v    v    vacd -    v
"""
ACTIONS = {"v": "view", "a": "add", "c": "change", "d": "delete"}
GUARDED = {
    "accounts.add_areagrant",
    "accounts.add_user",
    "accounts.change_areagrant",
    "accounts.change_user",
    "accounts.delete_areagrant",
    "accounts.view_areagrant",
    "accounts.view_user",
    "intake.confirm_import",
    "intake.undo_import",
    "intake.upload_file",
    "projects.add_enrollment",
    "projects.answer_data_subject",
    "projects.change_enrollment",
    "projects.reveal_nik",
    "regions.approve_period",
    "regions.grant_exception",
    "regions.lock_period",
    "regions.publish_revision",
}


def written_out(slug: str) -> set[str]:
    found = set()
    for line in WRITTEN_OUT.split("\n")[1:-1]:
        name, *columns = line.split()
        allowed = columns[SLUGS.index(slug)]
        app, model = name.split(".")
        if allowed == "x":
            found.add(name)
        elif allowed != "-":
            found.update(f"{app}.{ACTIONS[letter]}_{model}" for letter in allowed)
    return found


@pytest.mark.parametrize("slug", SLUGS)
def test_role_may_do_just_what_is_written_out(slug: str) -> None:
    assert roles.permissions_of(slug) == written_out(slug)


def test_roles_of_the_table_are_those_written_out() -> None:
    assert tuple(roles.BY_SLUG) == SLUGS
    assert roles.permissions_of("nobody") == frozenset()


def test_second_factor_is_asked_for_what_is_written_out() -> None:
    assert roles.GUARDED == GUARDED


def test_admin_is_for_those_who_keep_records() -> None:
    assert [slug for slug in (*SLUGS, "nobody") if roles.uses_admin(slug)] == [
        "editor",
        "project_admin",
        "portal_admin",
    ]
    assert [slug for slug in SLUGS if roles.BY_SLUG[slug].must_end] == ["auditor"]


def test_only_who_manages_users_hands_out_roles_and_only_those_that_exist() -> None:
    givers = [slug for slug in SLUGS if roles.may_grant(roles.permissions_of(slug), "viewer")]

    assert givers == ["portal_admin"]
    assert not roles.may_grant(roles.permissions_of("portal_admin"), "nobody")
    assert not roles.may_grant(roles.MANAGE_USERS - {"accounts.add_user"}, "viewer")
