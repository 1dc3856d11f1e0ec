"""No NIK can be read anywhere but in the uploader's own file of wrong rows: a whole portal is searched.

One portal runs as `serve` runs it, with gunicorn's access log on. Worker lists with known NIKs in every wrong
place go through it: read, refused, confirmed, failed half-way, undone, asked about. Then everything it has
left is searched: a dump, the data folder, the logs, every address.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg2
import pytest

from coverage_portal.embedded import server
from tests.projects.people import HEADING, member, nik
from tests.secrets_in import found_in, found_on_disk
from tests.serving import ROOT, Portal
from tests.sheets import csv_bytes, xlsx
from tests.visiting import Crawl, Visitor, crawl, routes

PASSWORD = "contoh-pengunjung-61"
VISITORS = {
    "pembaca": ("Pembaca", "61"),
    "pengawas": ("Pengawas", "61"),
    "importir": ("Staf BPJS", "61"),
    "tetangga": ("Staf BPJS", "61.04"),
    "pengelola": ("Admin portal", "61"),
}
"""Whoever looks around: nobody of them may see whole NIKs."""
MAKE_VISITORS = f"""
from django.contrib.auth.models import Group, Permission
from coverage_portal.accounts.models import AreaGrant, User
reveal = Permission.objects.get(codename="reveal_nik")
for group in Group.objects.all():
    if group.name != "Staf BPJS":
        group.permissions.remove(reveal)
for name, (group, area) in {VISITORS!r}.items():
    user = User.objects.create_user(name, password={PASSWORD!r}, is_staff=name == "pengelola")
    AreaGrant.objects.create(user=user, role="viewer", area_code=area)
    found = Group.objects.get(name=group)
    if group == "Staf BPJS":
        user.user_permissions.set(found.permissions.exclude(pk=reveal.pk))
    else:
        user.groups.add(found)
    if user.is_staff:
        user.user_permissions.set(Permission.objects.filter(codename__startswith="view_"))
from projects.models import Project
for numbered in ({{"package_code": "10012345"}}, {{"bpjs_number": "2500000000001"}}):
    Project.objects.create(name="Jembatan Contoh", source="contoh", regency_id="61.04", **numbered)
