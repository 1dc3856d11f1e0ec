"""Small cells on pages and in files for everybody: two provinces that differ in nothing else look the same.

In one, three people of Ketapang are in a segment; in the other four, and one fewer in another segment; in a
second regency the other way round. All sums are the same in both. Whatever a stranger can open is opened.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable
from html import unescape
from typing import Any
from zipfile import ZipFile

import pytest
from django.core.cache import cache
from django.db import transaction
from django.db.models import F
from django.test import Client

from coverage_portal.accounts import keeping
from coverage_portal.accounts.history import Author
from coverage_portal.lib.periods import Month
from regions.models import Membership, Regency
from regions.services import closing
from tests import factories

pytestmark = pytest.mark.django_db

MONTHS = ("2025-06", "2025-07")
SMALL = {"61.04": {"PU": 3, "BPU": 200, "JAKON": 50}, "61.08": {"PU": 90, "BPU": 300, "JAKON": 20}}
"""The members of the second month; of every other regency, segment and month there are 400."""
CIRCLE = {("61.04", "PU"): 1, ("61.04", "JAKON"): -1, ("61.08", "PU"): -1, ("61.08", "JAKON"): 1}
"""By what the other province differs."""
STARTS = (
    "/arsip/",
    "/",
    "/?segmen=PU",
    "/?segmen=JAKON&urut=kekurangan",
    "/?banding=2025-06&urai=segmen",
    "/wilayah/61.04/",
    "/wilayah/61.08/",
    "/ringkasan/?wilayah=61.04",
    "/simulasi/?wilayah=61.04",
    "/rekonsiliasi/61.04/",
    "/api/v1/coverage?area=61.04",
    "/api/v1/coverage.csv?area=61",
    "/api/v1/membership?area=61.08",
)
LEFT_OUT = re.compile(
    r"/(masuk|akun|tautan|statis|static|admin|bahasa|api/v1/(openapi|docs))|/pdf/|61\.(?!04|08)\d\d"
)
ONCE = re.compile(
    r'name="csrfmiddlewaretoken" value="[^"]+"|Kode permintaan.*|\d{4}-\d\d-\d\d[ T]\d\d[:.]\d\d[^;,"<]*'
)
"""What is another on each page, or at each time."""
MOST = 150
LAST = Month.parse(MONTHS[1])
AUTHOR = Author(None, "command")


def province(differs: bool) -> None:
    for regency in Regency.objects.active():
        for segment in ("PU", "BPU", "JAKON"):
            factories.workforce(regency, 1000, segment=segment)
            for month in MONTHS:
                members = SMALL.get(regency.code, {}).get(segment, 400) if month == MONTHS[1] else 400
                members += CIRCLE.get((regency.code, segment), 0) if month == MONTHS[1] and differs else 0
                factories.membership(regency, members, segment=segment, month=month)
    factories.target(factories.province(), "61")


def closed(differs: bool) -> None:
    """Ketapang's month is closed, and what its lists count since is no longer small."""
    province(differs)
    close()
    later("61.04", "PU", 301 if differs else 300)


def revised(differs: bool) -> None:
    """The first release had few, the second has not; what stands beside it today is the same in both."""
    province(differs)
    close()
    for code, segments in SMALL.items():
        for segment in segments:
            later(code, segment, 350)
    closing.publish_revision(month=LAST, regency="61.04", reason="Contoh", author=AUTHOR)


def partly(differs: bool) -> None:
    """Of neither regency is the last segment in, so nothing adds up to a whole."""
    province(differs=False)
    for code, change in (("61.04", 1), ("61.08", -1)):
        cells = Membership.objects.filter(regency__code=code, month=LAST)
        cells.filter(segment="JAKON").delete()
        if differs:
            cells.filter(segment="PU").update(reported=F("reported") + change)


def twice(differs: bool) -> None:
    """Ketapang's first segment was reported, and a few of it are counted; another is known by its list."""
    province(differs=False)
    people = 4 if differs else 3
    cells = Membership.objects.filter(regency__code="61.04", month=LAST)
    cells.filter(segment="PU").update(reported=400, counted=people)
    cells.filter(segment="JAKON").update(reported=None, counted=50, complete_list=True)


