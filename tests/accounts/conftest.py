from __future__ import annotations

import logging
from typing import Any

import pytest
from django.contrib.auth.models import Group

from coverage_portal.accounts.models import User
from regions.models import Regency
from tests import factories, soaking


@pytest.fixture(autouse=True)
def _without_a_line_for_each_refusal() -> None:
    """The long forms are refused thousands of times."""
    logging.getLogger("django.request").setLevel(soaking.rounds(logging.NOTSET, logging.ERROR))


@pytest.fixture
def figures_behind_the_sign_in(db: None, settings: Any) -> None:
    """Every regency has figures of one month, and aggregates are not public."""
    settings.PUBLIC_AGGREGATES = False
    for regency in Regency.objects.active():
        factories.workforce(regency, 1000)
        factories.membership(regency, 370, month="2025-12")


@pytest.fixture
def official(db: None) -> User:
    """An official of the province who may import as well."""
    user = factories.user("pejabat", "61")
    user.groups.add(Group.objects.get(name="Staf BPJS"))
    return user
