"""Files of every kind that speak of one's own area and of another: names, codes, ids and NIKs of both."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.portal.furnished import HERE, THERE, Scene
from tests.projects.people import DATA_DATE, nik

Rows = list[list[Any]]

PROVINCE = "Kalimantan Barat"
OWN_PACKAGE, OWN_NUMBER = "10012301", "2500000000001"
FOREIGN_PACKAGE, FOREIGN_NUMBER = "10012399", "2500000000099"
FOREIGN_ASSESSMENT, FOREIGN_REFERENCE = "P-77105", "B-77105"
SEGMENTS = ["PU", "BPU", "JAKON", "PMI", ""]


@dataclass(frozen=True, slots=True)
class File:
    kind: str
    rows: Rows
    options: dict[str, str] = field(default_factory=dict)


class Writer:
    """Writes files by a number: the same number, the same file."""

    def __init__(self, scene: Scene, number: int) -> None:
        self._scene, self._random = scene, random.Random(number)
        self._number = number

    def file(self) -> File:
        writers: list[Callable[[], File]] = [
            self._membership,
            self._enrollment,
            self._project,
            self._payment,
            self._workforce,
            self._target,
            self._quoted,
        ]
        return writers[self._number % len(writers)]()

    def _one(self, *choices: Any) -> Any:
        return self._random.choice(choices)

    def _place(self) -> str:
        own, other = (self._scene.of(area)["regions.regency"].full_name for area in (HERE, THERE))
        return str(self._one(own, own, other, other, HERE, THERE, PROVINCE, "Sambas"))

    def _people(self) -> int:
        return self._random.randint(1, 9000)

    def _id(self, label: str) -> str:
        return str(self._one("", self._scene.here[label].pk, self._scene.there[label].pk))

    def _figures(self, kind: str, heading: list[str], *values: Callable[[], Any]) -> File:
        rows = [[self._place(), *(value() for value in values)] for _row in range(12)]
        return File(kind, [["Wilayah", *heading], *rows])

    def _membership(self) -> File:
        heading = ["Segmen", "Bulan", "Peserta Aktif"]
        months = ["2025-07", "2025-12", "2025-06", "2026-01"]
        return self._figures(
            "membership", heading, lambda: self._one(*SEGMENTS), lambda: self._one(*months), self._people
        )

    def _workforce(self) -> File:
        heading = ["Segmen", "Tahun", "Potensi"]
        return self._figures(
            "workforce", heading, lambda: self._one(*SEGMENTS), lambda: self._one(2025, 2026), self._people
        )

    def _target(self) -> File:
        heading = ["Tahun", "Target (%)", "Dasar Hukum"]
        percent = f"{self._random.randint(20, 60)} %"
        return self._figures(
            "target", heading, lambda: self._one(2026, 2027), lambda: percent, lambda: "Perwa contoh"
        )

    def _quoted(self) -> File:
        heading = ["Segmen", "Bulan Data", "Persentase Dikutip", "Sumber"]
        return self._figures(
            "quoted_figures", heading, lambda: "", lambda: self._one("2025-12", ""),
            lambda: f"{self._random.randint(20, 60)},5", lambda: "Siaran contoh",
        )  # fmt: skip

    def _package(self) -> str:
        return str(self._one("", OWN_PACKAGE, FOREIGN_PACKAGE, FOREIGN_PACKAGE, f"1002{self._people():04}"))

    def _registered(self) -> str:
        return str(self._one("", "", OWN_NUMBER, FOREIGN_NUMBER))

    def _enrollment(self) -> File:
        known = [f"617101170890{9000 + int(area[-2:])}" for area in (HERE, THERE)]
        heading = ["NIK", "Nama", "Segmen", "Kabupaten/Kota", "NPP", "Nomor Proyek", "Tanggal Mulai"]
        rows = []
        for row in range(12):
            segment = self._one("PU", "BPU", "JAKON")
            project = (
                self._one("", OWN_PACKAGE, FOREIGN_PACKAGE, FOREIGN_NUMBER) if segment == "JAKON" else ""
            )
            number = self._one(*known, known[1], nik(100 + row))
            start = self._one("2025-01-06", "2025-03-01")
            rows.append([number, "CONTOH LAIN", segment, self._place(), "AB123456", project, start])
        options = {"data_date": DATA_DATE}
        foreign = str(self._scene.there["projects.project"].pk)
        answers = self._one(
            {},
            {"project": foreign},
            {"project": foreign, "mode": "daftar_lengkap"},
            {"regency": THERE, "segment": "JAKON", "mode": "daftar_lengkap"},
        )
        if "project" in answers or "mode" in answers:
            # The answer stands for the whole list where no column says otherwise.
            rows = [
                [*row[:2], "JAKON", self._scene.here["regions.regency"].full_name, "", row[6]] for row in rows
            ]
            heading = [*heading[:5], heading[6]]
        return File("enrollment", [heading, *rows], options | answers)

    def _project(self) -> File:
        heading = [
            "Kode Paket", "Nama Proyek", "Kode Instansi", "Kabupaten/Kota", "Nomor Proyek BPJS",
            "Nilai Kontrak", "Tanggal SPK", "ID Proyek",
        ]  # fmt: skip
        rows = []
        for row in range(12):
            place = self._one(self._place(), "", f"{HERE}; {THERE}")
            agency = self._one("", f"{HERE}.PU", f"{THERE}.PU")
            named = [self._package(), f"Jalan Contoh {row}", agency, place, self._registered()]
            day = self._one("06-01-2025", "01-02-2024")
            rows.append([*named, f"{self._people()}00000", day, self._id("projects.project")])
        options: dict[str, str] = self._one({}, {"area": THERE}, {"blank_clears": "1"})
        return File("project", [heading, *rows], options)

    def _payment(self) -> File:
        heading = [
            "Nomor Proyek BPJS", "Kode Paket", "Tanggal Bayar", "Jumlah Dibayar", "Nomor Bukti",
            "Nomor Penetapan", "ID Proyek",
        ]  # fmt: skip
        rows = []
        for row in range(12):
            named = [self._registered(), self._package(), self._one("10-02-2025", "11-05-2025")]
            reference = self._one("", f"B-{row}", FOREIGN_REFERENCE)
            assessment = self._one("", "", FOREIGN_ASSESSMENT)
            rows.append([*named, f"{self._people()}000", reference, assessment, self._id("projects.project")])
        return File("payment", [heading, *rows])
