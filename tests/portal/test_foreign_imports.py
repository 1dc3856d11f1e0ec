"""Files with another area's ids, NIKs and projects: nothing there changes, and nothing of it is told."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import pytest
from django.test import Client

from coverage_portal.accounts import roles
from coverage_portal.accounts.areas import EVERYTHING
from coverage_portal.accounts.models import User
from coverage_portal.intake import applying, checking, jobs
from coverage_portal.intake.models import ImportBatch
from projects.models import Assessment, Payment, Project
from regions.models import Membership, QuotedFigure, Target, Workforce
from tests import rows
from tests.portal import mixed_files as mixed
from tests.portal.crawling import said, visitor
from tests.portal.furnished import CANARY, THERE, Scene
from tests.sheets import csv_bytes, upload, xlsx
from tests.soaking import rounds, say

pytestmark = pytest.mark.django_db
State = ImportBatch.State

SECRETS = {
    Membership: ("reported", 73_917),
    Workforce: ("people", 81_643),
    Target: ("percent", "47.31"),
    QuotedFigure: ("quoted_percent", "53.97"),
    Project: ("contract_value", 2_718_281_828),
    Payment: ("amount", 1_047_291),
    Assessment: ("amount", 1_299_709),
}
"""What the other area has in its figures, beside the canary in its texts."""


@pytest.fixture
def other_area(scene: Scene) -> Scene:
    """The scene with numbers by which a file can name projects, and figures that are found again."""
    for objects, package, number in (
        (scene.here, mixed.OWN_PACKAGE, mixed.OWN_NUMBER),
        (scene.there, mixed.FOREIGN_PACKAGE, mixed.FOREIGN_NUMBER),
    ):
        Project.objects.filter(pk=objects["projects.project"].pk).update(package_code=package)
        Project.objects.filter(pk=objects["registration"].pk).update(bpjs_number=number)
    there = scene.there
    for model, (name, value) in SECRETS.items():
        model._base_manager.filter(pk=there[model._meta.label_lower].pk).update(**{name: value})
    Assessment.objects.filter(pk=there["projects.assessment"].pk).update(number=mixed.FOREIGN_ASSESSMENT)
    Payment.objects.filter(pk=there["projects.payment"].pk).update(reference=mixed.FOREIGN_REFERENCE)
    return scene


def told(text: str) -> list[str]:
    """What of the other area stands in a text."""
    found = [CANARY] if CANARY in text.upper() else []
    for _name, value in SECRETS.values():
        whole, _point, part = str(value).partition(".")
        number = rf"{int(whole):,}".replace(",", "[.,]?") + (f"[.,]{part}" if part else "")
        if re.search(rf"(?<![0-9A-Za-z]){number}(?![0-9A-Za-z])", text):
            found.append(str(value))
    return found


@dataclass
class Importing:
    """One officer's imports, and what came of them."""

    client: Client
    scene: Scene
    user: User = field(init=False)
    told: list[tuple[int, str, list[str]]] = field(default_factory=list)
    changed: list[tuple[int, str]] = field(default_factory=list)
    states: Counter[str] = field(default_factory=Counter)
    codes: set[str] = field(default_factory=set)
    kinds: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        self.user = User.objects.get(pk=self.client.session["_auth_user_id"])
        there = self.scene.there
        self._seeds = [*there.values(), there["projects.enrollment"].worker]

    def run(self, numbers: Iterable[int]) -> None:
        before = rows.of_area(THERE, self._seeds)
        for number in numbers:
            file = mixed.Writer(self.scene, number).file()
            self._import(number, file)
            after = rows.of_area(THERE, self._seeds)
            differing = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
            self.changed += [(number, key) for key in sorted(differing)]
            before = after

    def _import(self, number: int, file: mixed.File) -> None:
        is_csv = number % 3 == 0
        content = csv_bytes(file.rows) if is_csv else xlsx(file.rows)
        name = "campuran.csv" if is_csv else "campuran.xlsx"
        batch = upload(file.kind, content, user=self.user, name=name, **file.options)
        self._look(number, batch)
        if batch.state == State.READY:
            self._send(batch, "konfirmasi", {"preview": str(batch.preview), "rows": "good"})
            batch = jobs.advance(batch.pk)
            self._look(number, batch)
        self.states[batch.state] += 1
        self.kinds.add(file.kind)
        if batch.state == State.APPLIED and number % 2:
            self._send(batch, "urungkan", {"leave_out": "1"})
            self._look(number, jobs.advance(batch.pk))

    def _send(self, batch: ImportBatch, step: str, fields: dict[str, str]) -> None:
        """A step of an import; 409 where its file is only applied as a whole, 403 beyond one's area."""
        answer = self.client.post(f"/impor/{batch.pk}/{step}/", fields, secure=True)
        assert answer.status_code in (302, 403, 409), (step, answer.status_code)
        self.told += [(0, step, found) for found in [told(said(answer))] if found]

    def _look(self, number: int, batch: ImportBatch) -> None:
        """Read everything that is said about a file: its pages, its error file, and what is stored of it."""
        shown = {"stored": stored(batch)}
        for ending in ("", "kemajuan/", "kesalahan.xlsx", "../riwayat/"):
            path = f"/impor/{batch.pk}/{ending}" if ending != "../riwayat/" else "/impor/riwayat/"
            answer = self.client.get(path, secure=True)
            assert answer.status_code in (200, 404), (path, answer.status_code)
            shown[ending] = said(answer)
        self.codes |= set(batch.issues.values_list("code", flat=True))
        self.told += [(number, place, found) for place, text in shown.items() if (found := told(text))]


def stored(batch: ImportBatch) -> str:
    """A batch as JSON with its issues, their sentences, its rows and its records."""
    parts = [list(ImportBatch.objects.filter(pk=batch.pk).values())]
    parts += [list(getattr(batch, name).values()) for name in ("issues", "rows", "records")]
    return json.dumps(
        [*parts, [issue.message for issue in batch.issues.all()]], default=str, ensure_ascii=False
    )


def test_files_with_another_areas_ids_change_and_tell_nothing_of_it(other_area: Scene) -> None:
    number = rounds(14, 105)
    importing = Importing(visitor(roles.EDITOR), other_area)

    importing.run(range(number))

    say(f"{number} mixed files: {dict(importing.states)}, {len(importing.codes)} codes said")
    assert importing.changed == []
    assert importing.told == []
    assert len(importing.kinds) == 7
    assert importing.states[State.APPLIED] >= number // 3
    assert {"area_out_of_scope", "project_unknown"} <= importing.codes
    wrong = other_area.there["intake.importbatch"].pk
    assert importing.client.get(f"/impor/?koreksi={wrong}", secure=True).status_code == 404


def test_control_arm_without_scope_files_do_change_the_other_area(
    other_area: Scene, monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in (checking, applying):
        monkeypatch.setattr(module, "scope_for", lambda *_args: EVERYTHING)
    importing = Importing(visitor(roles.EDITOR), other_area)

    importing.run(range(7))

    assert importing.changed != []
    assert importing.told != []


def test_control_arm_foreign_word_or_figure_is_found() -> None:
    assert told("Janji RahasiaSanggau, 73.917 orang, Rp 2.718.281.828, 47,31 %") == [
        CANARY, "73917", "47.31", "2718281828",
    ]  # fmt: skip
    assert told("173.917 orang, 47,3 %, a73917") == []
