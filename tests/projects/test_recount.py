"""The command that counts from scratch: says what is off, and puts it right."""

from __future__ import annotations

import io

import pytest
from django.core.management import call_command

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import Change
from projects import counting
from regions.models import Membership
from tests.projects.people import member, send
from tests.sheets import confirm

pytestmark = pytest.mark.django_db


@pytest.fixture
def _miscounted() -> None:
    confirm(send([member(1, start="2025-07-01"), member(2, start="2025-07-02")]))
    Membership.objects.filter(counted=2).update(counted=5)


def recount(*arguments: str) -> str:
    out = io.StringIO()
    call_command("recount", *arguments, stdout=out)
    return out.getvalue()


def test_check_is_quiet_where_all_is_well() -> None:
    confirm(send([member(1)]))

    assert recount("--check") == "Semua sel sama dengan hitungan ulang.\n"


@pytest.mark.usefixtures("_miscounted")
def test_check_ends_with_1_and_changes_nothing() -> None:
    with pytest.raises(SystemExit) as ended:
        recount("--check")

    assert ended.value.code == 1
    assert Membership.objects.filter(counted=5).exists()


@pytest.mark.usefixtures("_miscounted")
def test_recount_puts_cells_right_and_leaves_history() -> None:
    version = generation.current()

    said = recount()

    assert said.splitlines()[0] == "61.71 PU 2025-07: -3"
    assert counting.mismatches() == {}
    change = Change.objects.get(source=Change.Source.COMMAND)
    assert (change.before, change.after) == ({"counted": 5}, {"counted": 2})
    assert generation.current() != version
