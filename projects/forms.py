"""What supervisors type in."""

from __future__ import annotations

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coverage_portal.lib.identity import Nik, parse_nik
from coverage_portal.lib.values import BadValue


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
