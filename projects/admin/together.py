"""What may be set in many projects at once."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils.translation import gettext_lazy as _

from coverage_portal.accounts.areas import permission_of, scope_of
from coverage_portal.lib.inputs import AmountInput
from projects.choices import FundSource, Work
from projects.models import Project
from regions.models import Agency

_ANSWERS = {"ya": True, "tidak": False}
_FLAGS = [("", "–"), ("ya", _("Ya")), ("tidak", _("Tidak"))]


class TogetherForm(forms.Form):
    """Values to set; a blank one leaves the projects as they are. The reason goes to the history."""

    agency = forms.ModelChoiceField(Agency.objects.none(), label=_("instansi"), required=False)
    ppk = forms.CharField(label=_("PPK"), max_length=120, required=False)
    fund_source = forms.ChoiceField(
        label=_("sumber dana"), choices=[("", "–"), *FundSource.choices], required=False
    )
    budget_year = forms.IntegerField(
        label=_("tahun anggaran"), min_value=2000, max_value=2100, required=False
    )
    work = forms.ChoiceField(label=_("jenis pekerjaan"), choices=[("", "–"), *Work.choices], required=False)
    vat_included = forms.ChoiceField(label=_("nilai termasuk PPN"), choices=_FLAGS, required=False)
    vat_rate = AmountInput(label=_("tarif PPN (%)"), min_value=0, max_value=100, required=False)
    start = forms.DateField(label=_("mulai"), required=False)
    end = forms.DateField(label=_("selesai (PHO)"), required=False)
    maintenance_end = forms.DateField(label=_("akhir pemeliharaan (FHO)"), required=False)
    cancelled = forms.ChoiceField(label=_("batal"), choices=_FLAGS, required=False)
    cancelled_on = forms.DateField(label=_("tanggal batal"), required=False)
    reason = forms.CharField(
        label=_("Alasan perubahan"), max_length=300, help_text=_("Disimpan di riwayat perubahan.")
    )

    def __init__(self, *args: Any, user: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        scope = scope_of(user, permission_of(Project, "change"))
        self.fields["agency"].queryset = Agency.objects.within(scope).order_by("name")  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not self.errors and not self.values:
            raise forms.ValidationError(_("Isi sekurangnya satu nilai yang hendak diubah."))
        return cleaned

    @property
    def values(self) -> dict[str, Any]:
        """What was filled in, by the project's field."""
        filled = {
            name: value
            for name, value in self.cleaned_data.items()
            if name != "reason" and value not in (None, "")
        }
        fields = Project._meta.concrete_fields
        flags = {field.name for field in fields if isinstance(field, models.BooleanField)}
        return {name: _ANSWERS[value] if name in flags else value for name, value in filled.items()}
