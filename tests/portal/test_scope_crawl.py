"""Every role at every address: nothing of another area is shown, and nothing there changes.

The addresses come from the resolver. One with a place that `fill` does not know fails the test, so a new page
cannot escape it.
"""

from __future__ import annotations

import hashlib
import io
import re
import zipfile
from collections.abc import Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from coverage_portal.accounts import roles
from coverage_portal.accounts.models import AreaGrant, User
from coverage_portal.intake.models import ImportBatch
from projects.models import Project
from projects.querysets import ProjectQuerySet
from regions.models import Agency, Commitment
from tests import factories
from tests.portal.furnished import CANARY, CLOSED, HERE, OWN, THERE, Scene, furnish
from tests.portal.test_pages import OPEN_ADDRESSES
from tests.visiting import routes

pytestmark = pytest.mark.django_db

NOT_VISITED = {"keluar/", "admin/logout/", "akun/keluar-semua/", "bahasa/"}
"""What only ends the visit, or changes the language."""
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\((?:\?:)?[^()]*\)\??|[^()])*\)")
SHOWS_PDF = ("/pdf/", "/cetak/")


class Unknown(Exception):
    """An address has a place that nobody has said how to fill."""


@pytest.fixture
def scene(settings: Any, tmp_path: Any) -> Scene:
    settings.PUBLIC_AGGREGATES = False
    settings.UPLOAD_DIR = tmp_path / "uploads"
    found = Scene()
    furnish(HERE, OWN, found.here)
    furnish(THERE, CANARY, found.there)
    return found


def addresses(scene: Scene, area: str) -> list[str]:
    """Every address that the resolver knows, about the objects of an area."""
    found = {filled for route, name in routes() for filled in fill(scene.of(area), route, name)}
    return sorted(found - NOT_VISITED)


def fill(objects: dict[str, Any], route: str, name: str) -> list[str]:
    place = PLACE.search(route)
    if place is None:
        return [route.replace("^", "").replace("\\", "").removesuffix("$")]
    key = place[1] or place[2]
    return [
        whole
        for value in values_of(objects, key, route, name)
        for whole in fill(objects, route[: place.start()] + str(value) + route[place.end() :], name)
    ]


def values_of(objects: dict[str, Any], key: str, route: str, name: str) -> list[Any]:
    """What stands in a place of a route.

    Raises:
        Unknown: nobody has said.
    """
    model = re.match(r"admin/(\w+)/(\w+)/", route)
    if key in ("object_id", "id") and model:
        found = objects.get(f"{model[1]}.{model[2]}")
        return [1 if found is None else found.pk]
    if key == "object_id":
        return [objects["projects.project"].pk]
    if key == "pk":
        return [objects[OF_PAGE[name]].pk] if name in OF_PAGE else _unknown(route, key)
    if key in VALUES:
        return VALUES[key](objects)
    return _unknown(route, key)


def _unknown(route: str, key: str) -> list[Any]:
    raise Unknown(f"{route}: {key}")


OF_PAGE = {
    "commitment": "regions.commitment",
    "change_commitment": "regions.commitment",
    "close_commitment": "regions.commitment",
    "reopen_commitment": "regions.commitment",
    "project": "projects.project",
    "work_list": "regions.agency",
    "print_letter": "regions.agency",
    "reset": "accounts.user",
    "end_exception": "regions.periodexception",
}
PANELS = ("trend", "ranking", "segments", "change", "commitments", "regencies", "tiles")
VALUES: dict[str, Any] = {
    "code": lambda made: [made["regions.regency"].code],
    "batch_id": lambda made: [made["intake.importbatch"].pk],
    "package": lambda made: [made["projects.project"].pk],
    "registration": lambda made: [made["registration"].pk],
    "reference": lambda made: [made["projects.letter"].reference],
    "kind": lambda _made: ["membership", "enrollment", "project"],
    "key": lambda _made: ["tren", "arrears", "instansi", "segmen"],
    "month": lambda _made: [CLOSED],
    "step": lambda _made: ["ajukan", "kembalikan", "setujui", "kunci"],
    "number": lambda _made: [0, 1],
    "secret": lambda _made: ["bukan-rahasia"],
    "role": lambda _made: [roles.VIEWER],
    "app_label": lambda _made: ["projects"],
    "content_type_id": lambda _made: [1],
    "url": lambda _made: ["tidak-ada"],
}


def autocompletes() -> Iterator[str]:
    """Every field that the admin offers to choose in by typing."""
    for model_admin in admin.site._registry.values():
        inlines = [inline(model_admin.model, admin.site) for inline in model_admin.inlines]
        for owner in (model_admin, *inlines):
            for name in owner.autocomplete_fields:
                opts = owner.model._meta
                yield (
                    f"admin/autocomplete/?app_label={opts.app_label}&model_name={opts.model_name}"
                    f"&field_name={name}&term="
                )