def close() -> None:
    """Close Ketapang's month, all of it counted from lists: reports of a closed month stay as they are."""
    for cell in Membership.objects.filter(regency__code__in=SMALL, month=LAST):
        Membership.objects.filter(pk=cell.pk).update(reported=None, counted=cell.reported, complete_list=True)
    for step in (closing.submit, closing.approve):
        step(month=LAST, regencies=["61.04"], author=AUTHOR)


def later(code: str, segment: str, people: int) -> None:
    Membership.objects.filter(regency__code=code, segment=segment, month=LAST).update(counted=people)


def seen(client: Client, starts: Iterable[str] = STARTS) -> dict[str, str]:
    """Every page and file that links lead to, by address."""
    waiting, found = list(starts), dict[str, str]()
    while waiting and len(found) < MOST:
        address = waiting.pop(0)
        if address in found:
            continue
        response = client.get(address)
        body = response.getvalue()
        text = unzipped(body) if body.startswith(b"PK") else body.decode(errors="replace")
        found[address] = f"{response.status_code} {ONCE.sub('', text)}"
        if "html" in response.headers.get("Content-Type", ""):
            links = re.findall(r'(?:href|data-chart|action)="([^"#]+)"', text)
            here = address.partition("?")[0]
            whole = (a if a.startswith("/") else here + a for a in map(unescape, links))
            waiting += [a for a in whole if a not in found and not LEFT_OUT.search(a) and "//" not in a]
    return found


def unzipped(body: bytes) -> str:
    with ZipFile(io.BytesIO(body)) as package:
        return "".join(
            package.read(name).decode() for name in sorted(package.namelist()) if "docProps" not in name
        )


def both(
    make: Callable[[bool], None], client: Client, starts: Iterable[str] = STARTS
) -> list[dict[str, str]]:
    found = []
    for differs in (False, True):
        with transaction.atomic():
            make(differs)
            keeping.clear()
            cache.clear()
            found.append(seen(client, starts))
            transaction.set_rollback(True)
    keeping.clear()
    return found


def different(one: dict[str, str], other: dict[str, str]) -> list[str]:
    return sorted(address for address in one.keys() | other.keys() if one.get(address) != other.get(address))


@pytest.mark.parametrize("make", [province, partly, twice, closed, revised])
def test_stranger_sees_no_difference(client: Client, make: Callable[[bool], None]) -> None:
    one, other = both(make, client)

    assert len(one) == MOST
    assert [address for address, text in one.items() if not text.startswith(("200", "302", "401"))] == []
    assert different(one, other) == []


def test_who_has_the_province_sees_it(client: Client) -> None:
    client.force_login(factories.user("pejabat", "61"))
    one, other = both(province, client)

    assert "/wilayah/61.04/" in different(one, other)


@pytest.mark.parametrize(
    ("make", "address"), [(closed, "/wilayah/61.04/"), (revised, "/arsip/2025-07/61.04/0/")]
)
def test_control_arm_without_hiding_it_is_seen(
    client: Client, make: Callable[[bool], None], address: str, settings: Any
) -> None:
    settings.SMALL_CELLS_BELOW = 0
    one, other = both(make, client)

    assert address in different(one, other)


def test_officer_elsewhere_is_told_no_more(client: Client) -> None:
    client.force_login(factories.user("sambas", "61.01"))
    starts = [f"/kelengkapan/{MONTHS[1]}/", "/kelengkapan/", *STARTS]
    one, other = both(province, client, starts)

    assert f"/kelengkapan/{MONTHS[1]}/" in one
    assert different(one, other) == []


def test_page_says_that_something_is_hidden(client: Client) -> None:
    province(differs=False)

    page = client.get("/wilayah/61.04/").content.decode()
    whole = client.get("/?segmen=PU").content.decode()

    assert "disembunyikan, melindungi angka kecil" in page
    assert "Angka beberapa orang saja tidak ditampilkan untuk umum" in page
    assert "Kab. Ketapang: disembunyikan, melindungi angka kecil" in whole
    assert "253" in page  # the whole is told
    assert "Angka beberapa orang saja" not in client.get("/wilayah/61.01/").content.decode()
