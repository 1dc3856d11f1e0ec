"""The words by which worker lists name occupation groups and payers of contributions."""

from __future__ import annotations

from projects.choices import Funding, Occupation
from regions.imports.headings import plain

_OCCUPATIONS: dict[Occupation, str] = {
    Occupation.FISHER: "nelayan|pembudidaya ikan|petambak",
    Occupation.FARMER: "petani|pekebun|peternak|buruh tani|petani pekebun",
    Occupation.PALM_WORKER: "pekerja kebun sawit|pekerja sawit|buruh sawit|petani sawit"
    "|pekerja perkebunan sawit",
    Occupation.TRADER: "pedagang|pelaku umkm|umkm|wirausaha",
    Occupation.DRIVER: "pengemudi|ojek|ojol|pengemudi dan ojek|sopir|supir|pengemudi ojek|driver",
    Occupation.BUILDER: "buruh bangunan|tukang|tukang bangunan|pekerja bangunan",
    Occupation.VILLAGE_OFFICIAL: "perangkat desa|kepala desa|kepala dan perangkat desa|aparat desa|kades",
    Occupation.NEIGHBOURHOOD: "rt rw|rt|rw|pengurus rt rw|ketua rt|ketua rw|pengurus rt|pengurus rw",
    Occupation.VILLAGE_COUNCIL: "bpd|anggota bpd|badan permusyawaratan desa",
    Occupation.CADRE: "kader|kader posyandu|kader desa|kader kesehatan|posyandu",
    Occupation.CIVIL_GUARD: "linmas|anggota linmas|hansip",
    Occupation.NON_CIVIL_SERVANT: "non asn|pegawai non asn|honorer|tenaga honorer|thl|tenaga kontrak",
    Occupation.ELECTION_WORKER: "penyelenggara pemilu|pemilu|kpps|pps|ppk|panwas|pengawas pemilu",
    Occupation.RELIGIOUS_WORKER: "pekerja sosial keagamaan|keagamaan|guru ngaji|marbot|imam masjid|pendeta",
    Occupation.EMPLOYEE: "karyawan|karyawan perusahaan|pegawai|pegawai swasta|karyawan swasta|buruh pabrik",
    Occupation.OTHER: "lainnya|lain lain|lain",
}
_FUNDING: dict[Funding, str] = {
    Funding.SELF: "mandiri|sendiri|pribadi|peserta",
    Funding.EMPLOYER: "perusahaan|pemberi kerja|badan usaha",
    Funding.REGION: "apbd|apbd kabupaten|apbd provinsi|apbd kab|apbd prov|apbd kab kota|apbd kota|pemda",
    Funding.VILLAGE: "apbdes|apb desa|dana desa|desa",
    Funding.PALM_FUND: "dbh sawit|dbh|sawit|dbh perkebunan sawit",
    Funding.CSR: "csr|tjsl|csr perusahaan",
}


def _table(words: dict[Occupation, str] | dict[Funding, str]) -> dict[str, str]:
    return {
        plain(word): str(choice.value)
        for choice, texts in words.items()
        for word in (*texts.split("|"), str(choice.value))
    }


_OCCUPATION_OF = _table(_OCCUPATIONS)
_FUNDING_OF = _table(_FUNDING)


def occupation_of(text: str) -> str | None:
    """The occupation group that a text names, None where it names none."""
    return _OCCUPATION_OF.get(plain(text))


def funding_of(text: str) -> str | None:
    """The payer that a text names, None where it names none."""
    return _FUNDING_OF.get(plain(text))
