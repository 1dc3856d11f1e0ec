"""Whoever may do everything sees every record of every kind, like everyone else of their areas."""

from __future__ import annotations

from typing import Any

import pytest

from projects.models import Enrollment, Project, Worker
from regions.models import Agency, Commitment, Membership
from tests import factories
from tests.projects import records
from tests.projects.people import member, send
from tests.sheets import confirm

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("model", [Agency, Commitment, Enrollment, Membership, Project, Worker])
def test_superuser_sees_what_there_is(model: Any) -> None:
    ketapang = factories.regency()
    factories.commitment(ketapang)
    factories.membership(ketapang, 5)
    records.project()
    confirm(send([member(1)]))
    superuser = factories.user("super", is_superuser=True)

    assert model.objects.exists()
    assert set(model.objects.visible_to(superuser)) == set(model.objects.all())
    assert not model.objects.visible_to(factories.user("tanpa.wilayah")).exists() or model is Membership