def visitor(role: str) -> tuple[Client, User]:
    """Someone with a role in the first regency, `+agency` of one agency there, or without any role."""
    user = factories.user("pengunjung")
    slug, _, narrowed = role.partition("+")
    if slug:
        AreaGrant.objects.create(
            user=user, role=slug, area_code=HERE, agency_code=f"{HERE}.PU" if narrowed else "",
            valid_until="2099-12-31",
        )  # fmt: skip
        user.is_staff = roles.uses_admin(slug)
        user.save()
    client = Client()
    client.force_login(user)
    return client, user


def said(response: Any) -> str:
    """All that an answer says, workbooks unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    head = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return head + content.decode("utf-8", "replace")


def about(path: str) -> str:
    return path.partition("?")[0]


def visit(client: Client, paths: list[str]) -> tuple[dict[str, int], dict[str, int], set[str]]:
    """Statuses and leaks by address, and the addresses that showed one's own."""
    statuses: dict[str, int] = {}
    leaks: dict[str, int] = {}
    own: set[str] = set()
    for path in paths:
        answers = [client.get(f"/{path}")]
        if path.endswith("/export/") and answers[0].status_code == 200:
            answers += [client.post(f"/{path}", {"format": n, "resource": "0"}) for n in ("0", "1")]
        for answer in answers:
            text = said(answer)
            statuses[path] = answer.status_code
            if CANARY in text or CANARY.lower() in text:
                leaks[path] = answer.status_code
            if OWN in text:
                own.add(path)
    return statuses, leaks, own


def state_of(scene: Scene) -> str:
    """A hash of every row of the other area."""
    digest = hashlib.sha256()
    for name, row in sorted(scene.there.items()):
        manager = type(row)._base_manager
        digest.update(f"{name}{list(manager.filter(pk=row.pk).values())}".encode())
    for model in (Project, Agency, Commitment, ImportBatch):
        digest.update(f"{model.__name__}{model._base_manager.count()}".encode())
    return digest.hexdigest()


EVERYONE = ["", *roles.BY_SLUG, f"{roles.PROJECT_ADMIN}+agency"]
FORM = {
    "post": "yes",
    "reason": "uji",
    "alasan": "uji",
    "action": "delete_selected",
    "name": "Diambil",
    "promise": "Diambil",
    "status": "kept",
    "rows": "good",
    "role": roles.PORTAL_ADMIN,
    "area_code": THERE,
    "username": "dicuri",
    "first_name": "x",
    "due_on": "2026-12-31",
    "closed_on": "2026-01-01",
    "closing_note": "Diambil",
}


@pytest.mark.parametrize("role", EVERYONE)
def test_no_role_is_shown_anything_of_another_area(scene: Scene, role: str) -> None:
    client, _user = visitor(role)
    paths = addresses(scene, THERE)
    paths += [f"{path}?q={CANARY[:7]}" for path in paths if path in SEARCHED]
    paths += [f"{path}?area={THERE}&month={CLOSED}" for path in paths if path.startswith("api/")]
    paths += list(autocompletes()) + [f"{path}{CANARY[:7]}" for path in autocompletes()]

    statuses, leaks, _own = visit(client, paths)

    assert leaks == {}
    assert {path: status for path, status in statuses.items() if status >= 500 and status != 503} == {}


SEARCHED = {"proyek/", "proyek/pencocokan/", "admin/projects/project/", "admin/regions/agency/"}


@pytest.mark.parametrize("role", [roles.VIEWER, roles.EDITOR, roles.PORTAL_ADMIN])
def test_crawl_does_see_what_is_ones_own(scene: Scene, role: str) -> None:
    client, _user = visitor(role)
    # A letter's text is not made up here: those of others are asked for above.
    left_out = ("admin/", "proyek/imbauan/surat/")
    paths = [path for path in addresses(scene, HERE) if not path.startswith(left_out)]

    _statuses, leaks, own = visit(client, paths)

    assert leaks == {}
    assert {"proyek/", "tindak-lanjut/", "impor/riwayat/", f"wilayah/{HERE}/tindak-lanjut/"} <= own
    assert any(path.startswith("impor/") and path.endswith("/") and len(path) > 40 for path in own)


