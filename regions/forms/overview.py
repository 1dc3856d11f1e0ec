"""What may be asked of a page of figures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.periods import Month
from regions.choices import Segment
from regions.models import FIRST_YEAR, LAST_YEAR
from regions.selectors import Comparison, Order

UNREADABLE_MONTH = _(
    "Bulan yang diminta tidak dapat dibaca (contoh: 2025-07); ditampilkan bulan terbaru yang lengkap."
)
UNREADABLE_COMPARISON = _(
    "Bulan pembanding tidak dapat dibaca (contoh: 2025-01); dibandingkan dengan bulan sebelumnya."
)


class MonthForm(forms.Form):
    """The month of a page of figures. What is invalid, here and below, falls back to the default."""

    bulan = forms.CharField(
        label=_("Bulan"), required=False, error_messages={"null_characters_not_allowed": UNREADABLE_MONTH}
    )

    def clean_bulan(self) -> Month | None:
        return self._month("bulan", UNREADABLE_MONTH)

    def _month(self, name: str, unreadable: Any) -> Month | None:
        text = self.cleaned_data[name]
        if not text:
            return None
        try:
            month = Month.parse(text)
        except ValueError:
            month = None
        if month is None or not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise ValidationError(unreadable)
        return month

    @property
    def month(self) -> Month | None:
        month: Month | None = self.cleaned_data.get("bulan")
        return month

    @property
    def messages(self) -> list[str]:
        """What was not understood, one sentence a field."""
        return [message for errors in self.errors.values() for message in errors]


class OverviewForm(MonthForm):
    """The month, segment and order of an overview, and what its month is compared with."""

    segmen = forms.ChoiceField(
        label=_("Segmen"),
        choices=Segment.choices,
        required=False,
        error_messages={"invalid_choice": _("Segmen yang diminta tidak dikenal; ditampilkan semua segmen.")},
    )
    banding = forms.CharField(
        label=_("Bandingkan dengan"),
        required=False,
        error_messages={"null_characters_not_allowed": UNREADABLE_COMPARISON},
    )
    urai = forms.ChoiceField(
        label=_("Uraikan menurut"),
        choices=[("wilayah", _("kabupaten/kota")), ("segmen", _("segmen"))],
        required=False,
        error_messages={
            "invalid_choice": _("Uraian yang diminta tidak dikenal; diuraikan menurut kabupaten/kota.")
        },
    )
    urut = forms.ChoiceField(
        label=_("Urutan"),
        choices=[(order.value, order.value) for order in Order],
        required=False,
        error_messages={"invalid_choice": _("Urutan yang diminta tidak dikenal; diurutkan menurut cakupan.")},
    )

    def clean_banding(self) -> Month | None:
        return self._month("banding", UNREADABLE_COMPARISON)

    @property
    def segment(self) -> str | None:
        return self.cleaned_data.get("segmen") or None

    @property
    def order(self) -> Order:
        return Order(self.cleaned_data.get("urut") or Order.COVERAGE)

    @property
    def comparison(self) -> Comparison:
        return Comparison(self.cleaned_data.get("banding"), self.cleaned_data.get("urai") == "segmen")

    @property
    def kept(self) -> dict[str, object]:
        """What links to other pages of figures take along; what is usual goes without saying."""
        order, comparison = self.order, self.comparison
        return {
            "bulan": self.month,
            "segmen": self.segment,
            "urut": order.value if order is not Order.COVERAGE else None,
            "banding": comparison.against,
            "urai": "segmen" if comparison.by_segment else None,
        }
