"""Tests that share what takes long to set up are handed to one worker."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from tests.sharing import GROUNDS

ROOT = Path(__file__).resolve().parents[2]


def test_modules_with_a_fixture_of_their_own_are_named(request: pytest.FixtureRequest) -> None:
    """Of those that this run has collected; all of them in a whole run. One test alone shares nothing."""
    known = Counter(
        item.nodeid.partition("::")[0]
        for item in request.session.items
        if isinstance(item, pytest.Function)
        and any(
            found and (found[-1].scope == "module" or found[-1].argname == "_prepared")
            for found in item._fixtureinfo.name2fixturedefs.values()
        )
    )

    shared = sorted(module for module, tests in known.items() if tests > 1)
    assert [module for module in shared if not module.startswith(GROUNDS)] == []


@pytest.mark.parametrize("ground", GROUNDS)
def test_what_is_named_is_there(ground: str) -> None:
    assert (ROOT / ground).exists()
