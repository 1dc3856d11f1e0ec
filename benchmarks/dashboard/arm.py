"""The pages, asked for over loopback: `python -m benchmarks.dashboard.arm REQUESTS COLD`.

gunicorn runs as `manage.py serve` starts it. Requests take turns, one of each kind, so that whatever slows
the machine for a while slows all of them. A cold page is the first one after an import of the latest month of
every regency: no page is left that was kept before it.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from statistics import median
from typing import Any

import brotli
import django

SETTINGS = "benchmarks.dashboard.settings"
HOME, REGENCY = "/", "/wilayah/61.04/"
PAGES = {"home": HOME, "regency": REGENCY}
WARMING = 8
SECONDS_TO_COME_UP = 120
Facts = dict[str, Any]


def main(requests: int, cold: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = SETTINGS
    django.setup()
    from django.conf import settings
    from django.db import connections
    from django.test import Client

    from benchmarks import stopwatch
    from benchmarks.dashboard.asking import Asker
    from coverage_portal import assets, catalogs
    from coverage_portal.accounts.models import AreaGrant, User

    catalogs.compile_stale(settings.LOCALE_PATHS)
    assets.collect_if_changed()
    settings.ALLOWED_HOSTS = ["testserver", "127.0.0.1"]
    official = User.objects.create_user("pejabat.contoh", first_name="Pejabat", last_name="Contoh")
    AreaGrant.objects.create(user=official, role="viewer", area_code=settings.HOME_PROVINCE)
    client = Client()
    client.force_login(official)
    cookie = f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"
    settings.PUBLIC_AGGREGATES = False
    for name, path in PAGES.items():
        with stopwatch.step(f"queries, {name}") as facts:
            facts |= _queries(client, path)
    connections.close_all()
    for who, hello, public in (("signed in", "/hello/", "0"), ("signed out", "/hello-stranger/", "1")):
        with _served(public) as port:
            asker = Asker(port, cookie if public == "0" else "")
            for name, path in PAGES.items():
                with stopwatch.step(f"{who}, {name}") as facts:
                    facts |= _times(asker, hello, path, requests, cold)
            if public == "0":
                for name, path in PAGES.items():
                    with stopwatch.step(f"bytes, {name}") as facts:
                        facts |= _bytes(asker, path)
            asker.close()
        connections.close_all()


def _queries(client: Any, path: str) -> Facts:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def asked(**headers: str) -> int:
        with CaptureQueriesContext(connection) as captured:
            client.get(path, headers=headers)
        return len(captured)

    client.get(path)
    move()
    cold = asked()
    tag = client.get(path)["ETag"]
    return {"cold": cold, "warm": asked(), "304": asked(**{"if-none-match": tag})}


def move() -> None:
    """What an import of the latest month leaves: other figures in its cells, and a new data version."""
    from django.conf import settings
    from django.db import transaction
    from django.db.models import F

    from benchmarks.dashboard.fill import LAST
    from coverage_portal.accounts import generation
    from coverage_portal.lib.periods import Month
    from regions.models import Membership

    with transaction.atomic():
        latest = Membership.objects.filter(
            regency__province__code=settings.HOME_PROVINCE, month=Month.parse(LAST), reported__isnull=False
        )
        assert latest.update(reported=F("reported") + 1)  # noqa: S101
        generation.move()


def _times(asker: Any, hello: str, path: str, requests: int, cold: int) -> Facts:
    """Medians in seconds, of each kind of answer."""
    for _time in range(WARMING):
        assert asker.ask(hello).status == 200  # noqa: S101
        tag = asker.ask(path).headers["etag"]
        assert asker.ask(path, tag).status == 304  # noqa: S101
    taken: dict[str, list[float]] = {"hello": [], "warm": [], "304": [], "cold": []}
    for _time in range(requests):
        taken["hello"].append(asker.ask(hello).seconds)
        taken["warm"].append(asker.ask(path).seconds)
        taken["304"].append(asker.ask(path, tag).seconds)
    for _time in range(cold):
        move()
        asker.ask(hello)
        answer = asker.ask(path)
        assert answer.headers["etag"] != tag  # noqa: S101
        tag = answer.headers["etag"]
        taken["cold"].append(answer.seconds)
    return {name: median(seconds) for name, seconds in taken.items()}


def _bytes(asker: Any, path: str) -> Facts:
    """Bytes of the bodies over the wire: the page, and all that it links to and a browser loads at once."""
    from benchmarks.dashboard.asking import links_of

    page = asker.ask(path)
    assert page.headers["content-encoding"] == "br"  # noqa: S101
    links = links_of(brotli.decompress(page.body))
    answers = {link: asker.ask(link) for link in links}
    assert all(answer.status == 200 for answer in answers.values())  # noqa: S101
    parts = {link.rsplit("/", 1)[-1]: len(answer.body) for link, answer in answers.items()}
    return {"page": len(page.body), "links": parts, "total": len(page.body) + sum(parts.values())}


@contextmanager
def _served(public: str) -> Iterator[int]:
    """The web server as `serve` starts it, over this portal, for one kind of reader."""
    from coverage_portal.management.commands import serve

    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    process = subprocess.Popen(
        serve._web_command("127.0.0.1", port),
        env=os.environ | {"PUBLIC_AGGREGATES": public, "DJANGO_SETTINGS_MODULE": SETTINGS},
        stdout=sys.stderr,
    )
    try:
        deadline = time.monotonic() + SECONDS_TO_COME_UP
        while not serve._answers("127.0.0.1", port):
            if process.poll() is not None or time.monotonic() > deadline:
                raise RuntimeError("the web server has not come up")
            time.sleep(0.05)
        yield port
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait()


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]))
