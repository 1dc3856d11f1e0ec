"""Chromium against a live server, with everything that the Content-Security-Policy refused written down."""

from __future__ import annotations

import datetime
import os
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.db import connection, transaction
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import User
from coverage_portal.demo import commitments, project_loading
from coverage_portal.lib.periods import Month
from regions.models import Commitment, Membership, Regency
from regions.services import closing
from tests import factories

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
"""Programs to look for on PATH, best first: the shell draws no window, which halves the time."""
AXE = settings.NODE_MODULES / "axe-core" / "axe.min.js"
REPORT_VIOLATIONS = """
addEventListener("securitypolicyviolation", (event) => {
  const { violatedDirective, blockedURI, sourceFile, lineNumber } = event;
  window.reportViolation(`${violatedDirective} ${blockedURI} ${sourceFile}:${lineNumber}`);
});
"""
MARK_CONTROLS = """
() => {
  const isShown = (each) => each.checkVisibility({ visibilityProperty: true, contentVisibilityAuto: true });
  const seen = new Set();
  const radios = new Set();
  const controls = [...document.querySelectorAll(
    "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']",
  )].filter((each) => isShown(each) && !each.disabled && each.tabIndex >= 0).filter((each) => {
    // Of a group of radio buttons Tab comes to one; the arrow keys to the others.
    if (each.type !== "radio") return true;
    if (radios.has(each.name)) return false;
    return radios.add(each.name);
  });
  const key = (each) => (each.type === "radio" ? `radio ${each.name}` : each);
  window.noteFocus = () => {
    const active = document.activeElement;
    const style = getComputedStyle(active);
    const face = active.querySelector(".tile__face");
    const isSeen = style.outlineStyle !== "none" || (face && getComputedStyle(face).strokeWidth === "6px");
    if (isSeen || active.type === "date") seen.add(key(active));
  };
  const unreached = () => controls.filter((each) => !seen.has(key(each)));
  window.unreached = () => unreached().map((each) => each.outerHTML.slice(0, 150));
  // A date is a field for the day, one for the month, one for the year, and the calendar.
  return controls.length + 3 * controls.filter((each) => each.type === "date").length;
}
"""
NOTE_FOCUS = "window.noteFocus()"
WIDTHS = (360, 768, 1280)
RUN_AXE = """
(rules) => axe.run({
  preload: false, selectors: false, resultTypes: ["violations"], ...(rules ? { runOnly: rules } : {}),
})
"""
OF_COLOURS = ["color-contrast", "link-in-text-block"]
"""The rules that a second set of colours could break."""


@dataclass
class Tab:
    """A page of the portal, and what went wrong on it."""

    page: Page
    address: str
    violations: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)

    def open(self, path: str) -> Page:
        self.page.goto(f"{self.address}{path}")
        return self.page

    def barriers(self, rules: list[str] | None = None) -> list[str]:
        """What axe finds, of any impact. The tool is run by the debugger, which no policy stops."""
        if not self.page.evaluate("'axe' in window"):
            self.page.evaluate(AXE.read_text())
        found = self.page.evaluate(RUN_AXE, rules)
        return [
            f"{rule['id']}: {node['html'][:200]}" for rule in found["violations"] for node in rule["nodes"]
        ]

    def problems(self) -> list[str]:
        """What is wrong with the page as it stands, at each width, by day and by night."""
        found = []
        for width in WIDTHS:
            self.page.set_viewport_size({"width": width, "height": 800})
            if pixels := self.overflow():
                found.append(f"{width} px: {pixels} px too wide")
            for scheme, rules in (("light", None), ("dark", OF_COLOURS)):
                self.page.emulate_media(color_scheme=scheme)
                found += [f"{width} px, {scheme}: {barrier}" for barrier in self.barriers(rules)]
            self.page.emulate_media(color_scheme="light")
        return [*found, *self.violations]

    def overflow(self) -> int:
        """Pixels that the page is wider than the window."""
        width: int = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        return max(width, 0)

    def out_of_reach(self) -> list[str]:
        """What can be clicked or typed into on the page, and is not come to by Tab alone; nor seen to be."""
        count: int = self.page.evaluate(MARK_CONTROLS)
        for _press in range(count + 3):
            self.page.keyboard.press("Tab")
            self.page.evaluate(NOTE_FOCUS)
        found: list[str] = self.page.evaluate("window.unreached()")
        return found

    def sign_in(self, user: User) -> None:
        self.open("/masuk/")
        self.page.fill("[name=username]", user.username)
        self.page.fill("[name=password]", factories.PASSWORD)
        self.page.click("main button[type=submit]")


