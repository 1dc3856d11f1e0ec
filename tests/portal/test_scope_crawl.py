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
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.contrib import admin
from django.test import Client

from coverage_portal.accounts import events, history, roles
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, Event, User
from coverage_portal.intake.models import ImportBatch
from projects.models import Letter, Project
from projects.querysets import ProjectQuerySet
from regions.models import Agency, Commitment
from tests import factories
from tests.projects import records
from tests.sheets import upload, xlsx
from tests.visiting import routes

pytestmark = pytest.mark.django_db

HERE, THERE = "61.04", "61.05"
CANARY, OWN = "RAHASIASANGGAU", "MILIKKETAPANG"
NOT_VISITED = {"keluar/", "admin/logout/", "akun/keluar-semua/", "bahasa/"}
"""What only ends the visit, or changes the language."""
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\((?:\?:)?[^()]*\)\??|[^()])*\)")
SHOWS_PDF = ("/pdf/", "/cetak/")


class Unknown(Exception):
    """An address has a place that nobody has said how to fill."""


@dataclass
class Scene:
    """Objects of both areas by model, `there` with the canary in every text that is anyone's to write."""

    here: dict[str, Any] = field(default_factory=dict)
    there: dict[str, Any] = field(default_factory=dict)

    def of(self, area: str) -> dict[str, Any]:
        return self.here if area == HERE else self.there


def furnish(area: str, word: str, made: dict[str, Any]) -> None:
    """One of everything in a regency."""
    regency = factories.regency(area)
    agency = records.agency(f"{area}.PU", f"Dinas {word}", kind="opd_kab", regency_id=area)
    project = records.project(
        f"Jalan {word}",
        regency=area,
        agency=agency,
        package_code=f"P{word}",
        owner=word,
        ppk=word,
        contract_number=f"K/{word}",
        contract_value=2_000_000_000,
        spk_date="2025-01-06",
    )
    registration = records.project(f"Gedung {word}", regency=area, bpjs_number=f"B{word}"[:20])
    enrollment = records.enrolled(project, 9001 if area == HERE else 9002)
    type(enrollment.worker).objects.filter(pk=enrollment.worker_id).update(name=f"ORANG {word}")
    user = factories.user(f"petugas.{word.lower()}", area, first_name=word)
    importer = factories.user(f"impor.{word.lower()}")
    AreaGrant.objects.create(user=importer, role=roles.IMPORTER, area_code=area)
    name = regency.name
    sheet = [["Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber"], [name, "PU", "2025-07", 7, word]]
    batch = upload(
        "membership", xlsx([*sheet, [name, "PU", "x", -1, word]]), user=importer, name=f"{word}.xlsx"
    )
    number = Letter.objects.count() + 1
    letter = Letter.objects.create(
        year=2026, number=number, agency=agency, agency_name=f"Dinas {word}", on="2026-01-05", areas=[area],
        projects=1, content={"agency": word}, sha256="0" * 64, actor=word,
    )  # fmt: skip
    target = factories.target(regency, "45", legal_basis=word)
    workforce = factories.workforce(regency, 1000, source=word)
    assessment = records.assessment(project, number=f"N-{word}")
    made |= {
        "regions.regency": regency,
        "regions.agency": agency,
        "regions.workforce": workforce,
        "regions.membership": factories.membership(regency, 370, month="2025-12", source=word),
        "regions.target": target,
        "regions.baseline": factories.baseline(regency),
        "regions.quotedfigure": factories.quote(regency, "55", source=word),
        "regions.commitment": factories.commitment(regency, promise=f"Janji {word}", source=word),
        "projects.project": project,
        "registration": registration,
        "projects.addendum": records.addendum(project, number=f"A-{word}"),
        "projects.assessment": assessment,
        "projects.payment": records.payment(project, reference=f"R-{word}"),
        "projects.enrollment": enrollment,
        "projects.letter": letter,
        "accounts.user": user,
        "intake.importbatch": batch,
    }
    made["accounts.areagrant"] = user.grants.get()
    author = Author(None, Change.Source.COMMAND, f"Alasan {word}")
    history.record(author, [(target, {"legal_basis": "lama"}, history.snapshot(target))])
    history.record(author, [(project, {"name": "lama"}, history.snapshot(project))])
    made["accounts.change"] = Change.objects.filter(reason=f"Alasan {word}").first()
    made["accounts.event"] = events.note(Event.Kind.EXPORTED, user=user, what=word)


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
}
PANELS = ("trend", "ranking", "segments", "change", "commitments", "regencies", "tiles")
VALUES: dict[str, Any] = {
    "code": lambda made: [made["regions.regency"].code],
    "batch_id": lambda made: [made["intake.importbatch"].pk],
    "package": lambda made: [made["projects.project"].pk],
    "registration": lambda made: [made["registration"].pk],
    "reference": lambda made: [made["projects.letter"].reference],
    "kind": lambda _made: ["membership", "enrollment", "project"],
    "key": lambda _made: ["tren", "arrears", "instansi"],
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
    paths += list(autocompletes()) + [f"{path}{CANARY[:7]}" for path in autocompletes()]

    statuses, leaks, _own = visit(client, paths)

    assert leaks == {}
    assert {path: status for path, status in statuses.items() if status >= 500 and status != 503} == {}


SEARCHED = {"proyek/", "proyek/pencocokan/", "admin/projects/project/", "admin/regions/agency/"}


@pytest.mark.parametrize("role", [roles.VIEWER, roles.EDITOR, roles.PORTAL_ADMIN])
def test_crawl_does_see_what_is_ones_own(scene: Scene, role: str) -> None:
    client, _user = visitor(role)
    paths = [path for path in addresses(scene, HERE) if not path.startswith("admin/")]

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
        answer = client.post(f"/{path}", {**FORM, "_selected_action": chosen.get(path, "")})
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
        assert one.content == other.content, foreign


OPEN = {
    "login", "second_step", "enrol", "link", "open_link", "guide", "guide_page", "province", "area", "method",
    "simulation", "page_file", "panel_file", "brief", "language", "healthz", "api_contribution", "",
}  # fmt: skip
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
