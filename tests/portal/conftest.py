"""The scene of two regencies, as those who look for a way from one into the other find it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.portal.furnished import CANARY, HERE, OWN, THERE, Scene, furnish
from tests.portal.headers import production


@pytest.fixture
def scene(db: None, settings: Any, tmp_path: Any) -> Scene:
    """One of everything here and there, under the settings of production."""
    settings.PUBLIC_AGGREGATES = False
    settings.UPLOAD_DIR = tmp_path / "uploads"
    production(settings)
    found = Scene()
    furnish(HERE, OWN, found.here)
    furnish(THERE, CANARY, found.there)
    return found
