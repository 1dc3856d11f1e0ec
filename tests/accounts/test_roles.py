"""What a role allows holds where the role was granted, and nowhere else."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import grouping, roles
from coverage_portal.accounts.areas import EVERYTHING, NOTHING, Scope, holds, of_codes, scope_of
from coverage_portal.accounts.models import AreaGrant, Event, Role, User
from coverage_portal.intake.choices import Outcome
from coverage_portal.intake.models import ImportBatch
from projects.models import Enrollment, Project
from regions.models import Agency, Membership
from tests import factories
from tests.projects import people, records
from tests.sheets import confirm, upload, xlsx

pytestmark = pytest.mark.django_db

UPLOAD, MEMBERSHIP = "intake.upload_file", "regions.change_membership"
HEADING = ["Wilayah", "Segmen", "Bulan", "Peserta Aktif"]


def granted(*grants: tuple[str, ...], name: str = "petugas", **values: Any) -> User:
    """A user with grants of (role, area, agency)."""
    user = factories.user(name, **values)
    for role, area, *agency in grants:
        ends = timezone.localdate() if role == roles.AUDITOR else None
        AreaGrant.objects.create(
            user=user, role=role, area_code=area, agency_code="".join(agency), valid_until=ends
        )
    return User.objects.get(pk=user.pk)


@pytest.mark.parametrize(
    ("one", "two", "both"),
    [
        (of_codes(["61"]), of_codes(["61.04"]), of_codes(["61.04"])),
        (of_codes(["61.04"]), of_codes(["61.05"]), NOTHING),
        (EVERYTHING, of_codes(["61.04"]), of_codes(["61.04"])),
        (
            Scope(agencies=frozenset({("61", "A")})),
            of_codes(["61"]),
            Scope(agencies=frozenset({("61", "A")})),
        ),
        (
            Scope(agencies=frozenset({("61", "A")})),
            of_codes(["61.04"]),
            Scope(agencies=frozenset({("61.04", "A")})),
        ),
        (Scope(agencies=frozenset({("61", "A")})), Scope(agencies=frozenset({("61", "B")})), NOTHING),
    ],
)
def test_what_lies_in_both_scopes(one: Scope, two: Scope, both: Scope) -> None:
    assert (one & two, two & one) == (both, both)


def test_agencys_scope_covers_no_area_as_a_whole() -> None:
    scope = Scope(agencies=frozenset({("61", "A")}))

    assert (scope.covers("61"), scope.covers("61.04"), scope.widened.covers("61.04")) == (False, False, True)
    assert not scope.whole
    assert scope


def test_viewer_of_the_province_who_imports_in_one_regency_imports_there_only() -> None:
    user = granted((roles.VIEWER, "61"), (roles.IMPORTER, "61.04"))

    assert scope_of(user) == of_codes(["61", "61.04"])
    assert scope_of(user, UPLOAD, MEMBERSHIP) == of_codes(["61.04"])
    assert [holds(user, UPLOAD, code) for code in ("61", "61.04", "61.05")] == [False, True, False]
    assert user.has_perm(UPLOAD)


def test_what_takes_two_permissions_takes_them_in_the_same_area() -> None:
    user = granted((roles.IMPORTER, "61.04"), (roles.PORTAL_ADMIN, "61.05"))
    both = ("projects.print_letter", "regions.change_membership")

    assert scope_of(user, *both) == of_codes(["61.05"])


def test_group_beside_the_grants_holds_in_all_areas_granted() -> None:
    user = granted((roles.VIEWER, "61.04"), (roles.VIEWER, "61.05"))
    user.groups.add(Group.objects.get(name="Staf BPJS"))

    assert scope_of(User.objects.get(), UPLOAD) == of_codes(["61.04", "61.05"])


def test_group_without_any_grant_holds_nowhere() -> None:
    user = granted()
    user.groups.add(Group.objects.get(name="Staf BPJS"))

    assert scope_of(User.objects.get(), UPLOAD) == NOTHING


def test_role_ends_with_its_last_day_and_the_others_stay() -> None:
    user = granted((roles.VIEWER, "61"))
    yesterday = timezone.localdate() - datetime.timedelta(days=1)
    AreaGrant.objects.create(user=user, role=Role.IMPORTER, area_code="61.04", valid_until=yesterday)
    user = User.objects.get()

    assert not user.has_perm(UPLOAD)
    assert scope_of(user) == of_codes(["61"])


def test_database_refuses_an_auditor_without_an_end() -> None:
    user = factories.user("auditor")

    with pytest.raises(IntegrityError, match="areagrant_auditor_ends"), transaction.atomic():
        AreaGrant.objects.create(user=user, role=Role.AUDITOR, area_code="61")


def test_every_role_that_can_be_chosen_is_in_the_table_and_has_its_group() -> None:
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.all()}

    assert set(Role.values) == set(roles.BY_SLUG)
    for spec in roles.TABLE:
        held = {
            f"{p.content_type.app_label}.{p.codename}"
            for p in Group.objects.get(name=spec.group).permissions.all()
        }
        assert held == spec.permissions & known


def test_permissions_of_the_table_exist_but_for_those_of_closing_months() -> None:
    known = {f"{p.content_type.app_label}.{p.codename}" for p in Permission.objects.all()}
    named = set().union(*(spec.permissions for spec in roles.TABLE))

    assert named - known - roles.APPROVE - roles.SUBMIT == set()


def test_making_groups_again_takes_back_what_was_added_by_hand_and_leaves_others_alone() -> None:
    own = Group.objects.create(name="Buatan sendiri")
    reader = Group.objects.get(name="Pembaca")
    own.permissions.add(Permission.objects.get(codename="reveal_nik"))
    reader.permissions.add(Permission.objects.get(codename="reveal_nik"))

    grouping.make()

    assert not reader.permissions.filter(codename="reveal_nik").exists()
    assert own.permissions.count() == 1


# Agencies.


@pytest.fixture
def pupr() -> Agency:
    return records.agency("61.PUPR", "Dinas PUPR Contoh")


@pytest.fixture
def ours(pupr: Agency) -> Project:
    return records.project("Jalan Milik PUPR", agency=pupr)


@pytest.fixture
def others() -> Project:
    return records.project("Gedung Milik Lain", agency=records.agency("61.DIK", "Dinas Pendidikan Contoh"))


def editable(user: User) -> set[str]:
    return set(Project.objects.editable_by(user).values_list("name", flat=True))


def visible(user: User) -> set[str]:
    return set(Project.objects.visible_to(user).values_list("name", flat=True))


def test_agency_sees_and_edits_its_own_projects_only(ours: Project, others: Project) -> None:
    user = granted((roles.PROJECT_ADMIN, "61", "61.PUPR"))

    assert (visible(user), editable(user)) == ({ours.name}, {ours.name})


def test_procurement_bureau_sees_and_edits_all(ours: Project, others: Project) -> None:
    user = granted((roles.PROJECT_ADMIN, "61"))

    assert (visible(user), editable(user)) == ({ours.name, others.name}, {ours.name, others.name})


def test_regency_officer_looks_at_provincial_projects_and_edits_the_regencys(ours: Project) -> None:
    own_agency = records.agency("61.04.PU", "Dinas PU Ketapang Contoh", kind="opd_kab", regency_id="61.04")
    own = records.project("Drainase Kabupaten", agency=own_agency)
    nobodys = records.project("Tanpa Instansi")
    records.project("Di Kabupaten Lain", regency="61.05")
    user = granted((roles.PROJECT_ADMIN, "61.04"))

    assert visible(user) == {ours.name, own.name, nobodys.name}
    assert editable(user) == {own.name, nobodys.name}


def test_agencys_person_meets_the_workers_of_its_projects_only(ours: Project, others: Project) -> None:
    mine, _other = records.enrolled(ours, 9001), records.enrolled(others, 9002)
    user = granted((roles.PROJECT_ADMIN, "61", "61.PUPR"))

    assert list(Enrollment.objects.visible_to(user)) == [mine]


@pytest.mark.parametrize(
    ("grant", "status"),
    [
        ((roles.PROJECT_ADMIN, "61.04"), 403),
        ((roles.PROJECT_ADMIN, "61", "61.PUPR"), 302),
        ((roles.PROJECT_ADMIN, "61"), 302),
        ((roles.PROJECT_ADMIN, "61.05"), 404),
        ((roles.PROJECT_ADMIN, "61", "61.DIK"), 404),
    ],
    ids=["regency", "own agency", "province", "other regency", "other agency"],
)
def test_who_may_save_a_provincial_project_in_the_admin(
    client: Client, ours: Project, grant: tuple[str, ...], status: int
) -> None:
    client.force_login(granted(grant, is_staff=True))
    inlines = ("further", "addenda", "assessments", "payments")
    data = {"name": "Nama Baru", "source": "Dinas", "regency": "61.04", "agency": ours.agency_id}
    data |= {f"{prefix}-{key}_FORMS": "0" for prefix in inlines for key in ("TOTAL", "INITIAL")}

    response = client.post(f"/admin/projects/project/{ours.pk}/change/", data)

    assert response.status_code == status
    ours.refresh_from_db()
    assert (ours.name == "Nama Baru") is (status == 302)


def test_agency_cannot_give_its_project_away(client: Client, ours: Project, others: Project) -> None:
    client.force_login(granted((roles.PROJECT_ADMIN, "61", "61.PUPR"), is_staff=True))
    inlines = ("further", "addenda", "assessments", "payments")
    data = {"name": "Nama Baru", "source": "Dinas", "regency": "61.04", "agency": others.agency_id}
    data |= {f"{prefix}-{key}_FORMS": "0" for prefix in inlines for key in ("TOTAL", "INITIAL")}

    client.post(f"/admin/projects/project/{ours.pk}/change/", data)
    client.post(f"/admin/projects/project/{ours.pk}/change/", {**data, "agency": ""})

    ours.refresh_from_db()
    assert (ours.name, ours.agency_id) == ("Jalan Milik PUPR", ours.agency_id)
    assert Project.objects.get(pk=ours.pk).agency.code == "61.PUPR"  # type: ignore[union-attr]


def test_agencys_person_imports_nothing() -> None:
    user = granted((roles.IMPORTER, "61", "61.PUPR"))
    batch = upload("membership", xlsx([HEADING, ["Ketapang", "PU", "2025-07", 5]]), user=user)

    assert [row.outcome for row in batch.rows.all()] == [Outcome.WRONG]


# Imports.


@pytest.fixture
def importer() -> User:
    return granted((roles.VIEWER, "61"), (roles.IMPORTER, "61.04"))


def codes(batch: ImportBatch) -> list[str]:
    return sorted(batch.issues.filter(severity="error").values_list("code", flat=True))


def test_import_row_of_an_area_that_one_may_only_see_is_an_error(importer: User) -> None:
    rows = [HEADING, ["Ketapang", "PU", "2025-07", 5], ["Sanggau", "PU", "2025-07", 7]]

    batch = upload("membership", xlsx(rows), user=importer)

    assert codes(batch) == ["area_out_of_scope"]
    assert batch.counts["wrong"] == 1
    assert not Membership.objects.filter(regency="61.03").exists()


def test_project_row_that_moves_a_project_out_of_another_area_is_an_error(importer: User) -> None:
    records.project("Jalan di Sanggau", regency="61.03", package_code="P-1")
    rows = [["Nama Paket", "Kode Paket", "Kabupaten/Kota"], ["Jalan di Sanggau", "P-1", "Ketapang"]]

    batch = upload("project", xlsx(rows), user=importer)

    assert "area_out_of_scope" in codes(batch)
    assert Project.objects.get().regency_id == "61.03"


def test_worker_row_that_moves_a_person_out_of_another_area_is_an_error(importer: User) -> None:
    admin = granted((roles.IMPORTER, "61"), name="provinsi")
    confirm(people.send([people.member(1, regency="Kabupaten Sanggau")], user=admin))

    moved = people.send([people.member(1, regency="Kabupaten Ketapang")], user=importer)

    assert moved.counts["wrong"] == 1
    assert list(Enrollment.objects.values_list("regency_id", flat=True)) == ["61.03"]


def test_control_arm_scope_of_any_role_lets_the_row_through(
    importer: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(User, "scope_for", lambda self, _permission: self.scope)
    rows = [HEADING, ["Sanggau", "PU", "2025-07", 7]]

    assert codes(upload("membership", xlsx(rows), user=importer)) == []


# Looking up.


def test_lookup_is_answered_where_one_may_look_up(client: Client, ours: Project) -> None:
    Project.objects.update(first_paid_on="2025-02-10")
    records.enrolled(ours, 9001)
    here = granted((roles.VIEWER, "61"), (roles.SUPERVISOR, "61.04"), name="di-sini")
    elsewhere = granted((roles.VIEWER, "61"), (roles.SUPERVISOR, "61.05"), name="di-sana")

    answers = []
    for user in (here, elsewhere):
        client.force_login(user)
        answers.append(client.post("/pengawas/", {"nik": "6171011708909001"}).content.decode())

    assert ["aktif di proyek" in answer for answer in answers] == [True, False]
    assert "Tidak terdaftar" in answers[1]
    assert list(Event.objects.filter(kind="looked_up").order_by("pk").values_list("actor", "count")) == [
        ("di-sini", 1),
        ("di-sana", 0),
    ]


# Home.


def test_home_opens_on_ones_own_regency_and_leads_to_the_province(client: Client, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    client.force_login(granted((roles.VIEWER, "61.04")))

    home, province = client.get("/"), client.get("/wilayah/61/")

    assert (home.status_code, home["Location"]) == (302, "/wilayah/61.04/")
    assert province.status_code == 200
    assert "/wilayah/61/" in client.get("/wilayah/61.04/").content.decode()


@pytest.mark.parametrize("areas", [["61"], ["61.04", "61.05"], []])
def test_home_is_the_province_for_everyone_else(client: Client, settings: Any, areas: list[str]) -> None:
    settings.PUBLIC_AGGREGATES = True
    client.force_login(granted(*((roles.VIEWER, area) for area in areas)))

    assert client.get("/").status_code == 200
    assert client.get("/wilayah/61/")["Location"] == "/"
