"""What the headings of worker lists mean, in the spellings they come in.

SIPP's upload sheet, the export that calls itself BPJS TK's, forms of BPJS Kesehatan and what employers and
villages make themselves. What is known and has no use here is ignored without a word; wages, the mother's
name and addresses are among it on purpose.
"""

from __future__ import annotations

from coverage_portal.intake.kinds import IGNORE
from regions.imports.headings import plain

_SPELLINGS: dict[str, str] = {
    "nik": "nik|no ktp|nomor ktp|no nik|nomor nik|nik ktp|nomor identitas|no identitas"
    "|nomor induk kependudukan"
    "|nik nip|nik e ktp|nik sesuai ktp|no identitas nik|nik peserta|nik tenaga kerja|ktp|nomor identitas nik",
    "name": "nama|nama tk|nama lengkap|nama tenaga kerja|nama peserta|nama pekerja|nama karyawan"
    "|nama lengkap tk"
    "|nama sesuai ktp|nama lengkap sesuai ktp|name|full name",
    "sex": "jk|jenis kelamin|sex|kelamin|l p|gender|jenis kelamin l p|jenis kelamin 1 l 2 p|jns kelamin",
    "birth_date": "tgl lahir|tanggal lahir|ttl|tgl lhr|birth date|date of birth|tanggal lahir dd mm yyyy",
    "kpj": "kpj|no kpj|nomor kpj|no peserta|nomor peserta|nomor kartu|no kartu|no kpj peserta"
    "|nomor kartu peserta|nomor kpj peserta|no kartu bpjs ketenagakerjaan|nomor bpjs ketenagakerjaan",
    "segment": "segmen|segmen kepesertaan|jenis kepesertaan|segment|segmen peserta",
    "regency": "kab kota|kabupaten|wilayah|kabupaten kota|kota kab|kota kabupaten|nama kabupaten kota"
    "|nama kab kota|lokasi pekerjaan|wilayah kerja|kabupaten dan kota|regency|kab|daerah",
    "regency_code": "kode wilayah|kode kab kota|kode kabupaten kota|kode kemendagri|kode daerah",
    "npp": "npp|no npp|nomor npp|kode perusahaan|npp perusahaan|npp pemberi kerja"
    "|nomor pendaftaran perusahaan",
    "project": "proyek|kode proyek|nomor proyek|no proyek|nomor proyek bpjs|no proyek bpjs|kode paket"
    "|nama proyek|kode paket spse|kode paket spse sirup|project",
    "occupation": "kelompok pekerjaan|pekerjaan|profesi|jenis pekerjaan|occupation|kelompok|jenis profesi",
    "funding": "pembayar iuran|sumber dana|sumber pembiayaan|pembiayaan|sumber iuran"
    "|penanggung iuran|funding",
    "start": "tanggal mulai|tgl mulai|mulai|tanggal kepesertaan|tgl kepesertaan|mulai kepesertaan"
    "|tanggal mulai kepesertaan|tgl mulai kepesertaan|start|tanggal daftar|tmt kepesertaan|terhitung mulai",
    "work_start": "tgl awal bekerja|tanggal awal bekerja|tgl mulai bekerja|tanggal mulai bekerja"
    "|tanggal bergabung|tgl masuk|tanggal masuk|tmt pegawai|tgl masuk kerja|tanggal masuk kerja",
    "end": "tanggal berakhir|tgl berakhir|berakhir|tanggal selesai|tgl selesai|tgl akhir kontrak"
    "|tanggal akhir kontrak|tanggal keluar|tgl keluar|end|tanggal nonaktif|tgl nonaktif|akhir kepesertaan",
    "paid_through": "iuran dibayar sampai|dibayar sampai|lunas sampai|iuran terakhir|bulan iuran terakhir"
    "|tanggal iuran terakhir|paid through|masa iuran terakhir|bayar sampai|iuran sampai",
}
_WAGES = (
    "upah|gaji|gaji pokok|upah sebulan|upah per bulan|rapel|upah dilaporkan|gaji pokok tunjangan|penghasilan"
    "|upah pokok|total upah|salary|wage|penghasilan sebulan|upah bulanan"
)
_WITHOUT_USE = (
    "no pegawai|nomor pegawai|nomor induk karyawan|nip lama|nip baru|nip|nama depan|nama tengah|nama belakang"
    "|gelar|telepon area rumah|telepon rumah|telepon area kantor|telepon kantor|telepon ext kantor|hp|no hp"
    "|nomor hp|no telepon|nomor telepon|telepon|telp|no telp|no wa|whatsapp|email|e mail|tempat lahir"
    "|nama ibu kandung|ibu kandung|nama ibu|jenis identitas|masa laku identitas|surat menyurat ke"
    "|status kawin"
    "|status perkawinan|status pernikahan|status nikah|golongan darah|gol darah|npwp|no npwp|kode negara"
    "|alamat|alamat rumah|alamat domisili|alamat ktp|kode pos|status pegawai|status karyawan|nationality"
    "|kewarganegaraan|kelurahan|desa|desa kelurahan|kelurahan desa|kecamatan|provinsi|rt|rw|rt rw|dusun"
    "|nama perusahaan|perusahaan|npwp perusahaan|pemberi kerja|unit kerja|jabatan|divisi|bagian"
    "|agama|pendidikan"
    "|pendidikan terakhir|status kepesertaan|status peserta|status|jht|jkk|jkm|jp|jkp|program|iuran"
    "|total iuran"
    "|iuran jkk|iuran jkm|iuran jht|iuran jp|jumlah iuran|umur|usia|nomor jkn|jenis mutasi|no kartu keluarga"
    "|nomor kartu keluarga|no kk|nomor kk|kode hubkel 1 p 2 s 3 i 4 a|kode kecamatan|nama kecamatan|kode desa"
    "|nama desa|golongan|ruang|eselon|masa berlaku|kode faskes tk i|nama faskes tk i|kode faskes gigi"
    "|nama faskes gigi|nomor kartu bpj kesehatan|nomor kartu bpjs kesehatan|no bpjs kesehatan|nama fktp lama"
    "|kode fktp lama|nama fktp baru|kode fktp baru|status 1 p 2 s 3 i 4 a|status kawin 1 bk 2 k 3 ch 4 cm"
    "|no surat keterangan kuliah untuk anak usia diatas 21 thn"
    "|tanggal surat kuliah untuk anak usia diatas 21 thn"
    "|nama bank|no rekening|nomor rekening|rekening|nama proyek lain|keterangan|ket|catatan|foto|ttd"
    "|tanda tangan|paraf|tanggal cetak|faskes|kode kantor|kantor cabang|kode cabang|no urut"
)

_TARGETS = {spelling: target for target, texts in _SPELLINGS.items() for spelling in texts.split("|")}
_WAGE_HEADINGS = frozenset(_WAGES.split("|"))
_IGNORED = frozenset(_WITHOUT_USE.split("|")) | _WAGE_HEADINGS


def target_of(heading: str) -> str | None:
    """The target of a heading, `ignore` where it is known and has no use, None where it is unknown."""
    words = plain(heading)
    target = _TARGETS.get(words)
    if target is None and words in _IGNORED:
        return IGNORE
    return target


def is_wage(heading: str) -> bool:
    """Whether a column holds what a person earns, or may: such cells are not even kept of refused rows."""
    words = plain(heading)
    return words in _WAGE_HEADINGS or any(word in ("upah", "gaji", "salary") for word in words.split())
