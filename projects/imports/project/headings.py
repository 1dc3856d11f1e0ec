"""What headings of project and payment lists mean: those of SPSE and LPSE, of BPJS, and of exports."""

from __future__ import annotations

from coverage_portal.intake.kinds import IGNORE
from regions.imports.headings import plain

_PROJECT = {
    "id": {"id proyek", "id portal"},
    "name": {
        "nama proyek",
        "nama paket",
        "nama pekerjaan",
        "nama tender",
        "nama paket pekerjaan",
        "nama kegiatan",
        "uraian pekerjaan",
        "paket pekerjaan",
        "paket",
        "proyek",
    },
    "package_code": {
        "kode",
        "kode paket",
        "kode lelang",
        "kode tender",
        "kode paket spse",
        "kode paket spse sirup",
        "kode paket sirup",
        "id paket",
    },
    "rup_code": {"kode rup", "id rup", "kode sirup"},
    "agency_code": {"kode instansi", "kode opd", "kode satker"},
    "agency": {"instansi", "opd", "nama instansi", "nama opd", "perangkat daerah"},
    "owner": {
        "k l pd",
        "klpd",
        "k l pd instansi",
        "skpd",
        "nama skpd",
        "satker",
        "satuan kerja",
        "nama satker",
        "pemilik menurut sumber",
        "pemberi kerja",
        "pengguna jasa",
        "pemilik proyek",
    },
    "ppk": {"ppk", "nama ppk", "pejabat pembuat komitmen"},
    "contractor": {
        "penyedia",
        "penyedia jasa",
        "nama penyedia",
        "nama pemenang",
        "pemenang",
        "kontraktor",
        "nama kontraktor",
        "pelaksana",
        "nama pelaksana",
        "rekanan",
        "nama perusahaan",
    },
    "npwp": {"npwp", "no npwp", "nomor npwp", "npwp penyedia", "npwp pemenang"},
    "npp": {"npp", "npp penyedia", "npp pelaksana"},
    "province": {"provinsi", "nama provinsi"},
    "regency_code": {"kode wilayah", "kode kabupaten kota", "kode kab kota", "kode kemendagri"},
    "regency": {
        "kabupaten kota",
        "kota kabupaten",
        "kab kota",
        "kabupaten",
        "lokasi",
        "lokasi pekerjaan",
        "lokasi proyek",
        "wilayah",
    },
    "district": {"kecamatan"},
    "fund_source": {"sumber dana", "sumber anggaran", "asal dana"},
    "budget_year": {"tahun anggaran", "ta", "tahun"},
    "work": {"jenis pekerjaan", "jenis jasa", "jenis jasa konstruksi"},
    "category": {
        "kategori",
        "detail paket",
        "jenis pengadaan",
        "jenis paket",
        "kategori pengadaan",
        "kategori pekerjaan",
        "metode",
    },
    "status": {"tender", "status tender", "status paket", "status"},
    "contract_number": {"nomor kontrak", "no kontrak", "nomor spk", "no spk"},
    "spk_date": {"tanggal spk", "tgl spk", "tanggal kontrak", "tgl kontrak", "tanggal spmk", "tgl spmk"},
    "contract_value": {"nilai kontrak", "nilai kontrak rp", "harga kontrak", "nilai spk"},
    "estimate": {"hps", "nilai hps", "hps rp"},
    "vat_included": {"termasuk ppn", "nilai termasuk ppn", "ppn termasuk"},
    "vat_rate": {"tarif ppn", "tarif ppn persen"},
    "contribution_base": {"dasar iuran", "dasar pengenaan iuran"},
    "wages_known": {"upah diketahui", "komponen upah diketahui"},
    "wages": {"jumlah upah", "komponen upah", "nilai upah"},
    "start": {"mulai", "tanggal mulai", "tgl mulai", "mulai pekerjaan"},
    "end": {"selesai", "tanggal selesai", "tgl selesai", "selesai pho", "pho", "tanggal pho", "tgl pho"},
    "maintenance_end": {
        "akhir pemeliharaan",
        "akhir masa pemeliharaan",
        "akhir pemeliharaan fho",
        "fho",
        "tanggal fho",
        "tgl fho",
    },
    "has_maintenance": {"masa pemeliharaan", "bermasa pemeliharaan"},
    "cover_end": {"perlindungan sampai", "akhir perlindungan"},
    "planned_workers": {"rencana tenaga kerja", "jumlah tenaga kerja", "jumlah tk", "rencana tk"},
    "bpjs_number": {"nomor proyek bpjs", "no proyek bpjs", "nomor proyek", "no proyek", "kode proyek bpjs"},
    "registered_on": {"tanggal pendaftaran", "tgl pendaftaran", "tanggal daftar", "tgl daftar"},
    "certified_on": {"tanggal sertifikat", "tgl sertifikat"},
    "cancelled": {"batal", "dibatalkan"},
    "cancelled_on": {"tanggal batal", "tgl batal"},
    "source": {"sumber", "sumber data"},
    "data_date": {"tanggal data", "tgl data"},
    IGNORE: {
        "link paket",
        "link peserta",
        "link tahapan",
        "spse",
        "versi spse",
        "lpse",
        "nama lpse",
        "agen",
        "panitia",
        "pokja",
        "peserta penawar",
        "peserta",
        "tender cepat",
        "pengumuman",
        "akhir lelang",
        "pagu",
        "nilai pagu",
        "nilai penawaran",
        "nilai terkoreksi",
        "harga penawaran",
        "direktur",
        "tahap",
        "tahapan",
        "metode pengadaan",
        "metode pemilihan",
        "iuran pertama dibayar",
    },
}
_PAYMENT = {
    "bpjs_number": _PROJECT["bpjs_number"],
    "package_code": _PROJECT["package_code"],
    "project_id": _PROJECT["id"],
    "name": _PROJECT["name"],
    "paid_on": {
        "tanggal bayar",
        "tgl bayar",
        "tanggal pembayaran",
        "tgl pembayaran",
        "dibayar tanggal",
        "tanggal",
    },
    "amount": {
        "jumlah dibayar",
        "jumlah bayar",
        "jumlah pembayaran",
        "nilai pembayaran",
        "iuran dibayar",
        "jumlah iuran",
        "jumlah",
        "nominal",
    },
    "reference": {"nomor bukti", "no bukti", "kode iuran", "kode bayar", "nomor referensi", "ntpn"},
    "assessment": {"nomor penetapan", "no penetapan", "penetapan iuran"},
    "note": {"catatan pembayaran", "uraian"},
    "source": _PROJECT["source"],
}


def _index(targets: dict[str, set[str]]) -> dict[str, str]:
    return {heading: target for target, headings in targets.items() for heading in headings}


_PROJECT_TARGETS, _PAYMENT_TARGETS = _index(_PROJECT), _index(_PAYMENT)


def project_target(heading: str) -> str | None:
    """The target that a heading of a project list means, else None."""
    return _PROJECT_TARGETS.get(plain(heading.replace("%", " persen ")))


def payment_target(heading: str) -> str | None:
    """The target that a heading of a payment list means, else None."""
    return _PAYMENT_TARGETS.get(plain(heading))
