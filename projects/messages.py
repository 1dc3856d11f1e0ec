"""What is wrong with a cell or row of a worker list, beyond what the parsers of the library say."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from django.utils.translation import gettext_noop as _

from coverage_portal.lib.values import BadValue

TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "key_is_changing": _(
            "Kunci penyegel NIK sedang diganti, sehingga orang yang sudah tercatat belum dapat dicocokkan. "
            "Tidak ada yang ditulis. Coba lagi setelah admin selesai menggantinya."
        ),
        "name_too_long": _("Nama terlalu panjang; paling banyak %(limit)s huruf."),
        "birth_in_future": _("Tanggal lahir belum terjadi."),
        "segment_missing": _("Segmen belum diisi. Tulis PU, BPU, Jakon, atau PMI."),
        "segment_unknown": _("Segmen tidak dikenal. Tulis PU, BPU, Jakon, atau PMI."),
        "regency_is_province": _("Tulis kabupaten atau kotanya, bukan provinsinya."),
        "area_out_of_scope": _(
            "%(area)s di luar wilayah kerja Anda. Hapus baris ini atau minta admin memberi akses."
        ),
        "project_unknown": _(
            "Proyek ini belum tercatat di portal. Tulis nomor proyek BPJS atau kode paketnya, "
            "atau catat proyeknya dahulu."
        ),
        "project_not_jakon": _("Baris dengan proyek harus bersegmen Jakon."),
        "occupation_unknown": _(
            "Kelompok pekerjaan tidak dikenal, sehingga dikosongkan. Pakai kata di templat."
        ),
        "funding_unknown": _(
            "Pembayar iuran tidak dikenal. Tulis Mandiri, Perusahaan, APBD, APBDes, DBH sawit, atau CSR."
        ),
        "start_missing": _("Tanggal mulai belum diisi. Tulis misalnya 31-08-2025."),
        "end_before_start": _("Tanggal berakhir lebih awal daripada tanggal mulai."),
        "outside_list": _("Baris ini bukan bagian dari daftar lengkap yang dipilih (%(list)s)."),
        "paid_unknown": _(
            "%(count)s baris tidak menyebut sampai kapan iurannya dibayar. Orangnya dihitung sebagai peserta "
            "aktif dan diberi tanda."
        ),
        "nik_column_rounded": _(
            "NIK rusak oleh Excel: %(times)s dari %(rows)s NIK di berkas ini berakhir 0 atau kehilangan "
            "digit, padahal seharusnya kurang dari sepersepuluhnya. Berkas ini pernah disimpan dengan NIK "
            "sebagai angka. Ambil lagi daftar aslinya dengan kolom NIK berformat teks, lalu unggah kembali."
        ),
        # What comparing the rows finds
        "duplicate_row": _("sama persis dengan baris %(row)s"),
        "duplicate_rows": _("%(count)s baris sama persis dengan baris lain dan dihitung sekali saja."),
        "repeated_row": _("Baris ini sama persis dengan baris %(row)s, sehingga dilewati."),
        "duplicate_key": _(
            "Orang, segmen, pemberi kerja, dan tanggal mulai yang sama juga ada di baris %(rows)s dengan isi "
            "berbeda. Sisakan satu baris saja."
        ),
        "person_differs": _(
            "NIK yang sama ada di baris %(rows)s dengan nama, tanggal lahir, atau jenis kelamin yang "
            "berbeda. Periksa NIK-nya."
        ),
        "overlap_in_file": _(
            "Masa peserta ini bertumpuk dengan baris %(rows)s: orang, segmen, dan pemberi kerja yang sama."
        ),
        "overlap": _(
            "Orang ini sudah tercatat di segmen dan pemberi kerja yang sama sejak %(start)s. "
            "Periksa tanggal mulainya, atau isi dahulu tanggal berakhir yang lama."
        ),
        "needs_verification": _("NIK ini perlu diverifikasi oleh provinsi. Hubungi admin portal."),
        "active_elsewhere": _(
            "%(count)s orang di berkas ini sedang aktif juga di segmen atau kabupaten/kota lain. "
            "Masing-masing tetap dihitung sekali."
        ),
        "active_elsewhere_row": _("Orang ini sedang aktif juga di %(segment)s, %(area)s."),
        "list_ends": _(
            "%(count)s peserta tidak ada di daftar lengkap ini dan akan berakhir: hari terakhirnya %(day)s."
        ),
        "list_ends_person": _("Akan berakhir: %(person)s"),
        "correction_keeps": _(
            "%(count)s data sudah diubah lagi setelah impor yang salah. Perubahan itu dibiarkan, dan baris "
            "berkas ini tentang data itu dilewati."
        ),
        "correction_keeps_person": _("Dibiarkan: %(person)s"),
        "list_not_counted": _(
            "Bulan daftar ini lebih awal daripada bulan pertama yang dihitung, sehingga tidak ditandai "
            "lengkap."
        ),
    }
)


class BadCell(BadValue):
    """A cell of a worker list that cannot be used; its sentences are in `TEMPLATES` here."""

    @property
    def template(self) -> str:
        """The Indonesian sentence with %(name)s places for `params`."""
        return TEMPLATES[self.code]
