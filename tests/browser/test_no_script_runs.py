"""What people have written is shown as text: no page runs it, follows it, or makes markup of it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import transaction
from django.http import HttpResponse
from django.template import engines
from django.template.base import NodeList
from django.template.defaulttags import AutoEscapeControlNode
from django.test import Client
from playwright.sync_api import Error

from coverage_portal.accounts import events, generation, history, keeping, roles
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import AreaGrant, Change, User
from tests import factories
from tests.browser.conftest import Tab
from tests.hostile_texts import PAYLOADS, alive, plant
from tests.portal.crawling import NOT_VISITED, fill
from tests.portal.furnished import HERE, Scene, furnish
from tests.sheets import upload, xlsx
from tests.soaking import rounds, say
from tests.visiting import routes

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True, serialized_rollback=True)]

SUPERUSER = "superuser"
MADE_OF_TEXT = """
() => [...document.querySelectorAll("*")].filter((each) => each.localName.includes("sisipan")
  || [...each.attributes].some(({ name, value }) => name.includes("sisipan") || name.startsWith("on")
    || (/^(href|src|action|formaction|data|xlink:href)$/.test(name)
      && /^\\s*(javascript|data:text)/i.test(value)))
).map((each) => each.outerHTML.slice(0, 150))
"""
SHOWN = """
() => [document.documentElement.textContent, ...[...document.querySelectorAll("*")].flatMap((each) => [
  ...(each.value === undefined ? [] : [String(each.value)]),
  ...[...each.attributes].map(({ value }) => value),
])].join("\\n")
"""
NEVER_CHANGED = {
    # Append-only: the scene has written texts there as the portal does.
    "accounts.Change.actor", "accounts.Change.reason", "accounts.Change.summary", "accounts.Event.actor",
    "accounts.Event.reason", "accounts.Event.what", "projects.Letter.actor", "projects.Letter.agency_name",
    "regions.PeriodException.actor", "regions.PeriodException.reason", "regions.Release.actor",
    "regions.Release.reason",
    # Only of a promise that is closed.
    "regions.Commitment.closing_note",
}  # fmt: skip


@pytest.fixture
def scene(transactional_db: None, settings: Any, tmp_path: Any) -> Scene:
    """Everything of a regency, with the texts in a sheet, and in the history, which is never changed."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    found = Scene()
    furnish(HERE, PAYLOADS[-1], found.here)
    target, project = found.here["regions.target"], found.here["projects.project"]
    staff = factories.user("pengunggah", is_superuser=True)
    rows = [[text, "PU", "2025-07", text, text] for text in PAYLOADS]
    sheet = xlsx([["Wilayah", "Segmen", "Bulan", "Peserta Aktif", "Sumber"], *rows])
    found.here["intake.importbatch"] = upload("membership", sheet, user=staff, name=f"{PAYLOADS[0]}.xlsx")
    for text in PAYLOADS:
        author = Author(None, Change.Source.COMMAND, text)
        history.record(author, [(target, {"legal_basis": text}, history.snapshot(target))])
        history.record(author, [(project, {"name": text}, {**history.snapshot(project), "owner": text})])
        events.note(events.Kind.EXPORTED, what=text, detail={"q": text})
    return found


def write(turn: int = 0) -> None:
    """The texts into every column, and nothing kept of what the pages were."""
    took, refused = plant(turn)
    assert refused <= NEVER_CHANGED, refused
    assert len(took) > 30
    with transaction.atomic():
        generation.move()
    keeping.clear()
    cache.clear()


def someone(role: str) -> User:
    """A superuser, or someone with the role in the regency; their own name is one of the texts."""
    user = factories.user(f"pembaca.{role}", first_name=PAYLOADS[8], is_superuser=role == SUPERUSER)
    user.is_staff = role == SUPERUSER or roles.uses_admin(role)
    user.save()
    if role != SUPERUSER:
        AreaGrant.objects.create(user=user, role=role, area_code=HERE, valid_until="2099-12-31")
    return user


def pages(scene: Scene, user: User) -> dict[str, str]:
    """The addresses, one for each route, that answer this user with a page, and what they answer."""
    # The scene's letter has no content to be shown.
    client = Client(raise_request_exception=False)
    client.force_login(user)
    found = {}
    for route, name in routes():
        path = fill(scene.here, route, name)[0]
        if path in NOT_VISITED or path in found:
            continue
        answer = client.get(f"/{path}")
        if is_page(answer):
            found[path] = answer.content.decode()
        elif answer.streaming:
            b"".join(answer.streaming_content)  # to its end, which closes its file
    for path in ("riwayat/?halaman=2", "riwayat/kejadian/?halaman=2"):
        if is_page(answer := client.get(f"/{path}")):
            found[path] = answer.content.decode()
    return found


