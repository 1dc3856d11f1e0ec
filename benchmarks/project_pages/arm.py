"""The pages, asked for over and over: `python -m benchmarks.project_pages.arm REQUESTS`.

In one process, without a network: what is measured is what the server does from the request to the answer. A
signed-in official of the province asks. Between two requests nothing is written, but for the step that
measures what a payment costs the next reader.
"""

from __future__ import annotations

import sys
import time
from decimal import Decimal
from statistics import quantiles

import django

PAGES = {
    "hello": "/metode-kosong/",
    "list": "/proyek/",
    "list, page 200": "/proyek/?halaman=200&urut=-nilai",
    "list, filtered": "/proyek/?keadaan=in_arrears&menurut=wilayah&urut=-tunggakan",
    "list, searched": "/proyek/?cari=jembatan+77",
    "calendar": "/proyek/kalender/",
}
WARMING = 3


def main(requests: int) -> None:
    django.setup()
    from django.conf import settings
    from django.db import connection
    from django.test import Client
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from benchmarks import stopwatch
    from coverage_portal import assets, catalogs
    from coverage_portal.accounts.models import AreaGrant, User
    from projects import services, standings
    from projects.models import Payment, Project

    catalogs.compile_stale(settings.LOCALE_PATHS)
    assets.collect_if_changed()
    settings.ALLOWED_HOSTS = ["testserver"]
    settings.ROOT_URLCONF = "benchmarks.project_pages.urls"
    official = User.objects.create_user("pejabat.contoh")
    AreaGrant.objects.create(user=official, role="viewer", area_code="61")
    client = Client()
    client.force_login(official)
    with stopwatch.step("every standing"):
        standings.refresh(timezone.localdate())
    for name, path in PAGES.items():
        with stopwatch.step(name) as facts:
            for _time in range(WARMING):
                assert client.get(path).status_code == 200, path  # noqa: S101
            taken = []
            for _time in range(requests):
                began = time.perf_counter()
                client.get(path)
                taken.append(time.perf_counter() - began)
            with CaptureQueriesContext(connection) as captured:
                client.get(path)
            cuts = quantiles(taken, n=20)
            facts |= {"p50": cuts[9], "p95": cuts[18], "queries": len(captured)}
    project = Project.objects.order_by("?")[0]
    with services.payments_of([project.pk]):
        Payment.objects.create(project=project, paid_on=timezone.localdate(), amount=Decimal(7))
    for name in ("list", "calendar"):
        with stopwatch.step(f"{name}, after a payment"):
            client.get(PAGES[name])


if __name__ == "__main__":
    main(int(sys.argv[1]))
