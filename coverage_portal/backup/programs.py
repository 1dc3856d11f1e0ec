"""PostgreSQL's own programs, which make and read a dump: those on PATH, else those of the embedded server."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from django.core.management.base import CommandError
from django.db import connection

from coverage_portal.embedded import server

_OF_LIBPQ = {
    "host": "PGHOST",
    "port": "PGPORT",
    "user": "PGUSER",
    "password": "PGPASSWORD",
    "dbname": "PGDATABASE",
    "sslmode": "PGSSLMODE",
    "sslrootcert": "PGSSLROOTCERT",
    "sslcert": "PGSSLCERT",
    "sslkey": "PGSSLKEY",
    "connect_timeout": "PGCONNECT_TIMEOUT",
}
"""Connection parameters by the variable that hands them on: a command line is there for everyone to see."""


def run(name: str, arguments: Sequence[str]) -> None:
    """Run `pg_dump` or `pg_restore` against the portal's database.

    Raises:
        CommandError: there is none that fits the server, or it failed; the message is its own first line.
    """
    command = [str(_found(name)), *arguments]
    done = subprocess.run(command, env=_environment(), capture_output=True, text=True, errors="replace")
    if done.returncode:
        said = [line for line in done.stderr.splitlines() if "error" in line] or [f"code {done.returncode}"]
        # The first only, for what follows may quote rows.
        raise CommandError(f"{name} failed: {said[0].removeprefix(f'{name}: ')[:300]}")


def _found(name: str) -> Path:
    """The first of the program that is not older than the server: an older one refuses to read it."""
    needed = connection.pg_version // 10000
    for path in _candidates(name):
        if _major(path) >= needed:
            return path
    raise CommandError(
        f"{name} of PostgreSQL {needed} or newer is needed on PATH (Debian and Ubuntu: "
        f"apt install postgresql-client-{needed})"
    )


def _candidates(name: str) -> Iterator[Path]:
    if (on_path := shutil.which(name)) is not None:
        yield Path(on_path)
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True):
        if (folder / name).exists():
            yield folder / name
    if (own := server.program(name)).exists():
        yield own


def _major(path: Path) -> int:
    try:
        told = subprocess.run([str(path), "--version"], capture_output=True, text=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        return 0
    found = re.search(r"(\d+)(?:\.\d+|beta|rc)", told)
    return int(found[1]) if found else 0


def _environment() -> dict[str, str]:
    parameters: dict[str, Any] = connection.get_connection_params()
    own = {variable: str(parameters[name]) for name, variable in _OF_LIBPQ.items() if parameters.get(name)}
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    return {**kept, **own, "LC_ALL": "C"}
