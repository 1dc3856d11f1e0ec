"""Enrollment sheets as they come: a plain one of twelve columns, and SIPP's layout of 33."""

from __future__ import annotations

import csv
import datetime
import shutil
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from benchmarks.import_enrollment import workbooks
from benchmarks.import_enrollment.people import Person, people
from benchmarks.import_enrollment.workbooks import Cell

HEADINGS = {
    "nik": "NIK",
    "name": "Nama",
    "sex": "Jenis Kelamin",
    "birth_date": "Tanggal Lahir",
    "kpj": "Nomor KPJ",
    "segment": "Segmen",
    "regency": "Kabupaten/Kota",
    "npp": "NPP",
    "occupation": "Kelompok Pekerjaan",
    "funding": "Pembayar Iuran",
    "start": "Tanggal Mulai",
    "paid_through": "Iuran Dibayar Sampai",
}
"""The plain layout's headings, by the field of a person."""

_SIPP = (
    "NO_PEGAWAI", "NAMA_LENGKAP", "GELAR", "TELEPON_AREA_RUMAH", "TELEPON_RUMAH", "", "TELEPON_AREA_KANTOR",
    "TELEPON_KANTOR", "TELEPON_EXT_KANTOR", "HP", "EMAIL", "TEMPAT_LAHIR", "TANGGAL_LAHIR",
    "NAMA_IBU_KANDUNG", "JENIS_IDENTITAS", "NO_IDENTITAS", "MASA_LAKU_IDENTITAS", "JENIS_KELAMIN",
    "SURAT_MENYURAT_KE", "TANGGAL_KEPESERTAAN", "STATUS_KAWIN", "GOLONGAN_DARAH", "NPWP", "KODE_NEGARA",
    "UPAH", "ALAMAT", "KODE_POS", "LOKASI_PEKERJAAN", "STATUS_PEGAWAI", "TGL_AWAL_BEKERJA",
    "TGL_AKHIR_KONTRAK", "RAPEL", "NATIONALITY",
)  # fmt: skip
"""SIPP's headings; the sixth column has none."""

LAYOUTS = ("plain", "sipp")
FORMATS = ("xlsx", "csv")


def write(path: Path, count: int, *, layout: str = "plain", seed: int = 61) -> None:
    """Write a sheet of `count` people to a new .xlsx or .csv file, whichever its name says."""
    found = people(count, seed)
    rows, width = (_plain(found), len(HEADINGS)) if layout == "plain" else (_sipp(found), len(_SIPP))
    if path.suffix == ".xlsx":
        workbooks.write(path, rows, height=count + 1, width=width)
    else:
        _write_csv(path, rows)


def _plain(found: Iterable[Person]) -> Iterator[Sequence[Cell]]:
    yield tuple(HEADINGS.values())
    yield from found


def _sipp(found: Iterable[Person]) -> Iterator[Sequence[Cell]]:
    """As employers upload it: dates are text, and whoever is listed is employed, so there is no segment."""
    yield _SIPP
    for number, person in enumerate(found, start=1):
        sex = "Laki-laki" if person.sex == "L" else "Perempuan"
        birth, start = person.birth_date.isoformat(), person.start.isoformat()
        yield (
            f"P{number:07}", person.name, "", "", "", "", "", "", "", "081200000000", "", person.regency,
            birth, "IBU CONTOH", "KTP", person.nik, "SEUMUR HIDUP", sex, "E", start, "Belum Kawin", "O", "",
            "ID", 2_878_286, "Jl. Contoh 1", "78111", person.regency, "PKWT", start, "", "0", "WNI",
        )  # fmt: skip


def _write_csv(path: Path, rows: Iterable[Sequence[Cell]]) -> None:
    """As Excel in Indonesian saves it: semicolons, a byte-order mark, day before month."""
    with path.open("w", encoding="utf-8-sig", newline="") as file:
        writer = csv.writer(file, delimiter=";")
        for row in rows:
            writer.writerow([shown(cell) for cell in row])


def shown(cell: Cell) -> Cell:
    return f"{cell.day:02}/{cell.month:02}/{cell.year}" if isinstance(cell, datetime.date) else cell


def saved_anew(path: Path) -> Path:
    """The same rows in a file of other bytes beside it, as after saving it once more."""
    copy = path.with_stem(f"{path.stem}-anew")
    shutil.copyfile(path, copy)
    if path.suffix == ".xlsx":
        with zipfile.ZipFile(copy, "a") as package:
            package.comment = b"saved anew"
    else:
        with copy.open("a", encoding="utf-8", newline="") as file:
            file.write("\r\n")
    return copy
