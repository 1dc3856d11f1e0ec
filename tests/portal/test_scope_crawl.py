"""Every role at every address: nothing of another area is shown, and nothing there changes.

The addresses come from the resolver. One with a place that `fill` does not know fails the test, so a new page
cannot escape it. Every answer is also looked at for the headers that production has.
"""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib import admin
from django.test import Client
from django.utils import timezone

from coverage_portal.accounts import roles
from coverage_portal.intake.models import ImportBatch
from projects import standings
from projects.querysets import ProjectQuerySet
from regions.models import Agency
from tests import factories, rows
from tests.portal.crawling import (
    EVERYONE,
    Crawl,
    Unknown,
    addresses,
    autocompletes,
    fill,
    send,
    visit,
    visitor,
)
from tests.portal.forms_sent import forms_for
from tests.portal.furnished import CANARY, CLOSED, HERE, THERE, Scene
from tests.portal.headers import production
from tests.portal.test_pages import OPEN_ADDRESSES
from tests.visiting import routes

pytestmark = pytest.mark.django_db

SEARCHED = {"proyek/", "proyek/pencocokan/", "admin/projects/project/", "admin/regions/agency/"}
OF_NO_AREA = {"projects_holiday", "projects_contractor"}
"""Tables of what lies in no regency: some roles may keep them."""
KEPT = {
    "accounts_user", "projects_addendum", "projects_assessment", "projects_payment", "projects_project",
    "projects_worker", "regions_agency", "regions_baseline", "regions_commitment", "regions_membership",
    "regions_quotedfigure", "regions_regency", "regions_target", "regions_workforce",
}  # fmt: skip
"""Tables of an area of which somebody may change a row."""
TRACES = {
    "accounts_change", "accounts_event", "accounts_generation", "axes_accesslog", "django_admin_log",
    "django_session", "otp_totp_totpdevice", "projects_lookup",
}  # fmt: skip
"""Tables that a visit leaves rows of its own in."""


@pytest.mark.parametrize("role", EVERYONE)
def test_no_role_is_shown_or_changes_anything_of_another_area(scene: Scene, role: str) -> None:
    client = visitor(role)
    paths = addresses(scene.there)
    questions = [f"{path}?q={CANARY[:7]}" for path in paths if path in SEARCHED]
    questions += [f"{path}?area={THERE}&month={CLOSED}" for path in paths if path.startswith("api/")]
    questions += list(autocompletes()) + [f"{path}{CANARY[:7]}" for path in autocompletes()]
    standings.refresh(timezone.localdate())  # as the first page about projects would
    there = [*scene.there.values(), scene.there["projects.enrollment"].worker]
    before, theirs = rows.checksums(), rows.of_area(THERE, there)

    asked = visit(client, questions)
    found = visit(client, paths, forms_for(scene.there))

    assert (asked.leaks, found.leaks) == ({}, {})
    assert (asked.broken, found.broken) == ({}, {})
    assert (asked.lacking, found.lacking) == ({}, {})
    assert rows.of_area(THERE, there) == theirs
    after = rows.checksums()
    assert rows.gone(before, after).keys() <= OF_NO_AREA | {"django_session"}
    assert rows.come(before, after).keys() <= OF_NO_AREA | TRACES


@pytest.mark.parametrize("role", [roles.VIEWER, roles.EDITOR, roles.PORTAL_ADMIN])
def test_crawl_does_see_what_is_ones_own(scene: Scene, role: str) -> None:
    paths = [path for path in addresses(scene.here) if not path.startswith("admin/")]

    found = visit(visitor(role), paths)

    assert (found.leaks, found.broken, found.lacking) == ({}, {}, {})
    letter = f"proyek/imbauan/surat/{scene.here['projects.letter'].reference}/"
    pages = {"proyek/", "tindak-lanjut/", "impor/riwayat/", f"wilayah/{HERE}/tindak-lanjut/", letter}
    assert pages | {f"{letter}pdf/"} <= found.own
    assert any(path.startswith("impor/") and path.endswith("/") and len(path) > 40 for path in found.own)


def test_pages_that_only_a_superuser_opens_have_the_headers(scene: Scene, client: Client) -> None:
    client.force_login(factories.user("admin", is_staff=True, is_superuser=True))
    theirs = (
        "admin/auth/",
        "admin/django_tasks_database/",
        "admin/regions/province/",
        "admin/regions/regency/",
    )

    found = visit(client, [path for path in addresses(scene.here) if path.startswith(theirs)])

    assert (found.broken, found.lacking) == ({}, {})
    assert list(found.statuses.values()).count(200) > 10


