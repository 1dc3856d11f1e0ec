"""The example's promises: invented, and each says so.

They were made in the months of the example's figures, so that something can have happened since. Their due
dates follow the day on which the example is loaded, as its projects do: one is overdue, one about to be due.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import Model
from django.utils import timezone

from regions import reference
from regions.choices import AgencyKind, CommitmentStatus, Segment
from regions.models import Agency, Commitment

from .figures import INVENTED, LAST_MONTH, PROVINCE


@dataclass(frozen=True, slots=True)
class Promise:
    """One promise: `ago` is how many months before the example's last month it was made, `due` how many days
    after the day of loading it falls due, `closed` how many days before that day it was closed."""

    regency: str
    text: str
    members: int | None
    segment: str = ""
    ago: int = 5
    due: int = 90
    closed: int | None = None
    status: CommitmentStatus = CommitmentStatus.OPEN
    note: str = ""
    is_provincial: bool = False


PROMISES = (
    Promise("61.01", "Mendaftarkan nelayan melalui APBD", 6_500, Segment.BPU, due=-12),
    Promise("61.01", "Mengajak perusahaan sawit mendaftarkan pekerja harian", 5_500, Segment.PU, due=20),
    Promise("61.01", "Sosialisasi di semua kecamatan", None, ago=3, due=120),
    Promise("61.04", "Mendaftarkan perangkat desa dan RT/RW", 4_200, Segment.PU, due=0),
    Promise("61.07", "Mendaftarkan petani karet rentan", 3_000, Segment.BPU, ago=4, due=-45),
    Promise("61.10", "Data pekerja tambang rakyat dilengkapi", None, ago=2, due=60, is_provincial=True),
    Promise("61.12", "Semua proyek APBD terdaftar sebelum SPK", 2_800, Segment.JAKON, due=31),
    Promise(
        "61.71",
        "Mendaftarkan pengemudi ojek daring",
        9_000,
        Segment.BPU,
        due=-70,
        closed=80,
        status=CommitmentStatus.DONE,
        note="Contoh: 9.120 pengemudi terdaftar menurut rekap BPJS",
    ),
    Promise(
        "61.72",
        "Mendaftarkan pedagang pasar",
        1_500,
        Segment.BPU,
        due=15,
        closed=5,
        status=CommitmentStatus.CANCELLED,
        note="Contoh: diganti program provinsi",
    ),
)
FORUM_DAY = 12
"""The day of the month of the invented meetings."""


def load() -> list[Model]:
    """Write the agencies that answer and their promises, in the caller's transaction; returns them all."""
    today = timezone.localdate()
    areas = dict.fromkeys(PROVINCE if each.is_provincial else each.regency for each in PROMISES)
    names = {record.code: record.name for record in reference.regencies()}
    offices = {area: _office(area, names) for area in areas}
    made = Commitment.objects.bulk_create(_commitments(today, offices))
    return [*offices.values(), *made]


def _office(area: str, names: dict[str, str]) -> Agency:
    where = "Provinsi" if area == PROVINCE else names[area]
    kind = AgencyKind.PROVINCE if area == PROVINCE else AgencyKind.REGENCY
    place = {"province_id" if area == PROVINCE else "regency_id": area}
    return Agency.objects.create(
        code=f"{area}.CONTOH-NAKER", name=f"Dinas Tenaga Kerja {where} (contoh)", kind=kind, **place
    )


def _commitments(today: datetime.date, offices: dict[str, Agency]) -> Iterator[Commitment]:
    for each in PROMISES:
        made_on = min((LAST_MONTH - each.ago).first.replace(day=FORUM_DAY), today)
        closed_on = (
            None if each.closed is None else max(made_on, today - datetime.timedelta(days=each.closed))
        )
        yield Commitment(
            regency_id=each.regency,
            agency=offices[PROVINCE if each.is_provincial else each.regency],
            promise=f"Contoh: {each.text}",
            promised_members=each.members,
            segment=each.segment,
            made_on=made_on,
            due_on=max(made_on, today + datetime.timedelta(days=each.due)),
            source=f"{INVENTED}: rapat koordinasi",
            status=each.status,
            closed_on=closed_on,
            closing_note=each.note,
        )