def is_page(answer: HttpResponse) -> bool:
    return answer.status_code == 200 and answer.headers.get("Content-Type", "").startswith("text/html")


@dataclass
class Seen:
    """What a browser has met: what ran, what was refused, what became markup, which texts were shown."""

    ran: list[str] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    markup: list[str] = field(default_factory=list)
    policies: set[str] = field(default_factory=set)
    texts: set[str] = field(default_factory=set)
    pages: int = 0

    @property
    def problems(self) -> list[str]:
        return [*self.ran, *self.refused, *self.markup]


def visit(open_tab: Callable[..., Tab], user: User, paths: Iterable[str]) -> Seen:
    seen = Seen()
    tab = open_tab()
    page = tab.page
    page.expose_function("sisipan", lambda *_given: seen.ran.append(f"ran: {page.url}"))
    page.on("dialog", lambda dialog: (seen.ran.append(f"dialog: {page.url}"), dialog.dismiss()))
    client = Client()
    client.force_login(user)
    session = client.cookies[settings.SESSION_COOKIE_NAME].value
    page.context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": tab.address}])
    for path in paths:
        answer = page.goto(f"{tab.address}/{path}")
        assert answer is not None
        seen.pages += 1
        seen.policies.add(answer.headers.get("content-security-policy", "none"))
        seen.refused += [f"refused: {path} {violation}" for violation in tab.violations]
        tab.violations.clear()
        try:
            made, text = page.evaluate(MADE_OF_TEXT), page.evaluate(SHOWN)
        except Error:  # a text has led to another page in the middle of it
            seen.markup.append(f"led: {path} away")
            continue
        seen.markup += [f"markup: {path} {element}" for element in made]
        if page.url != f"{tab.address}/{path}":
            seen.markup.append(f"led: {path} {page.url}")
        seen.texts |= {each for each in PAYLOADS if each.strip() in text}
    return seen


IN_A_BROWSER = re.compile(
    r"$|tindak-lanjut/|arsip/$|proyek/(\d+/)?$|proyek/pencocokan/$|kelompok/$|impor/|riwayat/|akun/$"
    r"|rekonsiliasi/61.04/$|admin/(projects/project|accounts/change)/(\d+/change/)?$"
)
"""The pages of the short form: of the admin's, which share their templates, those of a few models."""


def test_no_page_runs_what_was_written(scene: Scene, open_tab: Callable[..., Tab]) -> None:
    is_long = rounds(0, 1) == 1
    for turn, role in enumerate([SUPERUSER, *roles.BY_SLUG] if is_long else [SUPERUSER]):
        write(turn)
        user = someone(role)
        found = pages(scene, user)

        seen = visit(open_tab, user, (path for path in found if is_long or IN_A_BROWSER.match(path)))

        say(f"{role}: {seen.pages} of {len(found)} pages in a browser, {len(seen.texts)} texts")
        assert {path: made for path, html in found.items() if (made := alive(html))} == {}
        assert seen.problems == []
        assert [policy for policy in seen.policies if not is_strict(policy)] == []
        if role == SUPERUSER:
            assert len(found) > 100
            assert set(PAYLOADS) - seen.texts == set()


def is_strict(policy: str) -> bool:
    return "default-src 'none'" in policy and "unsafe-" not in policy


@pytest.fixture
def unescaped(monkeypatch: pytest.MonkeyPatch) -> None:
    """One template with its escaping off."""
    template = engines["django"].get_template("projects/project.html").template
    plain = NodeList([AutoEscapeControlNode(False, template.nodelist)])
    monkeypatch.setattr(template, "nodelist", plain)


def test_control_arm_template_without_escaping_is_caught(
    scene: Scene, open_tab: Callable[..., Tab], unescaped: None, settings: Any
) -> None:
    """By the policy where there is one; where nothing stops them, the texts do run."""
    write()
    path = f"proyek/{scene.here['projects.project'].pk}/"
    user = someone(SUPERUSER)

    stopped = visit(open_tab, user, [path])
    settings.CONTENT_SECURITY_POLICY = None
    unstopped = visit(open_tab, user, [path])

    assert (stopped.ran, stopped.refused != [], stopped.markup != []) == ([], True, True)
    assert unstopped.ran != []
    assert not any(map(is_strict, unstopped.policies))
