"""What headings and labels of area sheets mean, in the spellings they come in."""

from __future__ import annotations

import re

from coverage_portal.lib.periods import Month, parse_month
from coverage_portal.lib.values import BadValue
from regions.choices import Segment

ALL_SEGMENTS = ""
"""In keys and options: the total without detail."""

_AREA = {
    "kabupaten kota",
    "kab kota",
    "kabupaten",
    "kota",
    "wilayah",
    "nama wilayah",
    "nama kabupaten kota",
    "nama kab kota",
    "kabupaten dan kota",
    "daerah",
    "nama daerah",
    "wilayah kerja",
    "area",
    "regency",
    "kab",
}
_AREA_CODE = {
    "kode",
    "kode wilayah",
    "kode kab kota",
    "kode kabupaten kota",
    "kode daerah",
    "kode area",
    "area code",
}
_KEMENDAGRI_CODE = {"kode kemendagri", "kode wilayah kemendagri", "kemendagri"}
_BPS_CODE = {"kode bps", "kode wilayah bps", "bps", "kode kab kota bps"}
_SEGMENT = {"segmen", "segmen kepesertaan", "jenis kepesertaan", "segment", "kelompok", "kepesertaan"}
_MONTH = {"bulan", "periode", "bulan data", "bulan periode", "month", "period", "bulan tahun", "posisi"}
_YEAR = {"tahun", "tahun data", "year", "thn"}
_SOURCE = {"sumber", "sumber data", "source"}
_DATA_DATE = {"tanggal data", "tgl data", "tanggal posisi", "data date"}
_TOTAL = {
    "total",
    "jumlah",
    "total peserta",
    "total peserta aktif",
    "jumlah total",
    "total aktif",
    "jml",
    "total segmen",
    "semua segmen",
    "peserta aktif total",
    "peserta aktif jumlah",
    "total potensi",
    "potensi total",
    "potensi jumlah",
    "jumlah potensi",
    "total tenaga kerja",
}
_PERCENT = {
    "",
    "persen",
    "persentase",
    "cakupan",
    "persentase cakupan",
    "cakupan kepesertaan",
    "coverage",
    "persen cakupan",
    "prosentase",
    "cakupan persen",
}
_SEGMENTS = {
    Segment.PU: {
        "pu",
        "ppu",
        "penerima upah",
        "pu penerima upah",
        "penerima upah pu",
        "formal",
        "pekerja penerima upah",
    },
    Segment.BPU: {
        "bpu",
        "pbpu",
        "bukan penerima upah",
        "bpu bukan penerima upah",
        "bukan penerima upah bpu",
        "informal",
        "pekerja bukan penerima upah",
    },
    Segment.JAKON: {
        "jakon",
        "jasa konstruksi",
        "jakon jasa konstruksi",
        "jasa konstruksi jakon",
        "konstruksi",
        "jk",
    },
    Segment.PMI: {
        "pmi",
        "pekerja migran",
        "pekerja migran indonesia",
        "pmi pekerja migran indonesia",
        "pekerja migran indonesia pmi",
    },
}
_EVERY = {"semua", "semua segmen", "total", "jumlah", "seluruh segmen", "belum dirinci"}
_FILLERS = re.compile(
    r"\b(peserta|aktif|jumlah|jml|tenaga kerja|tk|segmen|orang|jiwa"
    r"|pekerja terdaftar|terdaftar|kepesertaan)\b"
)
_MEMBERS = re.compile(r"\b(peserta|aktif|terdaftar|kepesertaan|members)\b")
_SHARE = re.compile(r"\b(persen|persentase|prosentase|cakupan|coverage)\b")
_POTENTIAL = re.compile(r"\b(potensi|angkatan kerja|workforce)\b")
_TOTAL_ROW = re.compile(r"^(grand |sub ?)?(total|jumlah|jml|subtotal)\b", re.IGNORECASE)


def plain(text: str) -> str:
    """A heading in small letters, words only, single-spaced."""
    return " ".join(re.sub(r"[^a-z0-9]+", " ", text.casefold()).split())


def segment_of(text: str) -> str | None:
    """The segment that a cell or title names; `ALL_SEGMENTS` for a total; None when it names none."""
    words = plain(text)
    for segment, names in _SEGMENTS.items():
        if words in names:
            return str(segment.value)
    return ALL_SEGMENTS if words in _EVERY else None


def segment_in_title(titles: list[str] | tuple[str, ...]) -> str | None:
    """The one segment that the lines above the heading name, as in "SEGMEN BPU"."""
    found = set()
    for title in titles:
        words = f" {plain(title)} "
        for segment, names in _SEGMENTS.items():
            if any(f" segmen {name} " in words for name in names):
                found.add(str(segment.value))
    return found.pop() if len(found) == 1 else None


def is_total_row(label: str) -> bool:
    return bool(_TOTAL_ROW.match(label.strip()))


def common_target(heading: str) -> str | None:
    """The target that a heading means in every kind of area sheet, else None."""
    words = plain(heading)
    if not words:
        return "percent" if "%" in heading else None
    for names, target in (
        (_AREA, "area"),
        (_AREA_CODE, "area_code"),
        (_KEMENDAGRI_CODE, "kemendagri_code"),
        (_BPS_CODE, "bps_code"),
        (_SEGMENT, "segment"),
        (_SOURCE, "source"),
        (_DATA_DATE, "data_date"),
        (_TOTAL, "total"),
    ):
        if words in names:
            return target
    return None


def is_month_heading(heading: str) -> bool:
    return plain(heading) in _MONTH


def is_year_heading(heading: str) -> bool:
    return plain(heading) in _YEAR


def is_percent_heading(heading: str) -> bool:
    return plain(heading.replace("%", " persen ")) in _PERCENT | {"persen persen"} or heading.strip() in (
        "%",
        "(%)",
    )


def is_about_members(heading: str) -> bool:
    """Whether a heading speaks of members, and so of no potensi."""
    return bool(_MEMBERS.search(plain(heading)))


def is_share(heading: str) -> bool:
    """Whether a heading speaks of a percentage of something, and so of no number of people."""
    return "%" in heading or bool(_SHARE.search(plain(heading)))


def measured_segment(heading: str) -> tuple[bool, str | None]:
    """(is it about the potensi, the segment measured) of a heading such as "Peserta Aktif PU"."""
    words = plain(heading)
    if is_share(heading):
        return False, None
    is_potential = bool(_POTENTIAL.search(words))
    rest = " ".join(_FILLERS.sub(" ", _POTENTIAL.sub(" ", words)).split())
    if not rest:
        return is_potential, None
    segment = segment_of(rest)
    return is_potential, segment


def month_heading(heading: str, year: int | None) -> Month | int | None:
    """The month that a column is of; a bare month number (1 to 12) where its year is not known."""
    if heading.isdigit() and len(heading) != 6:
        return None  # A column number or a figure, not a month.
    try:
        return parse_month(heading, year=year)
    except BadValue as error:
        if error.code != "month_without_year":
            return None
    with_any_year = parse_month(heading, year=2000)
    return None if with_any_year is None else with_any_year.month


def year_in(titles: list[str] | tuple[str, ...]) -> int | None:
    """The one year that the lines above the heading name."""
    years = {int(found) for title in titles for found in re.findall(r"(?<!\d)(20\d{2})(?!\d)", title)}
    return years.pop() if len(years) == 1 else None
