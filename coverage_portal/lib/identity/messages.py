"""The sentences of identity: one for each code that a parser raises or a warning carries."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from coverage_portal.lib.values import BadValue


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        # NIK, refused
        "nik_blank": _("NIK kosong."),
        "nik_excel_rounded": _(
            "NIK rusak oleh Excel: sel angka hanya menyimpan 15 digit, sehingga digit terakhir hilang. "
            "Ubah format sel menjadi teks, lalu ketik ulang NIK dari KTP."
        ),
        "nik_not_digits": _("NIK harus berisi angka saja."),
        "nik_wrong_length": _("NIK harus 16 angka; di sini ada %(length)s."),
        "nik_filler": _("Ini bukan NIK, melainkan isian pengganti: semua angkanya sama."),
        "nik_bad_area": _("Kode wilayah di awal NIK tidak mungkin ada."),
        "nik_bad_day": _(
            "Tanggal lahir di dalam NIK tidak mungkin: laki-laki memakai 01–31, perempuan 41–71."
        ),
        "nik_impossible_date": _("Tanggal lahir di dalam NIK tidak ada di kalender."),
        "nik_serial_zero": _("Nomor urut di akhir NIK tidak boleh 0000."),
        # NIK, warned of
        "nik_from_number": _(
            "NIK berasal dari sel angka. Cocokkan dengan KTP, dan ubah format selnya menjadi teks."
        ),
        "nik_unknown_province": _("Kode provinsi di dalam NIK tidak dikenal. Cocokkan dengan KTP."),
        "nik_unknown_regency": _(
            "Kode kabupaten/kota di dalam NIK tidak ada dalam daftar sekarang; mungkin kode lama."
        ),
        "nik_unknown_district": _(
            "Kode kecamatan di dalam NIK tidak ada dalam daftar sekarang; mungkin kode lama."
        ),
        "nik_birth_date_differs": _("Tanggal lahir di baris ini tidak sama dengan yang ada di dalam NIK."),
        "nik_sex_differs": _("Jenis kelamin di baris ini tidak sama dengan yang ada di dalam NIK."),
        # Numbers of BPJS Ketenagakerjaan
        "kpj_not_digits": _("Nomor KPJ harus berisi angka saja."),
        "kpj_digits_lost": _("Nomor KPJ kehilangan digit di lembar kerja; tulis sebagai teks."),
        "kpj_too_long": _("Terlalu panjang untuk nomor KPJ. Bila ini NIK, pindahkan ke kolom NIK."),
        "kpj_length": _("Nomor KPJ biasanya 11 angka; di sini tidak. Cocokkan dengan kartu peserta."),
        "npp_malformed": _("NPP terdiri atas 8 huruf atau angka, boleh diikuti kode divisi (AB123456-000)."),
        # NPWP
        "npwp_not_digits": _("NPWP harus berisi angka saja, boleh dengan titik dan tanda hubung."),
        "npwp_digits_lost": _("NPWP kehilangan digit di lembar kerja; tulis sebagai teks."),
        "npwp_unchecked": _("NPWP seri baru ini tidak memiliki angka pemeriksa; cocokkan dengan kartunya."),
        "npwp_wrong_length": _("NPWP terdiri atas 15 atau 16 angka; di sini ada %(length)s."),
        "npwp_check_digit": _("Angka pemeriksa NPWP tidak cocok; periksa kembali penulisannya."),
        "npwp_zero_restored": _("Angka 0 di depan NPWP hilang di lembar kerja dan sudah dilengkapi."),
        # Name and sex
        "name_blank": _("Nama kosong."),
        "name_without_letters": _("Nama tidak berisi huruf."),
        "name_holds_number": _(
            "Nama memuat nomor panjang seperti NIK atau KPJ; pindahkan nomor itu ke kolomnya sendiri."
        ),
        "sex_unreadable": _("Jenis kelamin tidak dapat dibaca. Tulis L atau P."),
        "sex_number": _(
            "Jenis kelamin ditulis sebagai angka, yang artinya berbeda-beda antarsistem. Tulis L atau P."
        ),
        "sex_letter_w": _(
            "Bila W berarti wanita, P di kolom yang sama dapat berarti pria. "
            "Tulis L (laki-laki) atau P (perempuan)."
        ),
    }
)


class BadIdentity(BadValue):
    """A cell that is not the number, name or sex it should be; its sentences are in `TEMPLATES` here.

    `params` never hold a part of what was read.
    """

    @property
    def template(self) -> str:
        """The Indonesian sentence with %(name)s places for `params`, as gettext takes it."""
        return TEMPLATES[self.code]
