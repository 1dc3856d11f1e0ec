"""The load itself, over a portal that is filled already: `python -m benchmarks.mixed.load PORTAL …`.

Starts `manage.py serve` there and lets everyone come. A page is as a browser asks for it, with the tags of
the pages that it has. Memory is that of the portal's own processes, without the database server's and the
short-lived children that read sheets: once all has been used, after a fifth of the time, against the end.
"""

from __future__ import annotations

import argparse
import csv
import io
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from statistics import median

import django
import psutil

from benchmarks import machine, report
from benchmarks.cli import say
from benchmarks.mixed.people import Editor, Importer, Log, Person, Reader, percentile, spread
from benchmarks.sandbox import ROOT

OPTIONS = ("minutes", "pace", "readers", "importers", "rows", "editors")
DASHBOARD_MS, MEMORY_PERCENT = 150, 10
SAMPLE_SECONDS = 5
SECONDS_TO_COME_UP = 180
SEED = 61
DATA_DATE = "2025-12-31"


def main(arguments: Sequence[str]) -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("portal", type=Path)
    parser.add_argument("--minutes", type=float)
    parser.add_argument("--pace", type=float)
    for name in OPTIONS[2:]:
        parser.add_argument(f"--{name}", type=int)
    given = parser.parse_args(arguments)
    os.environ["DJANGO_SETTINGS_MODULE"] = "coverage_portal.settings"
    django.setup()
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    log, over = Log(), threading.Event()
    say("Making users and lists")
    everyone = list(_everyone(given, port, log, over))
    for person in everyone:
        person.pace = given.pace
    with _served(port) as portal:
        memory = _Memory(portal, over)
        threads = [threading.Thread(target=person.run, daemon=True) for person in everyone]
        for thread in (memory, *threads):
            thread.start()
        try:
            _wait(given.minutes * 60, log)
        finally:
            over.set()
        for thread in threads:
            thread.join(timeout=90)
    return _told(log, memory, given)


def _wait(seconds: float, log: Log) -> None:
    until = time.monotonic() + seconds
    while (left := until - time.monotonic()) > 0:
        time.sleep(min(left, 60))
        asked = sum(len(taken) for taken in log.seconds.values())
        say(f"{asked:,} requests, {len(log.errors)} errors, {log.done}")


def _everyone(given: argparse.Namespace, port: int, log: Log, over: threading.Event) -> Iterator[Person]:
    from django.conf import settings
    from django.test import Client

    from benchmarks.import_enrollment.people import people
    from benchmarks.import_enrollment.sheets import HEADINGS, shown
    from coverage_portal.accounts import roles
    from coverage_portal.accounts.models import AreaGrant, User
    from projects.models import Project
    from regions.models import Membership, Regency, Workforce

    settings.ALLOWED_HOSTS = ["*"]

    def session(name: str, role: str) -> str:
        user = User.objects.create_user(name, first_name="Contoh", last_name=name)
        AreaGrant.objects.create(user=user, role=role, area_code=settings.HOME_PROVINCE)
        client = Client()
        client.force_login(user)
        return client.cookies[settings.SESSION_COOKIE_NAME].value

    codes = list(Regency.objects.active().by_code().values_list("code", flat=True))
    months = sorted({str(month) for month in Membership.objects.values_list("month", flat=True)})[-12:]
    projects = list(Project.objects.values_list("pk", flat=True)[:200])
    for number in range(given.readers):
        key = session(f"pembaca.{number}", roles.VIEWER)
        yield Reader(port, key, log, over, number, codes=codes, months=months, projects=projects)
    found = list(people(given.importers * given.rows, SEED))
    for number, rows in enumerate(spread(found, given.importers)):
        text = io.StringIO()
        writer = csv.writer(text, delimiter=";")
        writer.writerow(HEADINGS.values())
        writer.writerows([shown(cell) for cell in row] for row in rows)
        fields = {"kind": "enrollment", "data_date": DATA_DATE}
        key = session(f"petugas.{number}", roles.IMPORTER)
        content = text.getvalue().encode()
        yield Importer(port, key, log, over, 1_000 + number, content=content, fields=fields)
    workforces = Workforce.objects.filter(regency__code__in=codes, segment="PU").order_by("-year")[:20]
    forms = [(f"/admin/regions/workforce/{row.pk}/change/", "people", 50_000) for row in workforces]
    forms += [(f"/admin/projects/project/{pk}/change/", "planned_workers", 10) for pk in projects[:50]]
    for number in range(given.editors):
        key = session(f"penyunting.{number}", roles.EDITOR)
        yield Editor(port, key, log, over, 2_000 + number, forms=forms)