@pytest.mark.parametrize("role", [roles.IMPORTER, roles.EDITOR, roles.PROJECT_ADMIN, roles.PORTAL_ADMIN])
def test_no_role_changes_anything_of_another_area(scene: Scene, role: str) -> None:
    client, _user = visitor(role)
    before = state_of(scene)
    chosen = {f"admin/{name.replace('.', '/')}/": row.pk for name, row in scene.there.items() if "." in name}

    for path in addresses(scene, THERE):
        answer = client.post(f"/{path}", {**FORM, "_selected_action": chosen.get(path, 0)})
        assert answer.status_code < 500 or answer.status_code == 503, path
        assert CANARY not in said(answer), path

    assert state_of(scene) == before


def test_control_arm_unscoped_queryset_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProjectQuerySet, "within", lambda self, _scope: self.all())
    client, _user = visitor(roles.VIEWER)

    _statuses, leaks, _own = visit(client, [p for p in addresses(scene, THERE) if p.startswith("proyek/")])

    assert leaks != {}


def test_control_arm_unscoped_autocomplete_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    registered = admin.site.get_model_admin(Agency)
    monkeypatch.setattr(type(registered), "scoped", lambda _self, _request, queryset: queryset)
    client, _user = visitor(roles.EDITOR)

    _statuses, leaks, _own = visit(client, [f"{path}{CANARY[:7]}" for path in autocompletes()])

    assert [path for path in leaks if "field_name=agency" in path] != []


def test_control_arm_unscoped_import_page_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(ImportBatch.objects.all()), "visible_to", lambda self, _user: self)
    client, _user = visitor(roles.IMPORTER)

    _statuses, leaks, _own = visit(client, [p for p in addresses(scene, THERE) if p.startswith("impor/")])

    assert leaks != {}


def test_control_arm_address_that_nobody_can_fill_fails(scene: Scene) -> None:
    with pytest.raises(Unknown, match="rahasia"):
        fill(scene.there, "halaman-baru/<int:rahasia>/", "new_page")
    with pytest.raises(Unknown, match="pk"):
        fill(scene.there, "halaman-baru/<int:pk>/", "new_page")


def test_addresses_are_all_those_of_the_resolver(scene: Scene) -> None:
    found = addresses(scene, THERE)

    assert len(found) > 150
    assert {f"proyek/{scene.there['projects.project'].pk}/", f"unduhan/{THERE}.xlsx"} <= set(found)
    assert f"admin/regions/workforce/{scene.there['regions.workforce'].pk}/change/" in found


def test_another_areas_object_answers_like_none(scene: Scene) -> None:
    client, _user = visitor(roles.EDITOR)
    there, none = scene.there, 987654
    pairs = [
        (f"/proyek/{there['projects.project'].pk}/", f"/proyek/{none}/"),
        (f"/tindak-lanjut/{there['regions.commitment'].pk}/", f"/tindak-lanjut/{none}/"),
        (f"/proyek/imbauan/{there['regions.agency'].pk}/", f"/proyek/imbauan/{none}/"),
    ]
    for name in ("regions.workforce", "projects.project", "projects.payment"):
        base = f"/admin/{name.replace('.', '/')}"
        pairs += [
            (f"{base}/{there[name].pk}/{page}/", f"{base}/{none}/{page}/")
            for page in ("change", "delete", "history")
        ]

    for foreign, missing in pairs:
        one, other = client.get(foreign), client.get(missing)
        assert (one.status_code, other.status_code) == (404, 404), foreign
        assert unnamed(one, foreign) == unnamed(other, missing), foreign


def unnamed(answer: Any, path: str) -> str:
    """A page without its own address and the id of its request."""
    text: str = answer.content.decode()
    return text.replace(answer.headers.get("X-Request-ID", "-"), "").replace(path, "")


OPEN = {
    "login", "second_step", "enrol", "link", "open_link", "guide", "guide_page", "province", "area", "method",
    "simulation", "page_file", "panel_file", "brief", "language", "healthz", "readyz", "api_contribution", "",
    "trend_figure", "archive", "archive_file", "release", "open_data", "reconciliation",
    "reconciliation_area", "reconciliation_file", "reconciliation_panel", "processing",
}  # fmt: skip
OPEN |= set(OPEN_ADDRESSES)
"""The names of addresses that a stranger may ask; every other one takes a sign-in."""


def test_every_view_is_behind_the_sign_in_but_those_named(scene: Scene, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = True
    opened = set()
    for route, name in routes():
        for path in fill(scene.here, route, name):
            answer = Client().get(f"/{path}")
            is_led = answer.status_code == 302 and (
                "/masuk/" in answer["Location"] or "login" in answer["Location"]
            )
            if not is_led and answer.status_code not in (404, 405):
                opened.add(name)

    assert opened - OPEN == set()
