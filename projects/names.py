"""The words of names as projects and firms are called, in one spelling. Pure: no database, no Django."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

_SPELLINGS = {
    "jl": "jalan",
    "jln": "jalan",
    "jlan": "jalan",
    "jemb": "jembatan",
    "jbt": "jembatan",
    "sei": "sungai",
    "sui": "sungai",
    "kec": "kecamatan",
    "kab": "kabupaten",
    "prov": "provinsi",
    "ds": "desa",
    "dsn": "dusun",
    "kel": "kelurahan",
    "gd": "gedung",
    "gdg": "gedung",
    "bgn": "bangunan",
    "pemb": "pembangunan",
    "pembgn": "pembangunan",
    "pembang": "pembangunan",
    "peningk": "peningkatan",
    "pening": "peningkatan",
    "rehab": "rehabilitasi",
    "lanj": "lanjutan",
    "pemel": "pemeliharaan",
    "pengawsan": "pengawasan",
    "renov": "renovasi",
    "pkm": "puskesmas",
    "rsu": "rsud",
    "thp": "tahap",
    "dr": "dari",
    "dgn": "dengan",
    "utk": "untuk",
    "dlm": "dalam",
    "pd": "pada",
}
_SPLIT = {
    "sdn": ("sd", "negeri"),
    "smpn": ("smp", "negeri"),
    "sman": ("sma", "negeri"),
    "smkn": ("smk", "negeri"),
    "tkn": ("tk", "negeri"),
}
_NOTHING = {
    "dan",
    "di",
    "ke",
    "dari",
    "dengan",
    "untuk",
    "dalam",
    "pada",
    "yang",
    "ta",
    "tahun",
    "anggaran",
    "paket",
    "pekerjaan",
    "kegiatan",
    "belanja",
    "modal",
    "tender",
    "ulang",
    "no",
    "nomor",
    "kabupaten",
    "provinsi",
}
"""Words that tell no project from another."""
_ROMAN = {
    name: str(value)
    for value, name in enumerate(("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x"), 1)
}
_COUNTED = {"tahap", "segmen", "seksi", "bagian", "lot", "tipe", "kelas", "zona", "ruas", "lantai", "blok"}
"""What is numbered in Roman numerals: behind any other word a single `i`, `v` or `x` is a letter."""
_YEAR = re.compile(r"(19|20)\d\d")

_FORMS = {
    "pt",
    "cv",
    "ud",
    "pd",
    "fa",
    "firma",
    "tb",
    "koperasi",
    "kop",
    "primkop",
    "yayasan",
    "persero",
    "perum",
    "perumda",
    "perusahaan",
    "tbk",
    "kso",
    "jo",
    "ksu",
}
"""What firms are by law, which each list writes in its own way or leaves out."""


def project_words(name: str) -> list[str]:
    """A project's name as words: abbreviations written out, filling words and years left out.

    A name of nothing but such words is given whole, so that it still is something.
    """
    plain = [_SPELLINGS.get(word, word) for word in _plain_words(name)]
    words: list[str] = []
    before = ""
    for word in plain:
        if word in _ROMAN and (len(word) > 1 or before in _COUNTED):
            word = _ROMAN[word]
        elif word.isdigit():
            word = word.lstrip("0") or "0"
        words += _SPLIT.get(word, (word,))
        before = word
    telling = [word for word in words if word not in _NOTHING and not _YEAR.fullmatch(word)]
    return telling or words


def contractor_words(name: str) -> list[str]:
    """A firm's name as words, without PT, CV and the like."""
    words = re.sub(
        r"\b(p t|c v|u d)\b", lambda form: form[0].replace(" ", ""), " ".join(_plain_words(name))
    ).split()
    return [word for word in words if word not in _FORMS] or words


def numbers_in(words: Sequence[str]) -> frozenset[str]:
    """The numbers among the words of a name, which tell one school or stage from the next."""
    return frozenset(word for word in words if word.isdigit())


def _plain_words(name: str) -> list[str]:
    text = unicodedata.normalize("NFKD", name.casefold())
    text = "".join(letter for letter in text if not unicodedata.combining(letter))
    return re.sub(r"(?<=[a-z])(?=\d)|(?<=\d)(?=[a-z])|[^0-9a-z]+", " ", text).split()
