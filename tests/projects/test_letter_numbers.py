"""The references of letters: without a gap whoever prints at the same time, and never changed."""

from __future__ import annotations

import contextlib
import threading
from typing import Any

import pytest
import time_machine
from django.db import IntegrityError, transaction

from coverage_portal.accounts.history import Author
from coverage_portal.lib import pdf
from projects import issuing
from projects.models import Letter
from projects.selectors import work_lists
from regions.models import Agency
from tests import factories
from tests.projects import records
from tests.projects.letter_cases import NOW, unregistered
from tests.projects.records import day
from tests.projects.test_at_once import at_once


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The pages of these letters are beside the point, and take long to lay out."""
    monkeypatch.setattr(pdf, "render", lambda html, files: html.encode())
    with NOW:
        yield


def printer(agency: Agency) -> Any:
    user = factories.user("pencetak", "61")
    found = work_lists.of_agency(agency, user, day("2026-11-20"))

    def issue() -> Letter:
        author = Author(user, "page")
        return issuing.issue(agency=agency, todo=found.todo, areas=found.areas, author=author).letter

    return issue


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("is_locked", [True, False], ids=["locked", "control arm: without the lock"])
def test_two_at_once_get_numbers_without_a_gap(is_locked: bool, monkeypatch: pytest.MonkeyPatch) -> None:
    agency = records.agency()
    unregistered(agency)
    issue = printer(agency)
    both, rendered = threading.Barrier(2), issuing.rendered

    def slowly(*given: Any) -> bytes:
        # Both have read the last number by now, unless the lock lets only one come so far.
        with contextlib.suppress(threading.BrokenBarrierError):
            both.wait(timeout=2)
        return rendered(*given)

    monkeypatch.setattr(issuing, "rendered", slowly)
    if not is_locked:
        monkeypatch.setattr(issuing, "_hold", lambda year: None)

    failures = at_once(issue, issue)

    numbers = list(Letter.objects.order_by("number").values_list("number", flat=True))
    assert (failures, numbers) == (([], [1, 2]) if is_locked else (["IntegrityError"], [1]))


@pytest.mark.django_db
def test_letter_that_fails_uses_no_number(monkeypatch: pytest.MonkeyPatch) -> None:
    agency = records.agency()
    unregistered(agency)
    issue = printer(agency)
    issue()

    def fail(html: str, files: object) -> bytes:
        raise RuntimeError

    with monkeypatch.context() as patch:
        patch.setattr(pdf, "render", fail)
        with pytest.raises(RuntimeError):
            issue()

    assert issue().reference == "PJK-2026-0002"


@pytest.mark.django_db
def test_each_year_begins_anew() -> None:
    agency = records.agency()
    unregistered(agency)
    issue = printer(agency)
    issue()

    with time_machine.travel("2027-01-01T00:00:00+07:00", tick=False):
        assert issue().reference == "PJK-2027-0001"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"number": 3}, "letter_without_gap"),
        ({"number": 1}, "letter_without_gap"),
        ({"number": 2, "projects": 0}, "letter_has_projects"),
        ({"number": 2, "areas": []}, "letter_has_areas"),
        ({"number": 2, "sha256": "x"}, "letter_sha256_form"),
        ({"number": 2}, ""),
    ],
)
def test_database_refuses_a_letter_that_cannot_be(values: dict[str, Any], constraint: str) -> None:
    agency = records.agency()
    unregistered(agency)
    first = printer(agency)()
    known = {
        field.name: getattr(first, field.name) for field in Letter._meta.concrete_fields if field.name != "id"
    }

    assert refused(lambda: Letter.objects.create(**{**known, **values})) == constraint


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("values", "constraint"),
    [
        ({"content": {}}, "letter_unchanged"),
        ({"sha256": "0" * 64}, "letter_unchanged"),
        ({"number": 2}, "letter_unchanged"),
        ({"agency": None, "user": None}, ""),
    ],
)
def test_what_was_said_does_not_change(values: dict[str, Any], constraint: str) -> None:
    agency = records.agency()
    unregistered(agency)
    letter = printer(agency)()

    assert refused(lambda: Letter.objects.filter(pk=letter.pk).update(**values)) == constraint


def refused(write: Any) -> str:
    try:
        with transaction.atomic():
            write()
    except IntegrityError as error:
        return error.__cause__.diag.constraint_name or ""
    return ""
