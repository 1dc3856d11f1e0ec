"""What the preview says that a list would do to the counted figures: just what confirming does."""

from __future__ import annotations

import pytest
from django.test import Client

from coverage_portal.intake.models import ImportBatch
from projects import counting, effects, merging
from projects.models import Enrollment
from projects.newcomers import IS_OTHER
from regions.models import Membership
from tests import factories
from tests.imports import address, staff
from tests.projects.people import HEADING, member, person, send
from tests.sheets import confirm, undo

pytestmark = pytest.mark.django_db
Line = tuple[str, str, str, str | None, str, str | None]


def counted(batch: ImportBatch) -> list[Line]:
    keys = ("area", "segment", "month", "before", "after", "official")
    return [tuple(effect[key] for key in keys) for effect in batch.effects if effect["segment"]]  # type: ignore[misc]


def stored() -> dict[tuple[str, str, str], int | None]:
    rows = Membership.objects.filter(counted__isnull=False)
    return {(m.area_code, m.segment or "", str(m.month)): m.counted for m in rows}


def test_addition_tells_counted_persons_and_the_recap_before_them() -> None:
    factories.membership(factories.regency("61.71"), 500, segment="PU", month="2025-07")
    confirm(send([member(1), member(2), member(3, regency="Kab. Sambas")]))

    batch = send([member(4), member(5, "BPU", start="2025-07-01")])

    assert [effect for effect in batch.effects if not effect["segment"]] == []
    assert counted(batch) == [
        ("Kota Pontianak", "BPU", "2025-07", None, "1", None),
        ("Kota Pontianak", "PU", "2025-07", "2", "3", "500"),
        ("Kota Pontianak", "PU", "2025-06", "2", "3", None),
        ("Kota Pontianak", "PU", "2025-05", "2", "3", None),
    ]


def test_what_is_told_is_what_confirming_does() -> None:
    """New people, some twice in the file; known ones who move, end, or are no longer paid for."""
    ended = [*HEADING, "Tanggal Berakhir", "Iuran Dibayar Sampai"]
    first = [[*member(n), "", ""] for n in range(1, 7)]
    confirm(send(first, heading=ended))
    rows = [
        [*member(1), "2025-06-10", ""],
        [*member(2, "BPU", start="2025-06-01"), "", ""],
        [*member(3, regency="Kab. Sambas", npp="CD123456", start="2025-07-15"), "", ""],
        [*member(4), "", "2025-05-31"],
        [*member(7), "", ""],
        [*member(8), "", "2025-06-30"],
        [*member(8, "BPU", start="2025-03-01"), "", "2025-06-30"],
        [*member(9, start="2024-12-01"), "2025-07-30", ""],
    ]
    before = stored()

    batch = send(rows, heading=ended)

    told = counted(batch)
    confirm(batch)
    after = stored()
    codes = {"Kota Pontianak": "61.71", "Kab. Sambas": "61.01"}
    keys = {(codes[area], segment, month) for area, segment, month, *_figures in told}
    latest = {"2025-05", "2025-06", "2025-07"}
    changed = {k for k in before.keys() | after.keys() if k[2] in latest and before.get(k) != after.get(k)}
    assert keys == changed
    for area, segment, month, was, becomes, _official in told:
        key = codes[area], segment, month
        assert (was and int(was), int(becomes)) == (before.get(key), after.get(key, 0))
    assert counting.mismatches() == {}


def test_month_that_comes_into_the_counting_brings_everyone() -> None:
    confirm(send([member(1)], data_date="2025-06-30"))

    batch = send([member(2)], data_date="2025-07-31")

    assert counted(batch)[:2] == [
        ("Kota Pontianak", "PU", "2025-07", None, "2", None),
        ("Kota Pontianak", "PU", "2025-06", "1", "2", None),
    ]
    confirm(batch)
    assert stored()["61.71", "PU", "2025-07"] == 2


def test_nothing_is_told_where_nothing_changes() -> None:
    confirm(send([member(1)]))

    assert send([member(1)]).effects == []


def test_areas_of_others_are_not_told() -> None:
    """That somebody stops counting elsewhere is known to those of that area."""
    confirm(send([member(1, regency="Kab. Sambas"), member(2)]))
    user = staff("petugas.pontianak", "61.71")

    batch = send([member(1, npp="CD123456", start="2025-07-01")], user=user)

    assert [line[:3] for line in counted(batch)] == [("Kota Pontianak", "PU", "2025-07")]


def test_newcomer_is_counted_apart_only_when_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Control arm: whoever stands twice in the file would count twice."""
    rows = [member(1), member(1, "BPU", start="2025-02-01")]

    assert [line[4] for line in counted(send(rows)) if line[2] == "2025-07"] == ["1"]
    monkeypatch.setattr(effects, "NEWCOMERS", effects.NEWCOMERS.replace("NOT (", "("))
    assert [line[4] for line in counted(send(rows)) if line[2] == "2025-07"] != ["1"]
    assert Enrollment.objects.count() == 0


def test_newcomers_are_counted_as_anew_when_confirmed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some alone, one twice, one known, in months that come in; the control arm takes all for newcomers."""
    confirm(send([member(1), member(2)], data_date="2025-05-31"))
    rows = [
        member(1, "BPU", start="2025-04-01"),
        member(3),
        member(3, "BPU", start="2025-02-01"),
        member(4),
        member(5, start="2025-06-01"),
    ]

    applied = confirm(send(rows, data_date="2025-07-31"))

    assert counting.mismatches() == {}
    assert stored()["61.71", "PU", "2025-07"] == 3
    undo(applied)
    assert counting.mismatches() == {}
    wrong = merging.NEWCOMERS.replace(IS_OTHER, "(r.known_worker IS NOT NULL)")
    monkeypatch.setattr(merging, "NEWCOMERS", wrong)
    confirm(send(rows, data_date="2025-07-31"))
    assert counting.mismatches() != {}


def test_page_shows_counted_persons_with_months_in_words(client: Client) -> None:
    user = staff("petugas", "61")
    factories.membership(factories.regency("61.71"), 1500, segment="JAKON", month="2025-07")
    batch = send([person(1, "Jakon", "Kota Pontianak", "", "2025-07-01")], user=user)
    client.force_login(user)

    content = " ".join(client.get(address(batch)).content.decode().split())

    assert "Akibatnya pada peserta terhitung" in content
    assert "Dasbor mendahulukan rekap resmi" in content
    row = (
        '<th scope="row">Kota Pontianak</th><td>Jakon</td><td>Juli 2025</td><td class="number">'
        '<span class="quiet">belum ada</span></td><td class="number"><strong>1</strong></td>'
        '<td class="number">1.500</td>'
    )
    assert row in content
