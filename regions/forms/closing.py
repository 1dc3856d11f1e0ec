"""What may be asked of the board and the archive, and what is written when a month is closed or opened."""

from __future__ import annotations

import datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.audited import MonthInput
from coverage_portal.lib.periods import Month
from regions.models import MAX_REASON
from regions.selectors.archive import Asked

CONTROL = {"class": "control"}


class MonthsForm(forms.Form):
    """`?sampai=2025-12`: the last month that the board shows."""

    sampai = MonthInput(required=False)

    @property
    def last(self) -> Month | None:
        self.is_valid()
        found: Month | None = self.cleaned_data.get("sampai")
        return found


class ArchiveForm(forms.Form):
    """`?bulan=2025-07&wilayah=61.04`: which releases; what cannot be read is as if it were not there."""

    bulan = MonthInput(required=False)
    wilayah = forms.RegexField(regex=r"^\d{2}\.\d{2}$", required=False)

    @property
    def asked(self) -> Asked:
        self.is_valid()
        return Asked(self.cleaned_data.get("bulan"), self.cleaned_data.get("wilayah") or "")

    @property
    def kept(self) -> dict[str, object]:
        return {"bulan": self.asked.month, "wilayah": self.asked.regency}


class RegenciesForm(forms.Form):
    """Which regencies of a month something is done with."""

    wilayah = forms.MultipleChoiceField(
        error_messages={
            "required": _("Pilih sekurangnya satu kabupaten/kota."),
            "invalid_choice": _("Kabupaten/kota itu di luar wilayah kerja Anda."),
        }
    )

    def __init__(self, *args: Any, codes: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["wilayah"].choices = [(code, code) for code in codes]

    @property
    def codes(self) -> list[str]:
        found: list[str] = self.cleaned_data["wilayah"]
        return found


class RevisionForm(forms.Form):
    """Why another figure is published."""

    alasan = forms.CharField(
        label=_("Alasan revisi"),
        max_length=MAX_REASON,
        widget=forms.TextInput(attrs=CONTROL),
        help_text=_("Ditampilkan bersama angkanya, di halaman dan di ringkasan."),
    )


class ExceptionForm(forms.Form):
    """Why a closed month may be changed, and until when; for several months, up to which one."""

    alasan = forms.CharField(
        label=_("Alasan pengecualian"), max_length=MAX_REASON, widget=forms.TextInput(attrs=CONTROL)
    )
    sampai = forms.DateField(
        label=_("Berlaku sampai akhir tanggal"),
        input_formats=["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"],
        widget=forms.DateInput(format="%Y-%m-%d", attrs={**CONTROL, "type": "date"}),
        error_messages={"required": _("Pengecualian harus punya batas waktu. Isi sampai kapan berlakunya.")},
    )
    hingga_bulan = MonthInput(
        label=_("Juga bulan-bulan sesudahnya, hingga bulan"),
        required=False,
        widget=forms.TextInput(attrs=CONTROL),
        help_text=_("Kosongkan untuk bulan ini saja. Potensi dan target setahun dipakai beberapa bulan."),
    )

    @property
    def valid_until(self) -> datetime.datetime:
        """The end of the day chosen, where the portal is."""
        day: datetime.date = self.cleaned_data["sampai"]
        return timezone.make_aware(datetime.datetime.combine(day, datetime.time(23, 59, 59)))

    def clean_sampai(self) -> datetime.date:
        day: datetime.date = self.cleaned_data["sampai"]
        if day < timezone.localdate():
            raise ValidationError(_("Batas waktu pengecualian sudah lewat. Pilih hari ini atau sesudahnya."))
        return day
