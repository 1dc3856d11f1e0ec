"""The sentences a user reads when a file is refused, and the notes on one that was read."""

from __future__ import annotations

from typing import Any

from django.utils.formats import number_format
from django.utils.translation import gettext, gettext_noop

SENTENCES: dict[str, str] = {
    "empty": gettext_noop("Berkas ini kosong (0 bita). Periksa lalu pilih berkas yang berisi data."),
    "no_rows": gettext_noop(
        "Tidak ada satu baris pun yang berisi data di berkas ini. Periksa apakah berkasnya sudah benar."
    ),
    "hidden_only": gettext_noop(
        "Data hanya ada di lembar yang tersembunyi (%(sheets)s). Tampilkan lembarnya di Excel, simpan, "
        "lalu unggah lagi; atau pilih lembar itu dengan namanya."
    ),
    "no_such_sheet": gettext_noop("Lembar “%(sheet)s” tidak ada di berkas ini. Lembar yang ada: %(sheets)s."),
    "password": gettext_noop(
        "Berkas ini dilindungi kata sandi. Buka di Excel, hapus kata sandinya, simpan, lalu unggah lagi."
    ),
    "macro": gettext_noop(
        "Berkas ini memuat makro dan tidak diterima. Buka di Excel, simpan sebagai “Buku Kerja Excel "
        "(.xlsx)” tanpa makro, lalu unggah berkas itu."
    ),
    "html": gettext_noop(
        "Berkas ini sebenarnya halaman web (HTML) yang dinamai seperti lembar kerja. Buka di Excel, simpan "
        "sebagai “Buku Kerja Excel (.xlsx)”, lalu unggah berkas .xlsx itu."
    ),
    "wrong_type": gettext_noop(
        "Berkas ini bukan lembar kerja yang didukung, melainkan %(kind)s. Buka dengan aplikasinya, simpan "
        "sebagai “Buku Kerja Excel (.xlsx)” atau CSV, lalu unggah lagi."
    ),
    "disguised_text": gettext_noop(
        "Nama berkas ini menyebutnya lembar kerja, tetapi isinya teks biasa. Buka di Excel, simpan sebagai "
        "“Buku Kerja Excel (.xlsx)”, lalu unggah lagi; bila memang CSV, beri nama yang berakhiran .csv."
    ),
    "xml_entities": gettext_noop(
        "Berkas ini memuat definisi XML (DOCTYPE atau ENTITY) yang dapat membahayakan sistem, sehingga "
        "ditolak. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."
    ),
    "external_link": gettext_noop(
        "Berkas ini mengambil sebagian isinya dari luar berkas, sehingga ditolak. Di Excel, putuskan "
        "tautannya (Data › Edit Tautan › Putuskan Tautan), simpan, lalu unggah lagi."
    ),
    "zip_paths": gettext_noop(
        "Berkas ini memuat nama bagian yang menunjuk ke luar berkas, sehingga ditolak. Simpan ulang dari "
        "Excel sebagai .xlsx, lalu unggah lagi."
    ),
    "duplicate_members": gettext_noop(
        "Dua bagian di dalam berkas ini bernama sama, sehingga isinya tidak pasti. Simpan ulang dari Excel "
        "sebagai .xlsx, lalu unggah lagi."
    ),
    "too_many_members": gettext_noop(
        "Berkas ini memuat terlalu banyak bagian (paling banyak %(limit)s). Salin datanya ke buku kerja "
        "baru, lalu unggah buku kerja itu."
    ),
    "too_big": gettext_noop(
        "Berkas ini terlalu besar (paling besar %(limit)s MB). Bagi menjadi beberapa berkas, lalu unggah "
        "satu per satu."
    ),
    "zip_bomb": gettext_noop(
        "Isi berkas ini mengembang secara tidak wajar ketika dibuka, sehingga ditolak. Salin datanya saja "
        "ke buku kerja baru, simpan sebagai .xlsx, lalu unggah lagi."
    ),
    "too_many_rows": gettext_noop(
        "Lembar ini melebihi %(limit)s baris. Bagi menjadi beberapa berkas, lalu unggah satu per satu."
    ),
    "save_as_csv": gettext_noop(
        "Lembar ini terlalu besar untuk dibaca sebagai buku kerja (%(rows)s baris, %(columns)s kolom). Di "
        "Excel, simpan sebagai CSV (“CSV UTF-8”), lalu unggah berkas CSV itu."
    ),
    "too_many_columns": gettext_noop(
        "Lembar ini melebihi %(limit)s kolom. Hapus kolom yang tidak diperlukan, simpan, lalu unggah lagi."
    ),
    "too_long_cell": gettext_noop(
        "Ada sel yang teksnya melebihi %(limit)s karakter. Pendekkan teksnya, simpan, lalu unggah lagi."
    ),
    "too_long_row": gettext_noop(
        "Ada baris yang teksnya melebihi %(limit)s karakter. Pendekkan teksnya, simpan, lalu unggah lagi."
    ),
    "too_many_errors": gettext_noop(
        "Lebih dari %(limit)s sel berisi galat atau rumus yang belum dihitung. Buka di Excel, hitung ulang "
        "(F9), perbaiki galatnya, simpan, lalu unggah lagi."
    ),
    "corrupt": gettext_noop(
        "Berkas ini rusak atau tidak lengkap sehingga tidak dapat dibaca. Buka di Excel, simpan ulang "
        "sebagai .xlsx, lalu unggah lagi."
    ),
    "timeout": gettext_noop(
        "Berkas ini terlalu lama dibaca, sehingga dihentikan. Salin datanya saja ke buku kerja baru atau "
        "bagi menjadi beberapa berkas, lalu unggah lagi."
    ),
    "memory": gettext_noop(
        "Berkas ini memerlukan terlalu banyak memori, sehingga dihentikan. Hapus baris dan kolom kosong "
        "yang jauh dari data atau simpan sebagai CSV, lalu unggah lagi."
    ),
    "encoding": gettext_noop(
        "Huruf di berkas CSV ini tidak dapat dikenali dengan pasti. Di Excel pilih Simpan Sebagai "
        "“CSV UTF-8”, lalu unggah berkas itu."
    ),
    "unclosed_quote": gettext_noop(
        "Tanda kutip pada rekaman yang dimulai di baris %(line)s tidak tertutup dengan benar. Perbaiki "
        "tanda kutipnya atau simpan datanya sebagai .xlsx, lalu unggah lagi."
    ),
    "lost_rows": gettext_noop(
        "Jumlah baris yang terbaca (%(read)s) tidak sama dengan jumlah baris di berkas (%(counted)s). "
        "Tidak ada yang disimpan. Buka di Excel, simpan ulang sebagai .xlsx, lalu unggah lagi."
    ),
}

