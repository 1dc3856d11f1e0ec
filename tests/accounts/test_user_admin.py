"""The admin of users and of the history."""

import json
from typing import Any

import pytest
from django.contrib.auth.models import Group, Permission
from django.test import Client

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, User
from tests import factories

pytestmark = pytest.mark.django_db

NO_GRANTS = {
    "grants-TOTAL_FORMS": "0",
    "grants-INITIAL_FORMS": "0",
    "grants-MIN_NUM_FORMS": "0",
    "grants-MAX_NUM_FORMS": "1000",
}
NEW_PASSWORD = "sandi-panjang-9002"


def grants(*rows: dict[str, str]) -> dict[str, str]:
    posted = {**NO_GRANTS, "grants-TOTAL_FORMS": str(len(rows))}
    posted["grants-INITIAL_FORMS"] = str(sum(1 for row in rows if row.get("id")))
    for number, row in enumerate(rows):
        posted |= {f"grants-{number}-{name}": value for name, value in row.items()}
    return posted


@pytest.fixture
def portal_admin() -> User:
    user = factories.user("admin.kalbar", "61", is_staff=True)
    user.groups.add(Group.objects.get(name="Admin portal"))
    return user


@pytest.fixture
def admin_client(client: Client, portal_admin: User) -> Client:
    client.force_login(portal_admin)
    return client


@pytest.fixture
def superuser_client(client: Client) -> Client:
    client.force_login(factories.user("pengawas", is_staff=True, is_superuser=True))
    return client


def test_new_user_leaves_a_trace_without_the_password(admin_client: Client) -> None:
    response = admin_client.post(
        "/admin/accounts/user/add/",
        {
            "username": "petugas",
            "usable_password": "true",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            **grants({"role": "importer", "area_code": "61.04"}),
        },
    )

    assert response.status_code == 302
    added = User.objects.get(username="petugas")
    assert added.check_password(NEW_PASSWORD)
    assert [grant.area_code for grant in added.grants.all()] == ["61.04"]
    changes = Change.objects.order_by("model")
    assert [(change.model, change.before) for change in changes] == [
        ("accounts.areagrant", None),
        ("accounts.user", None),
    ]
    assert changes[1].after["username"] == "petugas"
    assert "password" not in changes[1].after
    assert len({change.action for change in changes}) == 1


def test_changed_user_leaves_a_trace_with_groups_areas_and_reason(admin_client: Client) -> None:
    user = factories.user("petugas", "61.04", "61.08")
    ketapang, landak = user.grants.order_by("area_code")

    admin_client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        {
            "username": "petugas",
            "is_active": "on",
            "groups": [Group.objects.get(name="Staf BPJS").pk],
            "reason": "pindah tugas",
            **grants(
                {"id": str(ketapang.pk), "user": str(user.pk), "role": "importer", "area_code": "61.04"},
                {
                    "id": str(landak.pk),
                    "user": str(user.pk),
                    "role": "viewer",
                    "area_code": "61.08",
                    "DELETE": "on",
                },
                {"id": "", "user": str(user.pk), "role": "importer", "area_code": "61.10"},
            ),
        },
    )

    assert sorted(user.grants.values_list("role", "area_code")) == [
        ("importer", "61.04"),
        ("importer", "61.10"),
    ]
    of_user = Change.objects.get(model="accounts.user")
    assert (of_user.before["groups"], of_user.after["groups"]) == ([], ["Staf BPJS"])
    of_grants = [
        (
            change.before and change.before["role"],
            change.after and change.after["role"],
            change.object_id != "",
        )
        for change in Change.objects.filter(model="accounts.areagrant").order_by("pk")
    ]
    assert of_grants == [("viewer", None, True), (None, "importer", True), ("viewer", "importer", True)]
    assert set(Change.objects.values_list("reason", flat=True)) == {"pindah tugas"}


def test_changed_password_leaves_a_trace_without_it(admin_client: Client) -> None:
    user = factories.user("petugas")

    admin_client.post(
        f"/admin/accounts/user/{user.pk}/password/",
        {
            "usable_password": "true",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "set-password": "1",
        },
    )

    user.refresh_from_db()
    assert user.check_password(NEW_PASSWORD)
    change = Change.objects.get()
    assert change.object_id == str(user.pk)
    assert user.password not in json.dumps([change.before, change.after])
    assert NEW_PASSWORD not in json.dumps([change.before, change.after])


def test_portal_admin_meets_neither_superusers_nor_users_of_other_provinces(admin_client: Client) -> None:
    factories.user("pengawas", is_superuser=True)
    factories.user("riau", "14")
    stronger = factories.user("berwenang", "61")
    group = Group.objects.create(name="Lebih")
    group.permissions.set(
        [*Group.objects.get(name="Admin portal").permissions.all(), _permission("delete_user")]
    )
    stronger.groups.add(group)
    factories.user("ketapang", "61.04")
    factories.user("baru")

    shown = admin_client.get("/admin/accounts/user/").context["cl"].queryset

    assert sorted(user.username for user in shown) == ["admin.kalbar", "baru", "ketapang"]