def test_control_arm_unscoped_queryset_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProjectQuerySet, "within", lambda self, _scope: self.all())

    found = visit(visitor(roles.VIEWER), [p for p in addresses(scene.there) if p.startswith("proyek/")])

    assert found.leaks != {}


def test_control_arm_unscoped_autocomplete_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    registered = admin.site.get_model_admin(Agency)
    monkeypatch.setattr(type(registered), "scoped", lambda _self, _request, queryset: queryset)

    found = visit(visitor(roles.EDITOR), [f"{path}{CANARY[:7]}" for path in autocompletes()])

    assert [asked for asked in found.leaks if "field_name=agency" in asked] != []


def test_control_arm_unscoped_import_page_is_caught(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(type(ImportBatch.objects.all()), "visible_to", lambda self, _user: self)

    found = visit(visitor(roles.IMPORTER), [p for p in addresses(scene.there) if p.startswith("impor/")])

    assert found.leaks != {}


def test_control_arm_forms_of_the_crawl_do_change_what_is_ones_own(scene: Scene) -> None:
    paths = [path for path in addresses(scene.here) if not path.endswith(("/delete/", "/hentikan/"))]
    before, found = rows.checksums(), Crawl(is_personal=True)

    send(visitor(roles.PORTAL_ADMIN), paths, forms_for(scene.here), found)

    assert rows.gone(before, rows.checksums()).keys() >= KEPT


OFF = {
    "Strict-Transport-Security": {"SECURE_HSTS_SECONDS": 0},
    "X-Content-Type-Options": {"SECURE_CONTENT_TYPE_NOSNIFF": False},
    "Referrer-Policy": {"SECURE_REFERRER_POLICY": None},
    "Cross-Origin-Opener-Policy": {"SECURE_CROSS_ORIGIN_OPENER_POLICY": None},
    "X-Frame-Options": {"MIDDLEWARE": "django.middleware.clickjacking.XFrameOptionsMiddleware"},
    "Content-Security-Policy": {"MIDDLEWARE": "csp.middleware.CSPMiddleware"},
    "X-Request-ID": {"MIDDLEWARE": "coverage_portal.tracing.RequestMiddleware"},
    "Cache-Control": {"MIDDLEWARE": "coverage_portal.caching.NoStoreMiddleware"},
}
"""A header, and what it comes from: a setting, or one of the middlewares."""


@pytest.mark.parametrize("header", OFF)
def test_control_arm_header_that_is_off_is_caught(db: None, settings: Any, header: str) -> None:
    production(settings)
    for name, value in OFF[header].items():
        rest = [each for each in settings.MIDDLEWARE if each != value]
        setattr(settings, name, rest if name == "MIDDLEWARE" else value)

    found = visit(visitor(roles.EDITOR), ["akun/", "admin/", "impor/riwayat/", "tidak-ada/"])

    assert {header} in [set(lacking) for lacking in found.lacking.values()]


def test_control_arm_address_that_nobody_can_fill_fails(scene: Scene) -> None:
    with pytest.raises(Unknown, match="rahasia"):
        fill(scene.there, "halaman-baru/<int:rahasia>/", "new_page")
    with pytest.raises(Unknown, match="pk"):
        fill(scene.there, "halaman-baru/<int:pk>/", "new_page")
    with pytest.raises(Unknown, match=r"regions\.baru"):
        fill(scene.there, "admin/regions/baru/<path:object_id>/change/", "")


def test_addresses_are_all_those_of_the_resolver(scene: Scene) -> None:
    found = addresses(scene.there)

    assert len(found) > 150
    assert {f"proyek/{scene.there['projects.project'].pk}/", f"unduhan/{THERE}.xlsx"} <= set(found)
    assert f"admin/regions/workforce/{scene.there['regions.workforce'].pk}/change/" in found


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
        for path in fill(scene.here, route, name) if name not in OPEN else ():
            answer = Client().get(f"/{path}", secure=True)
            is_led = answer.status_code == 302 and (
                "/masuk/" in answer["Location"] or "login" in answer["Location"]
            )
            if not is_led and answer.status_code not in (404, 405):
                opened.add(name)

    assert opened == set()
