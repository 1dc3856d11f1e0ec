"""What tests of a project's page share: a contract, and the words of a section."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import User
from projects.models import Project

from . import records


def text_of(response: Any) -> str:
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())


def section(response: Any, name: str) -> str:
    """The text of the section that a heading of this id opens, empty where there is none."""
    html = response.content.decode()
    found = re.search(rf'<section[^>]*aria-labelledby="{name}-title".*?</section>', html, re.DOTALL)
    return " ".join(re.sub(r"<[^>]+>", " ", found[0]).split()) if found else ""


PERIOD = {"start": "2025-01-13", "end": "2025-09-30", "maintenance_end": "2026-03-31"}


def built(name: str = "Jembatan Contoh", **values: Any) -> Project:
    """A contract of a billion without VAT, registered in time."""
    dates = {"spk_date": "2025-01-06", "registered_on": "2025-01-08", **PERIOD}
    return records.project(
        name,
        **{
            "contractor": records.contractor(f"PT {name}"),
            **{key: records.day(text) for key, text in dates.items()},
            "contract_value": Decimal(1_000_000_000),
            "vat_included": False,
            **values,
        },
    )


def traced(user: User | None, row: Any, before: Any, after: Any, reason: str = "") -> None:
    history.record(Author(user, "admin", reason), [(row, before, after)])
