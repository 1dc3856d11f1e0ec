"""Who may see and do what with an import, and what the others get."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser, Group
from django.test import Client

from coverage_portal.accounts.models import AreaGrant, User
from coverage_portal.intake.models import ImportBatch
from tests.imports import HEADING, address
from tests.sheets import confirm, upload, xlsx

pytestmark = pytest.mark.django_db
State = ImportBatch.State

OF_A_BATCH = [
    ("get", ""),
    ("get", "kemajuan/"),
    ("get", "kesalahan.xlsx"),
    ("post", "jawaban/"),
    ("post", "konfirmasi/"),
    ("post", "hentikan/"),
    ("post", "urungkan/"),
]


@pytest.mark.parametrize(("method", "ending"), OF_A_BATCH)
def test_import_of_another_area_is_not_found(
    client: Client, outsider: User, mixed: ImportBatch, method: str, ending: str
) -> None:
    client.force_login(outsider)

    response = getattr(client, method)(address(mixed, ending), {"preview": str(mixed.preview)})

    assert response.status_code == 404
    mixed.refresh_from_db()
    assert mixed.state == State.READY


@pytest.mark.parametrize(("method", "ending"), [*OF_A_BATCH, ("get", "../"), ("get", "../riwayat/")])
def test_stranger_is_sent_to_the_sign_in(
    client: Client, mixed: ImportBatch, method: str, ending: str
) -> None:
    path = address(mixed, ending) if not ending.startswith("..") else f"/impor/{ending[3:]}"

    response = getattr(client, method)(path)

    assert response.status_code == 302
    assert response["Location"].startswith("/masuk/?next=")


@pytest.mark.parametrize("path", ["/impor/", "/impor/templat/membership.xlsx"])
def test_reader_may_not_upload_and_learns_whom_to_ask(client: Client, reader: User, path: str) -> None:
    client.force_login(reader)

    response = client.get(path)

    assert response.status_code == 403
    assert "mintalah hak impor untuk wilayah Anda kepada admin portal" in response.content.decode()


def test_upload_by_a_reader_stores_nothing(client: Client, reader: User) -> None:
    client.force_login(reader)

    response = client.post("/impor/", {"kind": "membership"})

    assert (response.status_code, ImportBatch.objects.count()) == (403, 0)


def test_colleague_sees_the_import_without_a_way_to_confirm(
    client: Client, colleague: User, ready: ImportBatch
) -> None:
    client.force_login(colleague)

    content = client.get(address(ready)).content.decode()

    assert "Hanya petugas, yang mengunggah berkas ini" in content
    assert "konfirmasi/" not in content


@pytest.mark.parametrize("ending", ["jawaban/", "konfirmasi/", "hentikan/"])
def test_colleague_can_do_nothing_to_an_open_import(
    client: Client, colleague: User, ready: ImportBatch, ending: str
) -> None:
    client.force_login(colleague)

    response = client.post(address(ready, ending), {"preview": str(ready.preview)})

    assert response.status_code == 403
    ready.refresh_from_db()
    assert ready.state == State.READY


def test_uploader_who_lost_the_right_can_no_longer_confirm(
    page: Client, uploader: User, ready: ImportBatch
) -> None:
    uploader.groups.set([Group.objects.get(name="Pembaca")])

    response = page.post(address(ready, "konfirmasi/"), {"preview": str(ready.preview)})

    assert response.status_code == 403
    ready.refresh_from_db()
    assert ready.state == State.READY


def test_colleague_with_the_right_undoes_an_applied_import(
    client: Client, colleague: User, ready: ImportBatch
) -> None:
    confirm(ready)
    client.force_login(colleague)

    response = client.post(address(ready, "urungkan/"))

    assert response.status_code == 302
    ready.refresh_from_db()
    assert (ready.state, ready.undone_by) == (State.UNDO_ASKED, colleague)


@pytest.mark.parametrize("loss", ["group", "area"])
def test_undo_needs_the_right_and_the_area(page: Client, uploader: User, loss: str) -> None:
    batch = confirm(upload("membership", xlsx([HEADING, ["Landak", "PU", "2025-07", 1]]), user=uploader))
    if loss == "group":
        uploader.groups.clear()
    else:
        AreaGrant.objects.filter(user=uploader).update(area_code="61.01")

    response = page.post(address(batch, "urungkan/"))

    assert response.status_code == 403
    batch.refresh_from_db()
    assert batch.state == State.APPLIED


@pytest.mark.parametrize(
    "path",
    ["/impor/", "/impor/riwayat/", "/impor/templat/workforce.xlsx", "", "kemajuan/", "kesalahan.xlsx"],
)
def test_head_works_wherever_get_does(page: Client, mixed: ImportBatch, path: str) -> None:
    path = path if path.startswith("/") else address(mixed, path)

    response = page.head(path)

    assert (response.status_code, response.getvalue()) == (200, b"")


@pytest.mark.parametrize("stranger", [None, AnonymousUser()], ids=["nobody", "not signed in"])
def test_strangers_see_no_import(ready: ImportBatch, stranger: AnonymousUser | None) -> None:
    assert list(ImportBatch.objects.visible_to(stranger)) == []


@pytest.mark.parametrize("ending", ["jawaban/", "konfirmasi/", "hentikan/", "urungkan/"])
def test_nothing_happens_by_following_a_link(page: Client, ready: ImportBatch, ending: str) -> None:
    assert page.get(address(ready, ending)).status_code == 405


@pytest.mark.parametrize(
    "path", ["/impor/templat/nothing.xlsx", "/impor/00000000-0000-4000-8000-000000000000/"]
)
def test_what_does_not_exist_is_not_found(page: Client, path: str) -> None:
    assert page.get(path).status_code == 404


def test_batch_page_takes_the_same_queries_however_many_rows(
    page: Client, uploader: User, django_assert_max_num_queries: Any
) -> None:
    few = upload("membership", xlsx([HEADING, ["Sambas", "PU", "2025-07", -1]]), user=uploader)
    rows = [[f"Entah {n}", "PU", "2025-07", -n] for n in range(200)]
    many = upload("membership", xlsx([HEADING, *rows, ["Sambas", "PU", "2025-07", 1]]), user=uploader)
    page.get(address(few))

    with django_assert_max_num_queries(14) as first:
        page.get(address(few))
    with django_assert_max_num_queries(len(first) + 1):
        page.get(address(many))
