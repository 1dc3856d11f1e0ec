"""What may be asked of a page of figures."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.periods import Month

from .choices import Segment
from .models import FIRST_YEAR, LAST_YEAR
from .selectors import Order

UNREADABLE_MONTH = _(
    "Bulan yang diminta tidak dapat dibaca (contoh: 2025-07); ditampilkan bulan terbaru yang lengkap."
)


class OverviewForm(forms.Form):
    """The month, the segment and the order of an overview. What is invalid falls back to the default."""

    bulan = forms.CharField(
        label=_("Bulan"), required=False, error_messages={"null_characters_not_allowed": UNREADABLE_MONTH}
    )
    segmen = forms.ChoiceField(
        label=_("Segmen"),
        choices=Segment.choices,
        required=False,
        error_messages={"invalid_choice": _("Segmen yang diminta tidak dikenal; ditampilkan semua segmen.")},
    )

    urut = forms.ChoiceField(
        label=_("Urutan"),
        choices=[(order.value, order.value) for order in Order],
        required=False,
        error_messages={"invalid_choice": _("Urutan yang diminta tidak dikenal; diurutkan menurut cakupan.")},
    )

    def clean_bulan(self) -> Month | None:
        text = self.cleaned_data["bulan"]
        if not text:
            return None
        try:
            month = Month.parse(text)
        except ValueError:
            month = None
        if month is None or not FIRST_YEAR <= month.year <= LAST_YEAR:
            raise ValidationError(UNREADABLE_MONTH)
        return month

    @property
    def month(self) -> Month | None:
        month: Month | None = self.cleaned_data.get("bulan")
        return month

    @property
    def segment(self) -> str | None:
        return self.cleaned_data.get("segmen") or None

    @property
    def order(self) -> Order:
        return Order(self.cleaned_data.get("urut") or Order.COVERAGE)

    @property
    def kept(self) -> dict[str, object]:
        """What links to other pages of figures take along; the usual order goes without saying."""
        order = self.order
        return {
            "bulan": self.month,
            "segmen": self.segment,
            "urut": order.value if order is not Order.COVERAGE else None,
        }

    @property
    def messages(self) -> list[str]:
        """What was not understood, one sentence a field."""
        return [message for errors in self.errors.values() for message in errors]
