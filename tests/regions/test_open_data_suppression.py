"""Small cells in the open interface: hidden from the public, and not to be worked out from what it shows."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from regions.models import Regency
from tests import factories

pytestmark = pytest.mark.django_db

MONTH = "2025-07"
MEMBERS = {"61.04": {"PU": 3, "BPU": 200, "JAKON": 50}, "61.08": {"PU": 90, "BPU": 300, "JAKON": 20}}


@pytest.fixture
def small_cell() -> None:
    """Every regency's members; three people in the first segment of Ketapang."""
    for regency in Regency.objects.active():
        for segment in ("PU", "BPU", "JAKON"):
            factories.workforce(regency, 1000, segment=segment)
            members = MEMBERS.get(regency.code, {}).get(segment, 400)
            factories.membership(regency, members, segment=segment, month=MONTH)


def everything(client: Client) -> dict[tuple[str, str | None], dict[str, Any]]:
    found = {}
    for code in ("61", *Regency.objects.active().values_list("code", flat=True)):
        for item in client.get(f"/api/v1/coverage?area={code}&month={MONTH}").json()["items"]:
            found[item["area"], item["segment"]] = item
    return found


def worked_out(found: dict[tuple[str, str | None], dict[str, Any]]) -> int | None:
    """The small cell as sums give it: from its regency's whole, else from its segment's."""
    regencies = {area for area, _segment in found if area != "61"}
    row = [found["61.04", s]["members"] for s in (None, "BPU", "JAKON")]
    column = [found["61", "PU"]["members"], *(found[a, "PU"]["members"] for a in regencies - {"61.04"})]
    for whole, *parts in (row, column):
        if whole is not None and None not in parts:
            return int(whole - sum(parts))
    return None


def test_small_cell_and_what_would_give_it_away_are_hidden(client: Client, small_cell: None) -> None:
    found = everything(client)

    item = found["61.04", "PU"]
    assert (item["members"], item["coverage_percent"], item["gap"]) == (None, None, None)
    assert (item["basis"], item["workforce"]) == ("suppressed", 1000)
    assert worked_out(found) is None
    hidden = {cell for cell, each in found.items() if each["basis"] == "suppressed"}
    assert hidden == {("61.04", "PU"), ("61.04", "JAKON"), ("61.08", "PU"), ("61.08", "JAKON")}
    assert all(found[cell]["members"] is None and found[cell]["gap"] is None for cell in hidden)


def test_control_arm_hiding_the_small_cell_alone_is_undone(
    client: Client, small_cell: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(
        "regions.coverage.small_cells.hidden",
        lambda values, *_: frozenset(c for c, n in values.items() if 0 < n < 5),
    )

    assert worked_out(everything(client)) == 3


def test_membership_hides_the_same_cells(client: Client, small_cell: None) -> None:
    items = client.get("/api/v1/membership?area=61.04").json()["items"]

    assert [item["members"] for item in items] == [253, None, 200, None, None]
    assert [item["basis"] for item in items][1] == "suppressed"


def test_csv_hides_the_same_cells(client: Client, small_cell: None) -> None:
    lines = client.get(f"/api/v1/coverage.csv?area=61.04&month={MONTH}").content.decode().splitlines()

    assert lines[2] == "61.04,2025-07,PU,,1000,,61.00,,suppressed,true"


def test_whoever_has_the_area_sees_its_small_cells(client: Client, small_cell: None) -> None:
    client.force_login(factories.user("ketapang", "61.04"))
    own, other = (
        {
            i["segment"]: i["members"]
            for i in client.get(f"/api/v1/coverage?area={a}&month={MONTH}").json()["items"]
        }
        for a in ("61.04", "61.08")
    )
    client.force_login(factories.user("provinsi", "61"))
    whole = everything(client)

    assert (own["PU"], other["PU"]) == (3, None)
    assert [item["basis"] for item in whole.values()].count("suppressed") == 0


def test_tag_of_the_public_is_not_that_of_whoever_sees_more(client: Client, small_cell: None) -> None:
    address = f"/api/v1/coverage?area=61.04&month={MONTH}"
    tag = client.get(address)["ETag"]
    client.force_login(factories.user("ketapang", "61.04"))

    response = client.get(address, headers={"if-none-match": tag})

    assert (response.status_code, response.json()["items"][1]["members"]) == (200, 3)


def test_threshold_is_a_setting(client: Client, small_cell: None, settings: Any) -> None:
    settings.SMALL_CELLS_BELOW = 0

    assert everything(client)["61.04", "PU"]["members"] == 3


def test_reconciliation_hides_small_cells_from_the_public(client: Client, small_cell: None) -> None:
    page = client.get(f"/rekonsiliasi/61.04/?bulan={MONTH}").content.decode()
    table = (
        client.get(f"/rekonsiliasi/61.04/segmen.csv?bulan={MONTH}").content.decode("utf-8-sig").splitlines()
    )
    client.force_login(factories.user("ketapang", "61.04"))
    own = client.get(f"/rekonsiliasi/61.04/segmen.csv?bulan={MONTH}").content.decode("utf-8-sig").splitlines()

    assert "disembunyikan, melindungi angka kecil" in page
    assert table[2] == "PU;61.04;2025-07;PU;;;;;;;;disembunyikan, melindungi angka kecil;1;0;1"
    assert own[2] == "PU;61.04;2025-07;PU;3;;;;;;3;laporan BPJS;1;0;1"
