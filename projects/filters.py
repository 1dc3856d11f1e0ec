"""What may be asked of the list of projects. Whatever is invalid is left out, and said."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.values import BadValue
from regions.models import FIRST_YEAR, LAST_YEAR

from . import rates, standings, wording
from .choices import FundSource
from .compliance.messages import RULES, STATES
from .selectors.listing import DEFAULT_SORT, ENDING_WITHIN, GROUPINGS, NONE, SORTS, Grouping, Wanted

UNREADABLE_DAY = _("Tanggal posisi tidak dapat dibaca (contoh: 2025-12-31); ditampilkan posisi hari ini.")
MAX_SEARCH_LENGTH = 100


class PositionDayForm(forms.Form):
    """The day that a position is asked for: today, or one gone by."""

    per = forms.CharField(
        label=_("Posisi per tanggal"),
        required=False,
        error_messages={"null_characters_not_allowed": UNREADABLE_DAY},
    )

    def clean_per(self) -> datetime.date | None:
        try:
            day = parse_date(self.cleaned_data["per"] or None)
        except BadValue as error:
            raise ValidationError(UNREADABLE_DAY) from error
        if day is None:
            return None
        if day > timezone.localdate():
            raise ValidationError(_("Tanggal posisi belum terjadi; ditampilkan posisi hari ini."))
        if day < rates.FIRST_DAY:
            template = gettext_noop(
                "Posisi sebelum %(first)s tidak dapat dihitung; ditampilkan posisi hari ini."
            )
            raise ValidationError(wording.sentence(template, {"first": rates.FIRST_DAY}))
        return day

    @property
    def day(self) -> datetime.date:
        """The day asked for, today where none was."""
        self.is_valid()
        day: datetime.date | None = self.cleaned_data.get("per")
        return day or timezone.localdate()

    @property
    def messages(self) -> list[str]:
        """What was not understood, one sentence a field."""
        return [str(message) for errors in self.errors.values() for message in errors]


def positions_version(form: type[PositionDayForm]) -> Callable[[HttpRequest], str]:
    """For a kept page of projects: the version of their standings as of the day that its address asks for."""

    def version(request: HttpRequest) -> str:
        if not request.user.is_authenticated:
            return ""
        return standings.refresh(form(request.GET).day).version

    return version


class Choice(forms.ChoiceField):
    """A choice that may be left open; a word that is not among the choices is named in the refusal."""

    def __init__(self, label: Any, choices: Any) -> None:
        message = _("Saringan %(value)s tidak dikenal, jadi tidak dipakai.")
        super().__init__(
            label=label,
            choices=[("", _("Semua")), *choices],
            required=False,
            error_messages={"invalid_choice": message},
        )


class ProjectFilterForm(PositionDayForm):
    """Filters of the list. An agency or a regency that is not known finds nothing."""

    cari = forms.CharField(label=_("Cari"), required=False, max_length=MAX_SEARCH_LENGTH)
    wilayah = forms.RegexField(
        label=_("Kabupaten/kota"),
        regex=r"^(-|\d{2}\.\d{2})$",
        required=False,
        error_messages={"invalid": _("Saringan kabupaten/kota tidak dapat dibaca, jadi tidak dipakai.")},
    )
    instansi = forms.RegexField(
        label=_("Instansi"),
        regex=r"^(-|\d{1,9})$",
        required=False,
        error_messages={"invalid": _("Saringan instansi tidak dapat dibaca, jadi tidak dipakai.")},
    )
    dana = Choice(_("Sumber dana"), [*FundSource.choices, (NONE, _("belum diisi"))])
    tahun = forms.IntegerField(
        label=_("Tahun anggaran"),
        required=False,
        min_value=FIRST_YEAR,
        max_value=LAST_YEAR,
        error_messages=dict.fromkeys(
            ("invalid", "min_value", "max_value"),
            _("Saringan tahun anggaran tidak dapat dibaca, jadi tidak dipakai."),
        ),
    )
    keadaan = Choice(_("Keadaan"), [(state.value, _(label)) for state, label in STATES.items()])
    tindak = Choice(_("Perlu tindak lanjut"), [(rule.value, _(label)) for rule, label in RULES.items()])
    terlindungi = Choice(_("Pekerja"), [("ya", _("terlindungi")), ("tidak", _("belum terlindungi"))])
    berakhir = Choice(
        _("Perlindungan berakhir"),
        [
            (str(ENDING_WITHIN[0]), _("dalam 30 hari")),
            (str(ENDING_WITHIN[1]), _("dalam 60 hari")),
            (str(ENDING_WITHIN[2]), _("dalam 90 hari")),
        ],
    )
    menurut = Choice(_("Menurut"), [(grouping.value, _(label)) for grouping, label in GROUPINGS.items()])
    urut = Choice(_("Urutan"), [(sign + name, name) for name in SORTS for sign in ("", "-")])

    @property
    def wanted(self) -> Wanted:
        """The filters that were understood."""
        self.is_valid()
        given = self.cleaned_data
        ending, protected = given.get("berakhir"), given.get("terlindungi")
        return Wanted(
            search=given.get("cari") or "",
            regency=given.get("wilayah") or "",
            agency=given.get("instansi") or "",
            fund_source=given.get("dana") or "",
            year=given.get("tahun"),
            state=given.get("keadaan") or "",
            rule=given.get("tindak") or "",
            is_protected=None if not protected else protected == "ya",
            ending_within=int(ending) if ending else None,
            by=Grouping(given.get("menurut") or Grouping.AGENCY),
            sort=given.get("urut") or DEFAULT_SORT,
            page=self.data.get("halaman") or "1",
        )

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the search narrows the list."""
        return not self.kept.keys().isdisjoint(
            ("wilayah", "instansi", "dana", "tahun", "keadaan", "tindak", "terlindungi", "berakhir")
        )

    @property
    def kept(self) -> dict[str, object]:
        """The filters as an address has them, to build links from."""
        self.is_valid()
        given = {name: value for name, value in self.cleaned_data.items() if value not in (None, "")}
        return {name: str(value) for name, value in given.items()}


class ListAddressForm(ProjectFilterForm):
    """All that an address of the list may ask: the filters, and which of its pages."""

    halaman = forms.IntegerField(required=False, min_value=1, max_value=1_000_000)
