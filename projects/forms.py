"""What supervisors type in, and anyone who asks what a contribution would be."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from decimal import Decimal
from typing import TypeVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage_portal.lib.identity import Nik, parse_nik
from coverage_portal.lib.numbers import parse_money
from coverage_portal.lib.periods import parse_date
from coverage_portal.lib.redaction import redact
from coverage_portal.lib.values import BadValue
from regions.sentences import CERTAINTIES

from . import contributions, wording
from .contributions import BadFacts, Contract, Estimate
from .rates import Base

T = TypeVar("T")


class LookupForm(forms.Form):
    """One NIK. A field that is refused is emptied, so that no page carries it back."""

    nik = forms.CharField(
        label=gettext_lazy("NIK"),
        max_length=40,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "numeric", "spellcheck": "false"}),
    )

    def clean_nik(self) -> Nik:
        try:
            return parse_nik(self.cleaned_data["nik"], on=timezone.localdate())
        except BadValue as error:
            raise forms.ValidationError(_(error.template) % error.params, code=error.code) from None


class DataSubjectForm(LookupForm):
    """What a person asks of their own data, and why; erasing is confirmed by a mark of its own."""

    SHOW, JSON, PDF, RESTRICT, LIFT, ERASE = "show", "json", "pdf", "restrict", "lift", "erase"

    act = forms.ChoiceField(
        label=gettext_lazy("Permintaan"),
        choices=[
            (SHOW, gettext_lazy("Lihat semua data yang disimpan")),
            (PDF, gettext_lazy("Berkas subjek data (PDF)")),
            (JSON, gettext_lazy("Berkas subjek data (JSON)")),
            (RESTRICT, gettext_lazy("Batasi pemrosesan")),
            (LIFT, gettext_lazy("Akhiri pembatasan")),
            (ERASE, gettext_lazy("Hapus data pribadi")),
        ],
    )
    reason = forms.CharField(label=gettext_lazy("Alasan"), max_length=300)
    sure = forms.BooleanField(
        label=gettext_lazy("Penghapusan tidak dapat dibatalkan; saya yakin."), required=False
    )

    def clean(self) -> dict[str, object]:
        cleaned: dict[str, object] = super().clean() or {}
        if cleaned.get("act") == self.ERASE and not cleaned.get("sure"):
            self.add_error("sure", _("Beri tanda bahwa Anda yakin: penghapusan tidak dapat dibatalkan."))
        return cleaned

    def clean_reason(self) -> str:
        return redact(self.cleaned_data["reason"])


class SimulationForm(forms.Form):
    """A contract as one would write it down: `2,4 miliar` and `2 Maret 2026` are understood.

    After `compute` the form holds the estimate, or says what is wrong at the field that is at fault.
    """

    VAT = {"ya": True, "tidak": False}
    FIELDS = {"value": "nilai", "wages": "upah", "on": "tanggal"}

    nilai = forms.CharField(label=gettext_lazy("Nilai kontrak (rupiah)"), required=False, max_length=60)
    ppn = forms.ChoiceField(
        label=gettext_lazy("Nilai itu termasuk PPN?"),
        required=False,
        choices=[
            ("", gettext_lazy("belum diketahui")),
            ("ya", gettext_lazy("termasuk PPN")),
            ("tidak", gettext_lazy("belum termasuk PPN")),
        ],
    )
    upah = forms.CharField(
        label=gettext_lazy("Jumlah upah pekerja, bila diketahui (rupiah)"), required=False, max_length=60
    )
    tanggal = forms.CharField(label=gettext_lazy("Tanggal SPK"), required=False, max_length=60)

    estimate: Estimate | None = None

    def clean_nilai(self) -> Decimal | None:
        return self._read("nilai", parse_money)

    def clean_upah(self) -> Decimal | None:
        return self._read("upah", parse_money)

    def clean_tanggal(self) -> date | None:
        return self._read("tanggal", parse_date)

    def compute(self, *, base: Base) -> None:
        """Fill `estimate` from what was typed in, by the rates of the day (today where none is given)."""
        if not self.is_valid():
            return
        contract = Contract(
            value=self.cleaned_data["nilai"],
            vat_included=self.VAT.get(self.cleaned_data["ppn"]),
            wages=self.cleaned_data["upah"],
        )
        on = self.cleaned_data["tanggal"] or timezone.localdate()
        try:
            self.estimate = contributions.assess(contract, on=on, base=base)
        except BadFacts as bad:
            self.add_error(self.FIELDS[bad.field], wording.sentence(bad.template, bad.params))

    @property
    def certainty(self) -> str:
        """How sure the rates are, in words."""
        return "" if self.estimate is None else str(CERTAINTIES[self.estimate.tariff.source.certainty])

    @property
    def notes(self) -> list[str]:
        """What has to be said beside the estimate."""
        notes = () if self.estimate is None else self.estimate.notes
        return [wording.sentence(note.template, note.params) for note in notes]

    def _read(self, name: str, parse: Callable[[object], T]) -> T:
        try:
            return parse(self.cleaned_data[name])
        except BadValue as error:
            raise forms.ValidationError(_(error.template) % error.params, code=error.code) from None


class WorkListForm(forms.Form):
    """What the work list of packages is searched for; what cannot be understood is left out."""

    q = forms.CharField(required=False, max_length=100)
    halaman = forms.IntegerField(required=False, min_value=1)


class DecisionForm(forms.Form):
    """Why a pair is one project or is not, and what its page had said."""

    alasan = forms.CharField(
        label=gettext_lazy("Alasan"),
        required=False,
        max_length=300,
        error_messages={"max_length": gettext_lazy("Alasannya terlalu panjang; paling banyak 300 huruf.")},
    )
    seen = forms.CharField(required=False, max_length=32)
