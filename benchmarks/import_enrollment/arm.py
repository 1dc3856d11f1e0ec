"""One arm on one sheet, as a process: `python -m benchmarks.import_enrollment.arm ARM FILE [NAME=VALUE …]`.

The answers are for the portal alone. Prints the lines of `stopwatch`.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import django
from django.conf import settings


def main(arm: str, path: Path, answers: list[str]) -> None:
    if not arm.startswith("portal"):
        # For the plain table's model, which django-import-export looks up by its app.
        settings.INSTALLED_APPS = [*settings.INSTALLED_APPS, "benchmarks"]
    django.setup()
    # Only now, for these use models.
    from django.db import connection

    from benchmarks import stopwatch
    from benchmarks.import_enrollment import floor, plain, portal, stock

    connection.ensure_connection()
    if arm.startswith("portal"):
        run = portal.run if arm == "portal" else portal.run_by_stage
        run(path, dict(answer.split("=", 1) for answer in answers))
        return
    loads: dict[str, Callable[[], int]] = {
        "stock": lambda: stock.load(stock.StockResource, path),
        "tuned": lambda: stock.load(stock.TunedResource, path),
        "floor": lambda: floor.load(path, own_tables=False),
        "own tables": lambda: floor.load(path, own_tables=True),
    }
    plain.create_table()
    with stopwatch.step("first") as facts:
        facts["rows"] = loads[arm]()


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), sys.argv[3:])
