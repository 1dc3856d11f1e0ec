import uuid
from typing import Any

import pytest
from django.db import IntegrityError, transaction
from django.db.models import ProtectedError

from coverage_portal.accounts import generation, history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change, Generation
from tests import factories

pytestmark = pytest.mark.django_db


def test_snapshot_holds_the_stored_columns_as_json() -> None:
    row = factories.membership(factories.regency("61.04"), 5, month="2025-07", segment="PU")

    assert history.snapshot(row) == {
        "id": row.pk,
        "province_id": None,
        "regency_id": "61.04",
        "segment": "PU",
        "month": "2025-07",
        "reported": 5,
        "counted": None,
        "complete_list": False,
        "source": "BPJS Ketenagakerjaan",
        "data_date": None,
    }


def test_record_binds_the_changes_of_an_action() -> None:
    user = factories.user("petugas")
    first = factories.workforce(factories.regency("61.04"), 1, year=2024)
    second = factories.workforce(factories.regency("61.04"), 2, year=2025)

    action = history.record(
        Author(user, Change.Source.PAGE, "koreksi"), [(first, None, {"id": 1}), (second, {"id": 2}, None)]
    )

    written = list(Change.objects.of_action(action))
    assert [(c.actor, c.source, c.reason, c.model) for c in written] == [
        ("petugas", "page", "koreksi", "regions.workforce")
    ] * 2
    assert [(c.before, c.after) for c in written] == [(None, {"id": 1}), ({"id": 2}, None)]
    assert [c.object_id for c in written] == [str(first.pk), str(second.pk)]


def test_record_takes_the_authors_action_and_names_the_system() -> None:
    action = uuid.uuid4()
    row = factories.workforce(factories.regency("61.04"), 1)

    returned = history.record(Author(None, Change.Source.COMMAND, action=action), [(row, None, {})])

    assert returned == action
    assert [c.actor for c in Change.objects.of_action(action)] == ["sistem"]


def test_user_with_a_history_stays() -> None:
    user = factories.user("petugas")
    history.record(Author(user, Change.Source.PAGE), [(user, None, {})])

    with pytest.raises(ProtectedError):
        user.delete()


@pytest.mark.parametrize(
    ("model", "values", "constraint"),
    [
        (Change, {"actor": "x", "source": "page", "model": "x", "object_id": "1"}, "change_says_something"),
        (Generation, {"id": 2}, "generation_one_row"),
    ],
    ids=["change of nothing", "second generation"],
)
def test_database_refuses(model: Any, values: dict[str, Any], constraint: str) -> None:
    with pytest.raises(IntegrityError, match=constraint), transaction.atomic():
        model.objects.bulk_create([model(**values)])


def test_generation_moves_with_a_transaction() -> None:
    before = generation.current()

    with transaction.atomic():
        generation.move()

    assert generation.current() != before
    assert len(generation.current()) == 32


def test_generation_is_the_old_one_after_a_rollback() -> None:
    generation.move()
    before = generation.current()

    with transaction.atomic():
        generation.move()
        transaction.set_rollback(True)

    assert generation.current() == before


@pytest.mark.django_db(transaction=True)
def test_generation_does_not_move_outside_a_transaction() -> None:
    with pytest.raises(transaction.TransactionManagementError):
        generation.move()
