"""What may be promised, and what may be asked of the list of promises."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.inputs import CountInput
from regions.choices import CommitmentStatus, Segment
from regions.deadlines import Stage
from regions.models import MAX_TEXT, Agency, Commitment, Regency
from regions.selectors.commitments import ALL_OPEN, Wanted

DAYS = ["%Y-%m-%d", "%d-%m-%Y", "%d/%m/%Y"]


def _day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


class ReasonForm(forms.Form):
    """Why something is changed; it goes to the history."""

    alasan = forms.CharField(label=_("Alasan perubahan (boleh kosong)"), max_length=MAX_TEXT, required=False)

    @property
    def reason(self) -> str:
        reason: str = self.cleaned_data.get("alasan") or ""
        return reason


class CommitmentForm(forms.ModelForm):
    """A promise in one regency, as it was made. Those who can answer for it may be chosen."""

    class Meta:
        model = Commitment
        fields: ClassVar = [
            "promise",
            "agency",
            "promised_members",
            "segment",
            "made_on",
            "due_on",
            "source",
        ]
        field_classes: ClassVar = {"promised_members": CountInput}
        widgets: ClassVar = {"made_on": _day_input(), "due_on": _day_input()}

    def __init__(self, *args: Any, regency: Regency, **kwargs: Any) -> None:
        kwargs.setdefault("instance", Commitment(regency=regency))
        super().__init__(*args, **kwargs)
        self.fields["agency"].queryset = Agency.objects.acting_in(regency.code).order_by("name", "code")
        self.fields["segment"].choices = [("", _("Semua segmen")), *Segment.choices]
        for name in ("made_on", "due_on"):
            self.fields[name].input_formats = DAYS

    @property
    def values(self) -> dict[str, Any]:
        """What was typed in, by field of the model."""
        return {name: self.cleaned_data[name] for name in self._meta.fields}


class ClosingForm(forms.Form):
    """What became of a promise."""

    status = forms.ChoiceField(
        label=_("Hasil"),
        choices=[
            (CommitmentStatus.DONE.value, _("Selesai: janji dipenuhi")),
            (CommitmentStatus.CANCELLED.value, _("Batal: janji tidak dilanjutkan")),
        ],
    )
    closed_on = forms.DateField(label=_("Tanggal ditutup"), input_formats=DAYS, widget=_day_input())
    closing_note = forms.CharField(
        label=_("Catatan penutupan"),
        max_length=MAX_TEXT,
        help_text=_("Misalnya berapa peserta yang terdaftar, atau mengapa dibatalkan."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{"initial": {"closed_on": timezone.localdate()}, **kwargs})


STAGE_LABELS = {
    Stage.OVERDUE: _("Lewat tenggat"),
    Stage.DUE_SOON: _("Segera jatuh tempo"),
    Stage.RUNNING: _("Berjalan"),
    Stage.DONE: _("Selesai"),
    Stage.CANCELLED: _("Batal"),
}


class CommitmentFilterForm(forms.Form):
    """Filters of the list of promises. What is not understood is left out, and said."""

    wilayah = forms.RegexField(
        label=_("Kabupaten/kota"),
        regex=r"^\d{2}\.\d{2}$",
        required=False,
        error_messages={"invalid": _("Saringan kabupaten/kota tidak dapat dibaca, jadi tidak dipakai.")},
    )
    keadaan = forms.ChoiceField(
        label=_("Keadaan"),
        required=False,
        choices=[
            ("", _("Semua")),
            (ALL_OPEN, _("Semua yang belum ditutup")),
            *((stage.value, label) for stage, label in STAGE_LABELS.items()),
        ],
        error_messages={"invalid_choice": _("Saringan %(value)s tidak dikenal, jadi tidak dipakai.")},
    )

    @property
    def wanted(self) -> Wanted:
        self.is_valid()
        given = self.cleaned_data
        return Wanted(regency=given.get("wilayah") or "", stage=given.get("keadaan") or "")

    @property
    def kept(self) -> dict[str, object]:
        """The filters as an address has them."""
        self.is_valid()
        return {name: value for name, value in self.cleaned_data.items() if value}

    @property
    def messages(self) -> list[str]:
        return [message for errors in self.errors.values() for message in errors]