KINDS: dict[str, str] = {
    "pdf": gettext_noop("dokumen PDF"),
    "gnumeric": gettext_noop("berkas Gnumeric"),
    "image": gettext_noop("gambar"),
    "rtf": gettext_noop("dokumen RTF"),
    "archive": gettext_noop("arsip terkompresi"),
    "zip": gettext_noop("arsip ZIP"),
    "sylk": gettext_noop("berkas SYLK"),
    "old_xls": gettext_noop("buku kerja Excel versi sangat lama"),
    "excel_2003_xml": gettext_noop("Lembar Kerja XML Excel 2003"),
    "xml": gettext_noop("berkas XML"),
    "xlsb": gettext_noop("buku kerja biner Excel (.xlsb)"),
    "docx": gettext_noop("dokumen Word"),
    "pptx": gettext_noop("presentasi PowerPoint"),
    "odt": gettext_noop("dokumen OpenDocument yang bukan lembar kerja"),
    "numbers": gettext_noop("berkas Apple Numbers"),
    "ole": gettext_noop("dokumen Office lama yang bukan buku kerja"),
    "unknown": gettext_noop("berkas biner yang tidak dikenal"),
}

NOTES: dict[str, str] = {
    "windows_1252": gettext_noop(
        "Berkas CSV ini bukan UTF-8 dan dibaca sebagai Windows-1252. Periksa huruf beraksen di pratinjau."
    ),
    "hidden_sheets": gettext_noop("Berkas ini memuat lembar tersembunyi; lembar itu tidak dibaca."),
    "external_links": gettext_noop(
        "Rumus di berkas ini merujuk ke buku kerja lain; yang dipakai nilai terakhir yang tersimpan."
    ),
    "embedded_objects": gettext_noop("Objek yang disematkan di berkas ini diabaikan."),
    "error_cells": gettext_noop("Ada sel berisi galat atau rumus yang belum dihitung."),
    "controls_removed": gettext_noop("Karakter kendali yang tidak terlihat dibuang dari teks."),
}


def sentence(code: str, params: dict[str, Any]) -> str:
    """The sentence for a refusal, in the active language."""
    return gettext(SENTENCES[code]) % {name: _shown(name, value) for name, value in params.items()}


def note(code: str) -> str:
    """The sentence for one of a workbook's notes, in the active language."""
    return gettext(NOTES[code])


def _shown(name: str, value: Any) -> str:
    if name == "kind":
        return gettext(KINDS[value])
    if isinstance(value, int) and name != "line":
        return number_format(value, force_grouping=True)
    if isinstance(value, (list, tuple)):
        return ", ".join(str(item) for item in value)
    return str(value)
