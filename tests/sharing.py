"""Which tests go to one of pytest-xdist's workers, so that what they share is set up once and not in each.

The mark that xdist has for it goes unheeded: pytest 9.2 no longer reads the name that xdist writes it into.
"""

from __future__ import annotations

from xdist.scheduler import LoadScopeScheduling

GROUNDS = (
    "tests/survival/",
    "tests/projects/test_no_nik_anywhere.py",
    "tests/benchmarks/test_arms.py",
    "tests/benchmarks/test_mutants.py",
    "tests/portal/test_serve.py",
    "tests/portal/test_embedded.py",
    "tests/portal/test_architecture.py",
    "tests/portal/test_translations.py",
    "tests/regions/test_names.py",
)
"""Folders and modules whose tests share a portal, a server or what takes long to read."""


class Sharing(LoadScopeScheduling):
    """Hands out these groups first, and then test by test: so it evens out who has more to do."""

    def _split_scope(self, nodeid: str) -> str:
        return next((ground for ground in GROUNDS if nodeid.startswith(ground)), nodeid)
