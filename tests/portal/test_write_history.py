"""Whatever a form, an action or a command writes is in the history: who, when, before and after.

The database says what was written, by triggers that the tests put on every table of records with a history.
"""

from __future__ import annotations

import io
from typing import Any

import pytest
from django import forms
from django.contrib import admin
from django.contrib.auth.models import Group, Permission
from django.core.management import call_command
from django.db import connection
from django.test import Client

from coverage_portal.accounts import roles
from coverage_portal.accounts.audited import AuditedAdmin
from coverage_portal.accounts.models import Change, Event, User
from projects.models import Letter, RejectedMatch
from regions.models import Target
from tests import factories
from tests.portal.crawling import NOT_VISITED, fill
from tests.portal.forms_sent import COMMON
from tests.portal.furnished import HERE, OWN, furnish
from tests.portal.ledger import Ledger
from tests.projects import records
from tests.visiting import routes

pytestmark = pytest.mark.django_db


@pytest.fixture
def ledger() -> Ledger:
    return Ledger()


@pytest.fixture
def made(ledger: Ledger, settings: Any, tmp_path: Any) -> dict[str, Any]:
    """One of everything that has a history."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    found: dict[str, Any] = {}
    furnish(HERE, OWN, found)
    found["auth.group"] = Group.objects.create(name=f"Kelompok {OWN}")
    found["projects.contractor"] = records.contractor(f"PT {OWN}")
    ledger.begin()
    return found


@pytest.fixture
def client(made: dict[str, Any], ledger: Ledger) -> Client:
    client = Client()
    client.force_login(factories.user("pelaku", is_staff=True, is_superuser=True))
    ledger.begin()
    return client


def admins() -> list[tuple[str, AuditedAdmin]]:
    found = [each for each in admin.site._registry.values() if isinstance(each, AuditedAdmin)]
    return sorted((each.opts.label_lower, each) for each in found)


def shown(form: Any) -> dict[str, Any]:
    """What a browser would send of a form that nobody has touched."""
    sent: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if isinstance(bound.field.widget, forms.MultiWidget):
            parts = bound.field.widget.decompress(value)
            sent |= {f"{bound.html_name}_{at}": part for at, part in enumerate(parts) if part is not None}
        elif isinstance(value, list | tuple):
            sent[bound.html_name] = [getattr(each, "pk", each) for each in value]
        elif value is not None and value is not False:
            sent[bound.html_name] = "on" if value is True else bound.field.widget.format_value(value)
    return {
        name: value[0] if isinstance(value, list) and len(value) == 1 else value
        for name, value in sent.items()
    }


def filled(page: Any) -> dict[str, Any]:
    sent = shown(page.context["adminform"].form)
    for each in page.context["inline_admin_formsets"]:
        sent |= shown(each.formset.management_form)
        for form in each.formset.initial_forms:
            sent |= shown(form)
    return sent


def edit(client: Client, label: str, pk: Any, **changed: Any) -> Any:
    """Open a record in the admin and send its form with a value changed."""
    path = f"/admin/{label.replace('.', '/')}/{pk}/change/"
    page = client.get(path)
    sent = {**filled(page), "reason": "uji", **changed}
    return client.post(path, {name: value for name, value in sent.items() if value is not None})


EDITS: dict[str, dict[str, Any]] = {
    "auth.group": {"name": "Kelompok baru"},
    "accounts.user": {"last_name": "Baru", "grants-0-role": roles.EDITOR},
    "regions.agency": {"name": "Dinas Baru"},
    "regions.baseline": {"source": "baru"},
    "regions.commitment": {"promise": "Janji baru"},
    "regions.membership": {"source": "baru"},
    "regions.quotedfigure": {"source": "baru"},
    "regions.regency": {"capital": "Baru"},
    "regions.target": {"legal_basis": "Perda baru"},
    "regions.workforce": {"source": "baru"},
    "projects.contractor": {"name": "PT Baru"},
    "projects.project": {"ppk": "Baru", "addenda-0-number": "A-BARU", "payments-0-DELETE": "on"},
    "projects.addendum": {"number": "A-BARU"},
    "projects.assessment": {"number": "N-BARU"},
    "projects.payment": {"note": "baru"},
}
"""Of each kind of record what is changed in the admin, in its inlines too."""


@pytest.mark.parametrize("label", EDITS)
def test_change_in_the_admin_is_in_the_history(
    client: Client, ledger: Ledger, made: dict[str, Any], label: str
) -> None:
    if label == "accounts.user":
        codes = Permission.objects.filter(codename="view_target")
        more = {"groups": [made["auth.group"].pk], "user_permissions": [each.pk for each in codes]}
    elif label == "auth.group":
        more = {"permissions": [Permission.objects.get(codename="view_target").pk]}
    else:
        more = {}

    answer = edit(client, label, made[label].pk, **EDITS[label], **more)

    assert answer.status_code == 302, answer.context and answer.context["errors"]
    assert (label, str(made[label].pk)) in ledger.written()
    assert ledger.unrecorded() == {}
    assert set(Change.objects.filter(reason="uji").values_list("actor", flat=True)) == {"pelaku"}


def test_every_admin_that_changes_records_is_tried() -> None:
    read_only = {
        "regions.periodstatus",
        "regions.release",
        "regions.publishedcell",
        "regions.periodexception",
    }
    others = {"regions.province", "projects.holiday"}  # One form more of the same base class.

    assert {label for label, _each in admins()} - read_only - others == set(EDITS)


def test_deletions_in_the_admin_are_in_the_history_with_what_goes_along(
    client: Client, ledger: Ledger, made: dict[str, Any]
) -> None:
    bare = records.project("Gedung Sepi", package_code="PSEPI")
    RejectedMatch.objects.create(package=bare, registration=made["registration"], actor="pelaku", reason="x")
    agency = records.agency("61.SEPI", "Dinas Sepi")
    letter = made["projects.letter"]
    Letter.objects.filter(pk=letter.pk).update(agency=agency)
    user = factories.user("sepi", HERE)
    user.groups.add(made["auth.group"])
    gone = {**made, "projects.project": bare, "regions.agency": agency, "accounts.user": user}
    ledger.begin()

    for label, _each in admins():
        if label in gone:
            client.post(f"/admin/{label.replace('.', '/')}/{gone[label].pk}/delete/", {"post": "yes"})

    removed = {key[0] for key, (_old, new) in ledger.written().items() if new is None}
    assert removed >= {
        "accounts.user", "accounts.areagrant", "auth.group", "projects.rejectedmatch", "projects.project",
        "regions.agency", "regions.commitment", "regions.target", "regions.workforce", "projects.payment",
    }  # fmt: skip
    assert ("projects.letter", str(letter.pk)) in ledger.written()
    assert ledger.unrecorded() == {}


def test_posts_to_every_address_are_in_the_history(
    client: Client, ledger: Ledger, made: dict[str, Any]
) -> None:
    chosen = {f"admin/{name.replace('.', '/')}/": row.pk for name, row in made.items() if "." in name}
    sent = {**COMMON, "area_code": HERE, "wilayah": HERE, "yakin": "1", "alasan": "uji", "hari": "3"}
    addresses = {path for route, name in routes() for path in fill(made, route, name)} - NOT_VISITED
    before_the_admin = sorted(addresses, key=lambda path: (path.startswith("admin/"), path))
    wrote: dict[str, int] = {}

    for path in before_the_admin:
        ledger.begin()
        client.post(f"/{path}", {**sent, "_selected_action": chosen.get(path, 0)})
        wrote[path] = len(ledger.written())
        assert ledger.unrecorded() == {}, path

    assert sum(map(bool, wrote.values())) > 12


def test_commands_that_make_users_and_set_passwords_are_in_the_history(
    ledger: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    ledger.begin()
    monkeypatch.setenv("DJANGO_SUPERUSER_PASSWORD", factories.PASSWORD)
    call_command("createsuperuser", username="pertama", email="", interactive=False, stdout=io.StringIO())
    monkeypatch.setattr("getpass.getpass", lambda **_named: "sandi-panjang-9002")
    call_command("changepassword", "pertama", stdout=io.StringIO())

    assert list(ledger.written()) == [("accounts.user", str(User.objects.get().pk))]
    assert ledger.unrecorded() == {}
    changes = Change.objects.order_by("pk").values_list("actor", "source", "reason")
    assert list(changes) == [
        ("sistem", "command", "createsuperuser"),
        ("sistem", "command", "changepassword"),
    ]
    assert [each.kind for each in Event.objects.all()] == ["password"]


@pytest.mark.parametrize("way", ["update", "save", "delete", "sql", "groups"])
def test_control_arm_write_without_history_is_caught(ledger: Ledger, made: dict[str, Any], way: str) -> None:
    target, user = made["regions.target"], made["accounts.user"]
    row = ("accounts.user", str(user.pk)) if way == "groups" else ("regions.target", str(target.pk))
    if way == "update":
        Target.objects.filter(pk=target.pk).update(legal_basis="diam-diam")
    elif way == "save":
        target.legal_basis = "diam-diam"
        target.save()
    elif way == "delete":
        target.delete()
    elif way == "sql":
        with connection.cursor() as cursor:
            cursor.execute("UPDATE regions_target SET legal_basis = 'diam-diam' WHERE id = %s", [target.pk])
    else:
        user.groups.add(made["auth.group"])

    expected = {"delete": "gone", "groups": "groups"}.get(way, "legal_basis")
    assert ledger.unrecorded() == {row: [expected]}
