"""Imports in the admin: to be looked at, within one's scope, and never changed."""

from __future__ import annotations

import pytest
from django.contrib.auth.models import Permission
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.intake.models import ImportBatch

pytestmark = pytest.mark.django_db


def as_staff(client: Client, user: User) -> None:
    user.is_staff = True
    user.save()
    user.user_permissions.add(Permission.objects.get(codename="view_importbatch"))
    client.force_login(user)


def test_staff_look_at_an_import_and_go_to_its_page(
    client: Client, colleague: User, ready: ImportBatch
) -> None:
    as_staff(client, colleague)

    listed = client.get("/admin/intake/importbatch/")
    detail = client.get(f"/admin/intake/importbatch/{ready.pk}/change/")

    assert "rekap.xlsx" in listed.content.decode()
    assert f'href="/impor/{ready.pk}/"' in detail.content.decode()
    assert 'name="_save"' not in detail.content.decode()


def test_import_of_another_area_is_not_in_the_admin(
    client: Client, outsider: User, ready: ImportBatch
) -> None:
    as_staff(client, outsider)

    assert "rekap.xlsx" not in client.get("/admin/intake/importbatch/").content.decode()
    assert client.get(f"/admin/intake/importbatch/{ready.pk}/change/").status_code == 404


@pytest.mark.parametrize("path", ["add/", "{pk}/delete/"])
def test_nobody_adds_or_deletes_an_import_there(admin_client: Client, ready: ImportBatch, path: str) -> None:
    assert admin_client.get(f"/admin/intake/importbatch/{path.format(pk=ready.pk)}").status_code == 403