"""
PAIR = {"package": "package_code = '10012345'", "registration": "bpjs_number = '2500000000001'"}
"""A package and a registration that may be one project."""

GOOD = [member(101), member(102), member(103, regency="Kab. Sambas")]
WRONG = [
    [nik(104), "CONTOH EMPAT", "TIDAK ADA", nik(104), "AB123456", "kemarin"],
    [f"{nik(105)}1", "CONTOH LIMA", *member(105)[2:]],
    [nik(106)[:15], f"CONTOH {nik(106)}", *member(106)[2:]],
    [nik(107), "CONTOH TUJUH", "PU", "Kota Pontianak", nik(107), nik(107)],
    ["CONTOH DELAPAN", nik(108), "PU", "Kota Pontianak", "AB123456", "2025-01-15"],
    [member(109)[0], "CONTOH SEMBILAN", *member(109)[2:]],
    [member(109)[0], "LAIN LAGI", *member(109)[2:]],
]
LIST = [[f"Daftar peserta {nik(110)}"], [], HEADING, *GOOD, *GOOD[1:2], *WRONG]
RECAP = [
    ["Rekap peserta aktif, Juli 2025"],
    [],
    ["Wilayah", "Segmen", "Peserta Aktif", "Sumber", nik(111)],
    ["Sambas", "PU", 100, f"dari {nik(112)}", nik(113)],
    ["Landak", "PU", nik(114), "-", int(nik(115))],
]
REFUSED_BY_THE_DATABASE = "CONTOH RUSAK"
# The first hundred are left to the example in the template, which is nobody's.
NUMBERS = [nik(number) for number in range(101, 125)]
SETTLED = {"asking", "ready", "applied", "undone", "refused", "interrupted", "cancelled"}


class Scene(Portal):
    """A portal through which the lists have gone, and what was found in it afterwards."""

    dumped: bytes
    logged: bytes
    logged_by_postgresql: bytes
    on_disk: dict[str, list[str]]
    queue: str
    crawls: dict[str, Crawl]

    def look(self) -> None:
        """Search everything, before any test plants or deletes something."""
        base = f"http://127.0.0.1:{self.port}"
        visitors = {"": Visitor(base), **{name: self.visitor(name) for name in VISITORS}}
        visitors["demo.bpjs"] = self.visitor("demo.bpjs", "contoh-bpjs-61")
        few, many = addresses(self, objects=1), addresses(self, objects=4)
        with ThreadPoolExecutor(max_workers=4) as pool:
            crawls = {
                name: pool.submit(crawl, visitor, many if name == "pengelola" else few, NUMBERS)
                for name, visitor in visitors.items()
            }
        self.crawls = {name: crawled.result() for name, crawled in crawls.items()}
        self.dumped = self.dump()
        self.queue = repr(
            self.sql("SELECT status, args_kwargs::text, traceback FROM django_tasks_database_dbtaskresult")
        )
        self.sql("CHECKPOINT")
        self.on_disk = dict(found_on_disk(self.folder, NUMBERS))
        self.logged = self.log.read_bytes()
        self.logged_by_postgresql = (self.folder / "postgres" / "log").read_bytes()

    def address(self) -> server.Address:
        """Where its PostgreSQL listens. This process counts as one that uses it, until `leave`."""
        self.held = getattr(self, "held", None) or self.database()
        return self.held.address()

    def leave(self) -> None:
        if getattr(self, "held", None):
            self.held.release()

    def sql(self, statement: str, *params: Any) -> list[tuple[Any, ...]]:
        address = self.address()
        connection = psycopg2.connect(
            dbname=server.DATABASE, user=server.USER, host=address.host, port=address.port
        )
        with closing(connection), connection, connection.cursor() as cursor:
            cursor.execute(statement, params or None)
            return cursor.fetchall() if cursor.description else []

    def manage(self, *arguments: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *arguments],
            cwd=ROOT,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=240,
        )
        return done.stdout + done.stderr

    def visitor(self, name: str, password: str = PASSWORD) -> Visitor:
        return Visitor(f"http://127.0.0.1:{self.port}").sign_in(name, password)

    def send(self, visitor: Visitor, kind: str, name: str, content: bytes, **fields: str) -> str:
        """Upload a file and wait for what becomes of it; the id of its batch."""
        visitor.get("/impor/")
        answer = visitor.post("/impor/", {"kind": kind, **fields}, (name, content))
        assert answer.status == 200, answer.content.decode()[:3000]
        batch = answer.address.rstrip("/").rsplit("/", 1)[-1]
        self.settled(batch)
        return batch

    def state(self, batch: str) -> str:
        return str(self.sql("SELECT state FROM intake_importbatch WHERE id = %s", batch)[0][0])

    def settled(self, batch: str) -> str:
        self.wait(lambda: self.state(batch) in SETTLED, seconds=180)
        return self.state(batch)

    def confirm(self, visitor: Visitor, batch: str) -> str:
        ((preview,),) = self.sql("SELECT preview FROM intake_importbatch WHERE id = %s", batch)
        visitor.post(f"/impor/{batch}/konfirmasi/", {"preview": str(preview), "rows": "good"})
        self.wait(lambda: self.state(batch) not in {"ready", "confirmed", "applying"}, seconds=180)
        return self.state(batch)

    def dump(self) -> bytes:
        address = self.address()
        return subprocess.run(
            [
                str(server.program("pg_dump")),
                *("-h", address.host, "-p", str(address.port), "-U", server.USER, server.DATABASE),
            ],
            check=True,
            capture_output=True,
            timeout=240,
        ).stdout


@pytest.fixture(scope="module")
def scene(var_dir: Path) -> Iterator[Scene]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("GUNICORN_CMD_ARGS", "--access-logfile -")
        portal = Scene(var_dir)
        try:
            portal.start(seconds=180)
        except AssertionError:
            portal.stop()
            raise
    try:
        play(portal)
        portal.look()
        yield portal
    finally:
        portal.leave()
        portal.stop()


def play(portal: Scene) -> None:
    said = portal.manage("shell", "-v0", "-c", MAKE_VISITORS)
    assert "Traceback" not in said, said
    clerk = portal.visitor("demo.bpjs", "contoh-bpjs-61")
    fields = {"data_date": "2025-07-31", "source": f"dari {nik(116)}"}

    applied = portal.send(clerk, "enrollment", f"peserta {nik(117)}.csv", csv_bytes(LIST), **fields)
    assert portal.state(applied) == "ready"
    clerk.get(f"/impor/{applied}/kesalahan.xlsx")
    assert portal.confirm(clerk, applied) == "applied"

    book = xlsx([HEADING, *([int(nik(118)), *member(118)[1:]], member(119))])
    undone = portal.send(clerk, "enrollment", f"{nik(118)}.xlsx", book, data_date="2025-07-31")
    assert portal.confirm(clerk, undone) == "applied"
    clerk.post(f"/impor/{undone}/urungkan/", {})
    portal.wait(lambda: portal.state(undone) == "undone", seconds=180)

    ready = portal.send(clerk, "enrollment", "menunggu.csv", csv_bytes([HEADING, member(120)]), **fields)
    assert portal.state(ready) == "ready"

    # Two lists for another purpose, one whose heading nobody knows, one with a NIK for a sheet's name.
    portal.send(clerk, "membership", f"rekap_{nik(112)}.xlsx", xlsx(RECAP))
    portal.send(clerk, "membership", "salah jenis.csv", csv_bytes(LIST))
    unknown = [HEADING[0], HEADING[1], nik(121), *HEADING[2:]]
    asking = portal.send(clerk, "enrollment", "kolom.csv", csv_bytes([unknown, member(101)]), **fields)
    assert portal.state(asking) == "asking"
    named = portal.send(clerk, "enrollment", "lembar.xlsx", xlsx([HEADING, member(122)], sheet=nik(122)))
    assert portal.state(named) == "refused"

    # The database refuses a row in the middle of a merge, and says all that is in it.
    portal.sql(
        "ALTER TABLE projects_worker ADD CONSTRAINT planted CHECK (name <> %s)", REFUSED_BY_THE_DATABASE
    )
    bad = [nik(123), REFUSED_BY_THE_DATABASE, *member(123)[2:]]
    failed = portal.send(clerk, "enrollment", "gagal.csv", csv_bytes([HEADING, bad]), **fields)
    assert portal.confirm(clerk, failed) == "interrupted"
    portal.sql("ALTER TABLE projects_worker DROP CONSTRAINT planted")

    inspector = portal.visitor("pengawas")
    inspector.get("/pengawas/")
    assert b"Aktif" in inspector.post("/pengawas/", {"nik": nik(101)}).content
    inspector.post("/pengawas/", {"nik": nik(124)})
    inspector.post("/pengawas/", {"nik": f"{nik(124)}0"})
    # What people do all the same: a NIK in the address.
    grouped = f"{nik(124)[:6]} {nik(124)[6:12]} {nik(124)[12:]}"
    for path in (f"/pengawas/?nik={nik(124)}", f"/{nik(124)}/", f"/impor/{nik(124)}/", f"/?q={grouped}"):
        inspector.get(path)
    inspector.post(f"/admin/?q={nik(124)}", {})


# How everything is searched.

VALUES = {
    "code": ["61", "61.04"],
    "kind": ["enrollment", "membership"],
    "app_label": ["accounts", "intake", "regions", "auth"],
    "content_type_id": ["1"],
    "url": ["tidak/ada/"],
    "reference": ["PJK-2026-0001"],
    "key": ["urutan", "segmen", "wilayah"],
}
VALUES |= {"id": ["1"], "month": ["2025-07"], "number": ["0"], "step": ["ajukan"]}
VALUES |= {"role": ["viewer"], "secret": ["bukan-rahasia"]}
PAGES_OF = {"work_list": "regions_agency", "print_letter": "regions_agency", "reset": "accounts_user"}
PAGES_OF |= {f"{verb}commitment": "regions_commitment" for verb in ("", "change_", "close_", "reopen_")}
"""The tables whose records pages are about that are not called like them."""


def addresses(scene: Scene, *, objects: int) -> list[str]:
    """Every address of the portal, with what stands in its places; a place that nobody knows is an error.

    Args:
        objects: how many of each model, for the admin; every import is visited on its own pages.
    """
    batches = [str(pk) for (pk,) in scene.sql("SELECT id FROM intake_importbatch")]
    found = []
    for route, name in routes():
        for filled in fill(scene, route, name, batches, objects):
            found.append("/" + filled.removesuffix("$"))
    return sorted(set(found) - {"/keluar/", "/admin/logout/", "/akun/keluar-semua/"})


def fill(scene: Scene, route: str, name: str, batches: list[str], objects: int) -> list[str]:
    place = re.search(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\((?:\?:)?[^()]*\)\??|[^()])*\)", route)
    if place is None:
        return [route.replace("^", "").replace("\\", "")]
    key = place[1] or place[2]
    if key == "batch_id":
        values = batches
    elif key == "object_id":
        values = ids_of(scene, name, objects)
    elif key == "pk":
        values = ids_of(scene, f"{PAGES_OF.get(name, f'projects_{name}')}_page", objects)
    elif key in PAIR:
        values = [str(scene.sql(f"SELECT id FROM projects_project WHERE {PAIR[key]}")[0][0])]  # noqa: S608
    else:
        values = VALUES[key]
    filled = (route[: place.start()] + value + route[place.end() :] for value in values)
    return [whole for each in filled for whole in fill(scene, each, name, batches, objects)]


def ids_of(scene: Scene, name: str, most: int) -> list[str]:
    """Ids of the last objects of the model that an address of the admin, or a page of its own, is about."""
    table = "_".join(name.split("_")[:-1])
    if not scene.sql("SELECT to_regclass(%s)", table)[0][0]:
        return ["1"]
    order = "at" if table == "accounts_change" else "1"
    return [
        str(pk)
        for (pk,) in scene.sql(f"SELECT id FROM {table} ORDER BY {order} DESC LIMIT {most}")  # noqa: S608
    ]


# The tests.


def test_dump_of_the_database_holds_none(scene: Scene) -> None:
    assert b"CONTOH" in scene.dumped
    assert scene.dumped.count(b"\nCOPY public.") > 20
    assert found_in(scene.dumped, NUMBERS) == []


def test_queue_kept_the_failures_and_nothing_of_the_rows(scene: Scene) -> None:
    assert "StepFailed: IntegrityError" in scene.queue
    assert found_in(scene.queue.encode(), NUMBERS) == []
    assert REFUSED_BY_THE_DATABASE not in scene.queue


def test_logs_hold_none(scene: Scene) -> None:
    # They are there: gunicorn's access log, Django's, and PostgreSQL's.
    assert b'"POST /pengawas/ HTTP/1.1" 200' in scene.logged
    assert b"GET /pengawas/?nik=[nomor disamarkan] HTTP/1.1" in scene.logged
    assert b"Not Found: /[nomor disamarkan]/" in scene.logged
    assert b"failed in applying: IntegrityError" in scene.logged
    assert b'violates check constraint "planted"' in scene.logged_by_postgresql
    for log in (scene.logged, scene.logged_by_postgresql):
        assert found_in(log, NUMBERS) == []
        assert REFUSED_BY_THE_DATABASE.encode() not in log


def test_data_folder_holds_none(scene: Scene) -> None:
    """Uploads, temporary files, the tables and the write-ahead log as they lie on the disk."""
    assert len([path for path in scene.on_disk if path.startswith("uploads/")]) == 8
    assert any(path.startswith("postgres/pg_wal/") for path in scene.on_disk)
    assert {path: found for path, found in scene.on_disk.items() if found} == {}


@pytest.mark.parametrize(
    ("name", "pages"),
    [("pembaca", 15), ("pengawas", 15), ("importir", 15), ("tetangga", 10), ("pengelola", 200), ("", 5)],
    ids=[*VISITORS, "stranger"],
)
def test_no_page_or_export_shows_one(scene: Scene, name: str, pages: int) -> None:
    found = scene.crawls[name]

    assert found.leaks == {}
    assert found.statuses[200] > pages  # where redirects lead to, the refusal of the admin above all, is one
    assert [status for status in found.statuses if status >= 500] == []


def test_uploader_gets_whole_niks_in_the_file_of_wrong_rows_only(scene: Scene) -> None:
    """The control of the search through the pages: the one place where they are, and its history."""
    leaks = scene.crawls["demo.bpjs"].leaks

    assert any(nik(104) in found for found in leaks.values())
    assert all(path.endswith("/kesalahan.xlsx") for path in leaks)
    downloads = scene.sql("SELECT actor, summary FROM accounts_change WHERE source = 'page'")
    assert ("demo.bpjs", "Baris yang salah diunduh: peserta [nomor disamarkan].csv") in downloads


def test_storage_is_empty_once_its_time_is_over(scene: Scene) -> None:
    folder = scene.folder / "uploads"
    assert any(folder.iterdir())

    said = scene.manage("purge_uploads", "--days", "0")

    assert "uploads and staged rows deleted" in said
    assert list(folder.iterdir()) == []
    assert scene.sql("SELECT count(*) FROM intake_stagedrow")[0][0] == 0
    assert scene.sql("SELECT count(*) FROM projects_stagedenrollment")[0][0] == 0
    dump = scene.dump()
    assert found_in(dump, NUMBERS) == []


def test_search_finds_what_was_planted(scene: Scene) -> None:
    """The control of every search: one in a table, one as bytes, one in the uploads, one in the log."""
    (scene.folder / "uploads" / "terbuka.csv").write_text(nik(102))
    scene.sql(
        "CREATE TABLE planted AS SELECT %s::text AS text, %s::bytea AS bytes", nik(101), nik(103).encode()
    )

    try:
        assert found_in(scene.dump(), NUMBERS) == [nik(101), nik(103)]
        assert dict(found_on_disk(scene.folder, NUMBERS))["uploads/terbuka.csv"] == [nik(102)]
        assert found_in(scene.logged + f"GET /?nik={nik(104)}\n".encode(), NUMBERS) == [nik(104)]
    finally:
        scene.sql("DROP TABLE planted")
        (scene.folder / "uploads" / "terbuka.csv").unlink()
