"""The record of processing names every column that holds a person, and none that is not there."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.apps import apps
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.test import Client

from coverage_portal.accounts.models import User
from coverage_portal.processing import IMPERSONAL, REGISTER
from projects.models import Worker
from tests import factories

TEXTS = (models.CharField, models.TextField, models.BinaryField, models.JSONField, ArrayField)


def could_hold_a_person(field: models.Field[object, object]) -> bool:
    is_person = isinstance(field, models.ForeignKey) and field.remote_field.model in (User, Worker)
    return is_person or isinstance(field, TEXTS) or "birth" in field.name


def columns() -> Iterator[str]:
    for model in apps.get_models(include_auto_created=True):
        for field in model._meta.local_concrete_fields:
            if could_hold_a_person(field):
                yield f"{model._meta.label}.{field.name}"


def registered() -> set[str]:
    return {field for each in REGISTER for field in each.fields}


def impersonal() -> set[str]:
    return {f"{model}.{name}" for model, names in IMPERSONAL.items() for name in names}


def test_every_column_that_could_hold_a_person_is_decided() -> None:
    assert sorted(set(columns()) - registered() - impersonal()) == []


def test_nothing_is_named_that_is_not_there_or_twice() -> None:
    assert sorted((registered() | impersonal()) - set(columns())) == []
    assert registered() & impersonal() == set()


def test_new_column_would_be_missed() -> None:
    """The control arm."""
    assert could_hold_a_person(models.CharField(name="mother"))
    assert not could_hold_a_person(models.IntegerField(name="people"))


@pytest.mark.django_db
def test_page_shows_basis_purpose_owner_and_days(client: Client) -> None:
    client.force_login(factories.user("pejabat", "61"))

    page = client.get("/pemrosesan-data/").content.decode()

    assert all(str(each.purpose) in page for each in REGISTER)
    assert "projects.Worker.nik_sealed" in page
    assert "30 hari setelah impor" in page
    assert "1825 hari" in page


@pytest.mark.django_db
def test_page_is_for_those_who_work_with_the_data(client: Client) -> None:
    assert client.get("/pemrosesan-data/")["Location"].startswith("/masuk/")
