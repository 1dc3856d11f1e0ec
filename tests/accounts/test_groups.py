"""What the groups that a migration makes may do."""

from typing import Any

import pytest
from django.contrib.auth.models import Group

from coverage_portal.accounts.models import User
from tests import factories

pytestmark = pytest.mark.django_db

IMPORTING = ["intake.upload_file", "intake.confirm_import", "intake.undo_import"]
MAY = {
    "Auditor": ["accounts.view_change", "accounts.view_event", "accounts.export_records"],
    "Pengelola proyek": ["projects.change_project", "projects.print_letter", "accounts.export_records"],
    "Pembaca": [
        "regions.view_commitment",
        "regions.view_membership",
        "regions.view_target",
        "regions.view_regency",
    ],
    "Staf BPJS": [
        *IMPORTING,
        "regions.view_target",
        "regions.change_membership",
        "regions.add_workforce",
        "regions.add_commitment",
        "regions.change_commitment",
    ],
    "Pengawas": ["projects.look_up_worker", "projects.view_letter"],
    "Pengelola data": [
        *IMPORTING,
        "projects.print_letter",
        "regions.change_target",
        "regions.delete_quotedfigure",
        "regions.delete_commitment",
        "regions.add_baseline",
    ],
    "Admin portal": [
        *IMPORTING,
        "projects.print_letter",
        "regions.change_target",
        "regions.change_regency",
        "accounts.add_user",
        "accounts.delete_areagrant",
        "accounts.view_change",
    ],
}
MAY_NOT = {
    "Penyetuju": [*IMPORTING, "projects.reveal_nik", "regions.change_membership", "accounts.add_user"],
    "Auditor": [*IMPORTING, "projects.reveal_nik", "regions.change_target", "accounts.add_user"],
    "Pengelola proyek": [*IMPORTING, "projects.change_project_of_others", "projects.reveal_nik"],
    "Pengawas": [*IMPORTING, "projects.print_letter", "regions.change_membership", "projects.view_worker"],
    "Pembaca": [
        *IMPORTING,
        "regions.add_commitment",
        "regions.change_membership",
        "accounts.view_user",
        "projects.look_up_worker",
    ],
    "Staf BPJS": [
        "projects.print_letter",
        "regions.change_target",
        "regions.delete_membership",
        "regions.delete_commitment",
        "regions.change_regency",
        "accounts.view_user",
    ],
    "Pengelola data": ["regions.change_regency", "accounts.view_user", "accounts.view_change"],
    "Admin portal": [
        "accounts.delete_user",
        "accounts.change_change",
        "accounts.delete_change",
        "auth.change_group",
    ],
}


def member(group: str) -> User:
    user = factories.user("anggota")
    user.groups.add(Group.objects.get(name=group))
    return user


@pytest.mark.parametrize(("group", "permission"), [(g, p) for g, ps in MAY.items() for p in ps])
def test_group_may(group: str, permission: str) -> None:
    assert member(group).has_perm(permission)


@pytest.mark.parametrize(("group", "permission"), [(g, p) for g, ps in MAY_NOT.items() for p in ps])
def test_group_may_not(group: str, permission: str) -> None:
    assert not member(group).has_perm(permission)


def test_groups_are_those_of_the_portal() -> None:
    names: Any = Group.objects.order_by("name").values_list("name", flat=True)

    assert list(names) == [
        "Admin portal",
        "Auditor",
        "Pembaca",
        "Pengawas",
        "Pengelola data",
        "Pengelola proyek",
        "Penyetuju",
        "Staf BPJS",
    ]