@pytest.fixture(scope="session")
def browser(django_db_setup: None) -> Iterator[Browser]:
    loaded_by_migrations = connection._test_serialized_contents
    executable = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.fail("The browser tests need Chromium on PATH, or its path in CHROMIUM.")
    # Chromium's own sandbox refuses to work for root.
    flags = ["--no-sandbox"] if os.geteuid() == 0 else []
    # Playwright keeps an event loop in this thread; Django would take it for asynchronous code.
    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        # From here on Django hands out another connection, which must know what to put back after a test.
        connection._test_serialized_contents = loaded_by_migrations
        running = playwright.chromium.launch(
            executable_path=executable, args=[*flags, "--disable-dev-shm-usage"]
        )
        yield running
        running.close()


@pytest.fixture
def open_tab(browser: Browser, live_server: Any) -> Iterator[Callable[..., Tab]]:
    """Opens tabs of any width, with or without JavaScript, each without a past."""
    contexts: list[BrowserContext] = []

    def open_one(*, width: int = 1280, javascript: bool = True) -> Tab:
        context = browser.new_context(
            viewport={"width": width, "height": 800}, java_script_enabled=javascript, locale="en-US"
        )
        contexts.append(context)
        tab = Tab(context.new_page(), live_server.url)
        if javascript:
            tab.page.expose_function("reportViolation", lambda text: tab.violations.append(text))
            tab.page.add_init_script(REPORT_VIOLATIONS)
        tab.page.on("pageerror", lambda error: tab.errors.append(str(error)))
        tab.page.on("request", lambda request: tab.requests.append(request.url))
        tab.page.on(
            "console",
            lambda message: tab.errors.append(message.text) if message.type == "error" else None,
        )
        return tab

    yield open_one
    for context in contexts:
        context.close()


@pytest.fixture
def figures(transactional_db: None) -> None:
    """Two years of coverage; one regency has reached its target, one has a gap in the last month."""
    cache.clear()
    for place, regency in enumerate(Regency.objects.active().by_code()):
        for segment, people in (("PU", 1000), ("BPU", 500), ("JAKON", 100)):
            factories.workforce(regency, people, segment=segment, year=2024)
            for month in ("2025-09", "2025-10", "2025-11", "2025-12", "2026-01"):
                if (month, regency.code) == ("2026-01", "61.03"):
                    continue
                share = 0.2 + 0.04 * place + int(month[-2:]) / 1000
                factories.membership(regency, int(people * share), segment=segment, month=month)
    factories.target(factories.regency("61.71"), "45")
    factories.quote(factories.province(), "55", numerator=42_591, denominator=154_008)


@pytest.fixture
def releases(figures: None) -> None:
    """A closed month of one regency with a revision and a difference since, and one that waits."""
    november, december, author = Month(2025, 11), Month(2025, 12), Author(None, "command")
    closing.submit(month=november, regencies=["61.04", "61.71"], author=author)
    closing.approve(month=november, regencies=["61.04", "61.71"], author=author)
    closing.lock(month=november, regencies=["61.71"], author=author)
    closing.submit(month=december, regencies=["61.01"], author=author)
    tomorrow = timezone.now() + datetime.timedelta(days=1)
    closing.grant_exception(
        month=november, regencies=["61.04"], reason="Contoh koreksi", valid_until=tomorrow, author=author
    )
    cell = Membership.objects.filter(regency="61.04", month=november, segment="BPU")
    cell.update(reported=210)
    closing.publish_revision(month=november, regency="61.04", reason="Contoh: rekap dikoreksi", author=author)
    cell.update(reported=212)


@pytest.fixture
def projects(transactional_db: None) -> None:
    """The example's projects, one in each situation."""
    with transaction.atomic():
        project_loading.load()


@pytest.fixture
def promises(transactional_db: None) -> list[Commitment]:
    """The example's promises, one in each stage."""
    with transaction.atomic():
        commitments.load()
    return list(Commitment.objects.order_by("pk"))


@pytest.fixture
def superuser(transactional_db: None) -> User:
    return factories.user("admin", is_staff=True, is_superuser=True)
