"""What is broken, and which tests have to notice."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

PERMISSIONS = (
    "coverage_portal/accounts/addresses.py",
    "coverage_portal/accounts/areas.py",
    "coverage_portal/accounts/backends.py",
    "coverage_portal/accounts/grouping.py",
    "coverage_portal/accounts/keeping/rights.py",
    "coverage_portal/accounts/links.py",
    "coverage_portal/accounts/querysets.py",
    "coverage_portal/accounts/reaching.py",
    "coverage_portal/accounts/roles.py",
    "coverage_portal/accounts/second_factor.py",
    "coverage_portal/accounts/sessions.py",
    "coverage_portal/accounts/signing_in.py",
    "coverage_portal/accounts/throttling.py",
    "coverage_portal/accounts/views/account.py",
    "coverage_portal/accounts/views/codes.py",
    "coverage_portal/accounts/views/links.py",
    "coverage_portal/accounts/views/sign_in.py",
    "coverage_portal/intake/querysets.py",
    "coverage_portal/intake/reach.py",
    "coverage_portal/intake/rights.py",
    "projects/persons.py",
    "projects/querysets.py",
    "projects/views/__init__.py",
    "regions/querysets.py",
    "regions/views/access.py",
)
IMPORTS = (
    "coverage_portal/intake/*.py",
    "coverage_portal/lib/spreadsheets/*.py",
    "projects/completeness.py",
    "projects/correcting/*.py",
    "projects/effects.py",
    "projects/fingerprints.py",
    "projects/images.py",
    "projects/imports/**/*.py",
    "projects/known.py",
    "projects/lookups.py",
    "projects/merging.py",
    "projects/newcomers.py",
    "projects/plan.py",
    "projects/resolving.py",
    "projects/staging.py",
    "projects/undoing.py",
    "regions/imports/**/*.py",
)
LEFT_OUT = (
    *(
        "coverage_portal/intake/admin.py",
        "coverage_portal/intake/apps.py",
        "coverage_portal/intake/models.py",
    ),
    *(
        "coverage_portal/intake/forms.py",
        "coverage_portal/intake/urls.py",
        "coverage_portal/intake/choices.py",
    ),
    *("coverage_portal/intake/answers.py", "coverage_portal/lib/spreadsheets/messages.py"),
)
"""Tables and texts: what they say is not what is asked here."""

TESTS = ("tests/accounts", "tests/intake", "tests/projects", "tests/regions", "tests/lib")
MORE_TESTS = ("tests/portal/test_scope_crawl.py", "tests/portal/test_sharing.py")
SLOW_TESTS = (
    "tests/lib/test_spreadsheets_memory.py",
    "tests/projects/test_no_nik_anywhere.py",
    "tests/projects/test_at_once.py",
    "tests/projects/test_real_sheets.py",
    "tests/regions/test_charts.py",
    "tests/regions/test_maps.py",
    "tests/regions/test_names.py",
)
"""Minutes of them, or whole portals and other people's files: the others have to do without."""


def files(root: Path, patterns: Sequence[str], without: Sequence[str] = ()) -> list[str]:
    """The files of patterns, as paths below the root in a lasting order."""
    found = {str(path.relative_to(root)) for pattern in patterns for path in root.glob(pattern)}
    return sorted(found - set(without))


def files_of_tests(root: Path, places: Sequence[str], without: Sequence[str]) -> list[str]:
    patterns = [place if place.endswith(".py") else f"{place}/**/test_*.py" for place in places]
    return files(root, patterns, without)