@contextmanager
def _served(port: int) -> Iterator[psutil.Process]:
    """The portal as `manage.py serve` runs it, from the folder that this process is led to as well."""
    from coverage_portal.management.commands.serve import _answers

    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve"],
        cwd=ROOT,
        env=os.environ | {"PORT": str(port), "LOAD_DEMO": "0"},
        stdout=subprocess.DEVNULL,
        stderr=sys.stderr,
    )
    try:
        until = time.monotonic() + SECONDS_TO_COME_UP
        while not _answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > until:
                raise RuntimeError("the portal has not come up")
            time.sleep(0.2)
        yield psutil.Process(process.pid)
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(timeout=60)


class _Memory(threading.Thread):
    """Samples the resident memory of the portal's lasting processes, MB: of web and worker together."""

    def __init__(self, portal: psutil.Process, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self.portal, self.over = portal, over
        self.samples: list[float] = []

    def run(self) -> None:
        while not self.over.wait(SAMPLE_SECONDS):
            self.samples.append(sum(self._sizes()) / 1024**2)

    def _sizes(self) -> Iterator[int]:
        for child in [self.portal, *self.portal.children(recursive=True)]:
            with suppress(psutil.Error):
                command = " ".join(child.cmdline())
                if child.name() != "postgres" and "spreadsheets" not in command:
                    yield child.memory_info().rss

    def growth(self) -> tuple[float, float, float]:
        """(MB once everything has been used, MB at the end, percent more)."""
        fifth = max(len(self.samples) // 5, 1)
        early, late = median(self.samples[fifth : 2 * fifth] or self.samples), median(self.samples[-fifth:])
        return early, late, (late / early - 1) * 100


def _told(log: Log, memory: _Memory, given: argparse.Namespace) -> int:
    rows = [
        (
            kind,
            f"{len(taken):,}",
            *(f"{1000 * percentile(taken, share):.0f}" for share in (0.5, 0.95, 0.99)),
        )
        for kind, taken in sorted(log.seconds.items())
    ]
    dashboard = 1000 * percentile(log.seconds["dashboard"], 0.95)
    early, late, percent = memory.growth()
    bars = [
        ("errors", str(len(log.errors)), "0", not log.errors),
        ("dashboard, p95", f"{dashboard:.0f} ms", f"≤ {DASHBOARD_MS} ms", dashboard <= DASHBOARD_MS),
        (
            "memory",
            f"{early:.0f} MB, at the end {late:.0f} MB ({percent:+.1f} %)",
            f"within {MEMORY_PERCENT} %",
            abs(percent) <= MEMORY_PERCENT,
        ),
    ]
    done = ", ".join(f"{count} {what}" for what, count in sorted(log.done.items()))
    who = (
        f"{given.readers} readers, {given.importers} importers of {given.rows:,} rows, "
        f"{given.editors} editors"
    )
    lines = [
        f"{given.minutes:g} minutes, {who}: {done}.",
        report.table(("Requests", "Number", "p50 ms", "p95 ms", "p99 ms"), rows),
        report.table(
            ("What", "Measured", "Bar", "Holds"),
            [(what, measured, bar, "yes" if holds else "**no**") for what, measured, bar, holds in bars],
        ),
        report.machine(machine.facts()),
    ]
    sys.stdout.write("\n\n".join(lines) + "\n")
    for error in log.errors[:20]:
        say(f"ERROR {error}")
    return 0 if all(bar[-1] for bar in bars) else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
