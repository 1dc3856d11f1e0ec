"""The sentences of compliance: states, what is missing, and what each finding says and asks for."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum
from types import MappingProxyType


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


class State(StrEnum):
    """Where a project stands; derived, never typed in."""

    INCOMPLETE = "incomplete"
    UNREGISTERED = "unregistered"
    REGISTERING = "registering"
    ACTIVE = "active"
    MAINTENANCE = "maintenance"
    FINISHED = "finished"
    IN_ARREARS = "in_arrears"
    CANCELLED = "cancelled"


class Settlement(StrEnum):
    """Whether all that is due has been paid, or a part of it."""

    SETTLED = "settled"
    INSTALMENTS = "instalments"


class Rule(StrEnum):
    """What a finding is about."""

    LATE_REGISTRATION = "late_registration"
    UNPROTECTED = "unprotected"
    COVER_SHORT = "cover_short"
    WORKERS_BELOW_PLAN = "workers_below_plan"
    UNDERPAID_AFTER_ADDENDUM = "underpaid_after_addendum"
    ARREARS = "arrears"
    OVERPAID = "overpaid"


class Status(StrEnum):
    """To be acted on, resolved, or past: the work is over and nothing can be mended any more."""

    OPEN = "open"
    RESOLVED = "resolved"
    PAST = "past"


STATES: Mapping[State, str] = MappingProxyType(
    {
        State.INCOMPLETE: _("Data belum lengkap"),
        State.UNREGISTERED: _("Belum terdaftar"),
        State.REGISTERING: _("Mendaftar, belum dibayar"),
        State.ACTIVE: _("Aktif"),
        State.MAINTENANCE: _("Masa pemeliharaan"),
        State.FINISHED: _("Selesai"),
        State.IN_ARREARS: _("Menunggak"),
        State.CANCELLED: _("Batal"),
    }
)

SETTLEMENTS: Mapping[Settlement, str] = MappingProxyType(
    {Settlement.SETTLED: _("Lunas"), Settlement.INSTALMENTS: _("Termin")}
)

MISSING: Mapping[str, str] = MappingProxyType(
    {
        "area": _("kabupaten/kota"),
        "contractor": _("penyedia jasa"),
        "spk_on": _("tanggal SPK"),
        "value": _("nilai kontrak"),
        "start": _("tanggal mulai"),
        "end": _("tanggal selesai (PHO)"),
        "maintenance_end": _("akhir pemeliharaan (FHO)"),
    }
)

RULES: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.LATE_REGISTRATION: _("Terlambat didaftarkan"),
        Rule.UNPROTECTED: _("Pekerja belum terlindungi"),
        Rule.COVER_SHORT: _("Perlindungan berakhir sebelum FHO"),
        Rule.WORKERS_BELOW_PLAN: _("Pekerja terdaftar kurang dari rencana"),
        Rule.UNDERPAID_AFTER_ADDENDUM: _("Kurang bayar setelah adendum"),
        Rule.ARREARS: _("Tunggakan iuran"),
        Rule.OVERPAID: _("Lebih bayar"),
    }
)

SENTENCES: Mapping[tuple[Rule, Status], str] = MappingProxyType(
    {
        (Rule.LATE_REGISTRATION, Status.OPEN): _(
            "Belum didaftarkan, sudah terlambat %(workdays)s hari kerja: SPK %(spk)s, "
            "batas %(limit)s hari kerja, yaitu %(deadline)s."
        ),
        (Rule.LATE_REGISTRATION, Status.RESOLVED): _(
            "Terlambat %(workdays)s hari kerja, terdaftar %(registered)s. Batasnya %(deadline)s."
        ),
        (Rule.LATE_REGISTRATION, Status.PAST): _(
            "Tidak pernah didaftarkan sampai pekerjaan berakhir %(last)s. Batasnya %(deadline)s."
        ),
        (Rule.UNPROTECTED, Status.OPEN): _(
            "Pekerjaan dimulai %(start)s dan iuran belum dibayar: %(days)s hari tanpa perlindungan."
        ),
        (Rule.UNPROTECTED, Status.RESOLVED): _(
            "%(days)s hari tanpa perlindungan, dari mulai %(start)s sampai pembayaran pertama %(paid)s."
        ),
        (Rule.UNPROTECTED, Status.PAST): _(
            "Seluruh pekerjaan, %(start)s sampai %(last)s, tanpa perlindungan: %(days)s hari."
        ),
        (Rule.COVER_SHORT, Status.OPEN): _(
            "Perlindungan berakhir %(cover)s, padahal harus sampai %(needed)s: kurang %(days)s hari."
        ),
        (Rule.COVER_SHORT, Status.PAST): _(
            "Perlindungan berakhir %(cover)s, %(days)s hari sebelum %(needed)s."
        ),
        (Rule.WORKERS_BELOW_PLAN, Status.OPEN): _(
            "Pekerja terdaftar %(enrolled)s dari rencana %(planned)s: kurang %(missing)s orang."
        ),
        (Rule.WORKERS_BELOW_PLAN, Status.PAST): _(
            "Sampai pekerjaan berakhir, pekerja terdaftar %(enrolled)s dari rencana %(planned)s."
        ),
        (Rule.UNDERPAID_AFTER_ADDENDUM, Status.OPEN): _(
            "Setelah adendum %(addendum)s iuran kurang %(amount)s (perkiraan)."
        ),
        (Rule.UNDERPAID_AFTER_ADDENDUM, Status.RESOLVED): _(
            "Iuran disesuaikan dengan adendum %(addendum)s pada %(settled)s."
        ),
        (Rule.ARREARS, Status.OPEN): _(
            "Menunggak %(amount)s sejak %(due)s, %(days)s hari, menurut penetapan iuran BPJS Ketenagakerjaan."
        ),
        (Rule.ARREARS, Status.RESOLVED): _(
            "Iuran yang jatuh tempo %(due)s dibayar %(paid)s, paling lama terlambat %(days)s hari."
        ),
        (Rule.OVERPAID, Status.OPEN): _("Dibayar %(paid)s dari %(due)s: lebih %(amount)s."),
    }
)

TO_DO: Mapping[Rule, str] = MappingProxyType(
    {
        Rule.LATE_REGISTRATION: _(
            "Minta penyedia jasa mendaftarkan proyek ini ke BPJS Ketenagakerjaan, dengan SPK dan daftar "
            "pekerja."
        ),
        Rule.UNPROTECTED: _(
            "Minta penyedia jasa membayar iuran, sekaligus atau termin pertama: perlindungan mulai saat "
            "dibayar."
        ),
        Rule.COVER_SHORT: _("Minta penyedia jasa memperpanjang perlindungan sampai akhir masa pemeliharaan."),
        Rule.WORKERS_BELOW_PLAN: _(
            "Minta penyedia jasa melengkapi daftar pekerja dengan NIK, atau perbaiki rencananya."
        ),
        Rule.UNDERPAID_AFTER_ADDENDUM: _(
            "Laporkan adendum ke BPJS Ketenagakerjaan dan bayar selisihnya setelah ditetapkan."
        ),
        Rule.ARREARS: _("Minta penyedia jasa melunasi termin yang sudah jatuh tempo."),
        Rule.OVERPAID: _(
            "Cocokkan pembayaran dengan penetapan; kelebihannya dapat diminta kembali ke BPJS "
            "Ketenagakerjaan."
        ),
    }
)

HOLIDAYS_UNKNOWN = _(
    "Hari libur %(years)s belum tersimpan di portal, sehingga hari kerjanya dihitung tanpa hari libur."
)

FAULTS: Mapping[str, str] = MappingProxyType(
    {
        "end_before_start": _("Tanggal selesai lebih awal daripada tanggal mulai (%(start)s)."),
        "maintenance_before_end": _("Akhir pemeliharaan lebih awal daripada %(end)s."),
        "before_contract": _("Tanggal ini lebih awal daripada SPK (%(contract)s)."),
        "addendum_before_contract": _("Adendum lebih awal daripada SPK (%(contract)s)."),
        "not_positive": _("Jumlah rupiah harus lebih dari nol."),
        "too_big": _("Jumlah rupiah terlalu besar."),
        "instalments_exceed": _("Jumlah termin melebihi penetapannya (%(amount)s)."),
    }
)
