"""What is kept for a time only goes when that time is over, and nothing before it."""

from __future__ import annotations

import datetime
from io import StringIO

import pytest
from axes.models import AccessAttempt
from django.contrib.sessions.models import Session
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from coverage_portal.accounts.models import AccessLink
from coverage_portal.intake.models import ImportBatch
from projects.models import Lookup
from tests import factories

pytestmark = pytest.mark.django_db


def ago(days: float) -> datetime.datetime:
    return timezone.now() - datetime.timedelta(days=days)


@pytest.fixture
def one_of_each_old_and_new() -> None:
    user = factories.user("pengawas", "61")
    for days in (31, 29):
        batch = ImportBatch.objects.create(
            kind="membership",
            file_name="a.csv",
            size=1,
            sha256="0" * 64,
            state="applied",
            applied_at=ago(days),
        )
        ImportBatch.objects.filter(pk=batch.pk).update(changed_at=ago(days))
        DBTaskResult.objects.create(
            args_kwargs={"args": [], "kwargs": {}},
            task_path="a.b",
            status="SUCCESSFUL",
            finished_at=ago(days),
            exception_class_path="",
            traceback="",
            backend_name="default",
        )
    for name, days in (("lama", 1), ("baru", -1)):
        Session.objects.create(session_key=name, session_data="", expire_date=ago(days))
    for days in (5 * 365 + 1, 5 * 365 - 1):
        Lookup.objects.create(user=user, actor="pengawas", nik_sealed=b"1", found=0, at=ago(days))
    for days in (1.1, 0.9):
        attempt = AccessAttempt.objects.create(username=f"{days}", failures_since_start=1)
        AccessAttempt.objects.filter(pk=attempt.pk).update(attempt_time=ago(days))
    for name, days in (("lama", 1), ("baru", -1)):
        AccessLink.objects.create(
            user=user, made_by=user, purpose="reset", digest=name, made_at=ago(8), expires_at=ago(days)
        )


def test_each_goes_when_its_time_is_over(one_of_each_old_and_new: None) -> None:
    said = StringIO()

    with pytest.raises(SystemExit):
        call_command("purge", check=True, stdout=said)
    counted = [line.split(": ")[1] for line in said.getvalue().splitlines()]
    call_command("purge", stdout=said)
    call_command("purge", check=True, stdout=said)

    assert counted == ["1 due"] * 6
    assert ImportBatch.objects.filter(purged_at=None).count() == 1
    assert [s.session_key for s in Session.objects.all()] == ["baru"]
    assert [link.digest for link in AccessLink.objects.all()] == ["baru"]
    assert [attempt.username for attempt in AccessAttempt.objects.all()] == ["0.9"]
    assert (DBTaskResult.objects.count(), Lookup.objects.count()) == (1, 1)


def test_time_is_a_setting(one_of_each_old_and_new: None, settings: object) -> None:
    settings.LOOKUP_KEEP_DAYS = 5 * 365 + 10  # type: ignore[attr-defined]

    call_command("purge", stdout=StringIO())

    assert Lookup.objects.count() == 2