@pytest.mark.parametrize("page", ["change/", "password/", "delete/", "history/"])
def test_superuser_is_unknown_to_a_portal_admin(admin_client: Client, page: str) -> None:
    superuser = factories.user("pengawas", is_superuser=True)

    response = admin_client.post(
        f"/admin/accounts/user/{superuser.pk}/{page}",
        {
            "usable_password": "true",
            "password1": NEW_PASSWORD,
            "password2": NEW_PASSWORD,
            "set-password": "1",
        },
    )

    superuser.refresh_from_db()
    assert response.status_code in (403, 404)
    assert superuser.check_password(factories.PASSWORD)


def test_portal_admin_makes_nobody_more_powerful_than_they_are(
    admin_client: Client, portal_admin: User
) -> None:
    stronger = Group.objects.create(name="Lebih")
    stronger.permissions.add(_permission("delete_user"))
    own = Group.objects.get(name="Admin portal").pk
    base: dict[str, Any] = {
        "username": "admin.kalbar",
        "is_active": "on",
        "is_staff": "on",
        "groups": [own],
        **NO_GRANTS,
    }
    url = f"/admin/accounts/user/{portal_admin.pk}/change/"

    admin_client.post(
        url, {**base, "is_superuser": "on", "user_permissions": [_permission("delete_user").pk]}
    )
    refused = admin_client.post(url, {**base, "groups": [own, stronger.pk]})

    portal_admin.refresh_from_db()
    assert not portal_admin.is_superuser
    assert not portal_admin.user_permissions.exists()
    assert "groups" in refused.context["adminform"].form.errors


@pytest.mark.parametrize("code", ["62", "14.71"])
def test_area_that_is_not_ones_own_cannot_be_handed_out(admin_client: Client, code: str) -> None:
    user = factories.user("petugas")

    response = admin_client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        {"username": "petugas", "is_active": "on", **grants({"id": "", "role": "viewer", "area_code": code})},
    )

    assert "Wilayah ini di luar wilayah kerja Anda." in response.content.decode()
    assert not AreaGrant.objects.filter(user=user).exists()


def test_superuser_hands_out_any_area(superuser_client: Client) -> None:
    user = factories.user("riau")

    superuser_client.post(
        f"/admin/accounts/user/{user.pk}/change/",
        {"username": "riau", "is_active": "on", **grants({"id": "", "role": "viewer", "area_code": "14"})},
    )

    assert [grant.area_code for grant in user.grants.all()] == ["14"]


def test_history_can_be_read_and_not_written(superuser_client: Client) -> None:
    row = factories.workforce(factories.regency("61.04"), 12)
    history.record(Author(None, "page"), [(row, {"people": 10, "year": 2025}, {"people": 12, "year": 2025})])
    change = Change.objects.get()
    url = f"/admin/accounts/change/{change.pk}"

    page = superuser_client.get(f"{url}/change/").content.decode()
    answers = [
        superuser_client.post(f"{url}/change/", {"reason": "lain"}),
        superuser_client.post(f"{url}/delete/", {"post": "yes"}),
        superuser_client.post("/admin/accounts/change/add/", {}),
    ]

    assert "people: 10 → 12" in page
    assert "year" not in page.split("people: 10")[1][:40]
    assert [answer.status_code for answer in answers] == [403, 403, 403]
    assert Change.objects.get().reason == ""


def test_history_is_that_of_ones_own_areas(client: Client) -> None:
    admin = factories.user("admin.ketapang", "61.04", is_staff=True)
    admin.groups.add(Group.objects.get(name="Admin portal"))
    client.force_login(admin)
    author = Author(None, "page")
    for area in (factories.regency("61.04"), factories.regency("61.08", "Landak"), factories.province()):
        row = factories.workforce(area, 1)
        history.record(author, [(row, None, history.snapshot(row))])
    history.record(author, [(admin, None, {"username": "x"})])

    shown = client.get("/admin/accounts/change/").context["cl"].queryset

    assert [change.after["regency_id"] for change in shown] == ["61.04"]


def test_users_can_be_exported_without_password(admin_client: Client) -> None:
    factories.user("petugas", "61.04", first_name="Siti")

    response = admin_client.post("/admin/accounts/user/export/", {"format": "1", "resource": "0"})

    lines = response.content.decode("utf-8-sig").splitlines()
    assert lines[0] == "Nama Pengguna;Nama;Kelompok;Wilayah Kerja;Aktif;Masuk Terakhir"
    assert "petugas;Siti;;61.04;ya;" in lines


def _permission(codename: str) -> Permission:
    return Permission.objects.get(codename=codename)
