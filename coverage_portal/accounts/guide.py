"""The guide: for each role, what it is for, what to do first, and what the portal does not let it do."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from . import roles

Text = str | Promise


@dataclass(frozen=True, slots=True)
class Guide:
    """One role's page. `work` are steps in order, `limits` what is not possible, and why."""

    role: str
    title: Text
    lead: Text
    work: tuple[Text, ...]
    limits: tuple[Text, ...]


_SECOND_FACTOR = _(
    "Pekerjaan ini memerlukan kode kedua. Pasang aplikasi autentikator saat masuk pertama kali, lalu cetak "
    "kode pemulihannya dan simpan di tempat aman."
)

PAGES = (
    Guide(
        roles.VIEWER,
        _("Pembaca"),
        _("Untuk pimpinan dan pejabat yang memakai angka cakupan di wilayahnya."),
        (
            _("Buka Cakupan: yang pertama tampak adalah wilayah Anda, dengan target dan kekurangannya."),
            _("Periksa baris “Data masuk”: bulan yang belum lengkap diberi tanda, bukan dianggap nol."),
            _("Cetak Ringkasan Eksekutif untuk rapat; setiap angka membawa tanggal dan sumbernya."),
            _("Buka Proyek untuk proyek yang belum terlindungi, dan Tindak lanjut untuk janji."),
        ),
        (_("Pembaca tidak mengubah apa pun dan tidak melihat NIK siapa pun."),),
    ),
    Guide(
        roles.IMPORTER,
        _("Staf BPJS"),
        _("Untuk petugas yang memasukkan rekap peserta, daftar tenaga kerja, dan data proyek dari berkas."),
        (
            _("Buka Impor, pilih jenis berkas, dan unggah apa adanya: kolom dan baris judul dicari sendiri."),
            _("Baca pratinjau: baru, berubah, sama, salah, dilewati; jumlahnya sama dengan baris dibaca."),
            _("Unduh baris yang salah, perbaiki, lalu unggah lagi. Baris yang benar tidak perlu dihapus."),
            _("Konfirmasi bila sesuai. Yang keliru dapat dibatalkan, atau dikoreksi dengan berkas baru."),
            _SECOND_FACTOR,
        ),
        (
            _("Baris dari wilayah lain, atau yang memindahkan data dari sana, menjadi baris salah."),
            _("NIK hanya tampak empat angka terakhir. Mengunduh NIK lengkap dicatat dengan nama Anda."),
        ),
    ),
    Guide(
        roles.EDITOR,
        _("Pengelola data"),
        _("Untuk yang memelihara potensi, target, angka yang dikutip, janji, dan proyek di wilayahnya."),
        (
            _("Buka Admin untuk mengubah satu catatan; isi alasan perubahannya."),
            _("Pakai Impor untuk banyak catatan sekaligus: perubahannya tampak sebelum ditulis."),
            _("Setiap perubahan tersimpan dengan nilai sebelum dan sesudahnya."),
            _SECOND_FACTOR,
        ),
        (_("Bulan yang sudah disetujui tidak berubah diam-diam: perbedaannya ditampilkan sebagai revisi."),),
    ),
    Guide(
        roles.PROJECT_ADMIN,
        _("Pengelola proyek"),
        _("Untuk instansi yang memiliki proyek konstruksi dan biro pengadaan."),
        (
            _("Buka Proyek dan saring menurut tindak lanjut: belum terdaftar, belum dibayar, akan berakhir."),
            _("Perbaiki kontrak, adendum, penetapan, dan pembayaran di Admin; isi alasannya."),
            _("Cocokkan paket pengadaan dengan pendaftaran BPJS, dan cetak surat imbauan."),
            _SECOND_FACTOR,
        ),
        (
            _("Bila akun Anda untuk satu instansi, hanya proyek instansi itu yang tampak."),
            _("Pengelola di kabupaten/kota melihat proyek provinsi di wilayahnya, tetapi tidak mengubahnya."),
        ),
    ),
    Guide(
        roles.APPROVER,
        _("Penyetuju"),
        _("Untuk pejabat yang menyetujui angka bulanan sebelum diterbitkan."),
        (
            _("Periksa angka bulan yang diajukan pada halaman wilayahnya, berikut kelengkapan datanya."),
            _("Setujui bila benar. Sejak itu angkanya beku; perubahan menjadi revisi bernomor."),
            _SECOND_FACTOR,
        ),
        (_("Penyetuju tidak mengimpor: yang memasukkan angka dan yang menyetujuinya dua orang berbeda."),),
    ),
    Guide(
        roles.PORTAL_ADMIN,
        _("Admin portal"),
        _("Untuk yang mengelola pengguna dan wilayah kerjanya."),
        (
            _("Undang pengguna: pilih peran dan wilayah, lalu cetak tautannya. Tautan hanya tampil sekali."),
            _("Bila seseorang lupa kata sandi atau kehilangan ponsel, buatkan tautan baru."),
            _("Cabut peran yang tidak dipakai lagi; sesi pengguna itu berakhir saat itu juga."),
            _("Buka Riwayat untuk melihat siapa mengubah apa, dan siapa masuk dari mana."),
            _SECOND_FACTOR,
        ),
        (
            _("Anda tidak dapat mengubah peran sendiri, atau memberi wilayah yang bukan milik Anda."),
            _("Riwayat hanya dapat ditambah: tidak seorang pun dapat mengubah atau menghapusnya."),
        ),
    ),
    Guide(
        roles.SUPERVISOR,
        _("Pengawas"),
        _("Untuk pengawas ketenagakerjaan yang memeriksa perlindungan pekerja di lokasi proyek."),
        (
            _("Buka Cek NIK di ponsel, ketik NIK pekerja, dan baca apakah ia terlindungi hari ini."),
            _("Buka Proyek untuk melihat pendaftaran dan pembayaran proyek yang Anda datangi."),
        ),
        (
            _("Jawaban hanya tentang wilayah Anda. Pekerja di tempat lain dijawab belum terdaftar."),
            _("Setiap pemeriksaan dicatat. NIK tidak pernah muncul di alamat halaman."),
        ),
    ),
    Guide(
        roles.AUDITOR,
        _("Auditor"),
        _("Untuk pemeriksa yang membaca angka dan riwayatnya selama waktu terbatas."),
        (
            _("Buka Riwayat: saring menurut tanggal, pelaku, jenis, wilayah, dan alasan, lalu unduh."),
            _("Telusuri sebuah angka sampai ke berkas impor dan orang yang mengonfirmasinya."),
        ),
        (
            _("Auditor tidak mengubah apa pun dan tidak melihat NIK."),
            _("Akses berakhir sendiri pada tanggal yang tertulis di halaman Akun."),
        ),
    ),
)
BY_ROLE = {page.role: page for page in PAGES}
