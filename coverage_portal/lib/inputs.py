"""Form fields that read months, people and rupiah as they are written here, as strictly as the imports do.

Django's own number fields take `12.000` for twelve; here it is twelve thousand, in English `12,000` is.
"""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import get_language, gettext
from django.utils.translation import gettext_lazy as _

from .numbers import Style, format_number, parse_count, parse_money
from .periods import Month, parse_month
from .values import BadValue


class _ReadInput(forms.CharField):
    """A text that a parser of ours reads. What it refuses is said in the parser's own sentence."""

    input_mode = "text"

    def __init__(self, **kwargs: Any) -> None:
        attributes = {"inputmode": self.input_mode, "autocomplete": "off"}
        super().__init__(**{"max_length": 60, "widget": forms.TextInput(attrs=attributes), **kwargs})

    def read(self, text: str) -> Any:
        raise NotImplementedError

    def to_python(self, value: Any) -> Any:
        if value is None or isinstance(value, str):
            try:
                return self.read(super().to_python(value) or "")
            except BadValue as error:
                raise ValidationError(gettext(error.template) % error.params, code=error.code) from error
        return value

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(initial != self.to_python(data))
        except ValidationError:
            return True

    def run_validators(self, value: Any) -> None:
        """Those of numbers: what `CharField` checks of texts fits no number."""
        errors: list[ValidationError] = []
        for validator in self.validators:
            if isinstance(validator, MinValueValidator | MaxValueValidator) and value is not None:
                try:
                    validator(value)
                except ValidationError as error:
                    errors.extend(error.error_list)
        if errors:
            raise ValidationError(errors)


class MonthInput(_ReadInput):
    """A month as it is usually written: `2025-07`, `Juli 2025`, `07/2025`."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs["help_text"] = kwargs.get("help_text") or _("Misalnya 2025-07 atau Juli 2025.")
        super().__init__(**kwargs)

    def read(self, text: str) -> Month | None:
        return parse_month(text or None)


class _NumberInput(_ReadInput):
    """A number in the reader's own style, from `min_value` to `max_value`."""

    parse: Callable[..., Any]

    def __init__(
        self,
        *,
        min_value: int | None = None,
        max_value: int | None = None,
        max_digits: int | None = None,
        decimal_places: int | None = None,
        **kwargs: Any,
    ) -> None:
        """`max_digits` and `decimal_places`, which a model's field gives, are the model's to check."""
        super().__init__(**kwargs)
        if min_value is not None:
            self.validators.append(MinValueValidator(min_value))
        if max_value is not None:
            self.validators.append(MaxValueValidator(max_value))

    def read(self, text: str) -> Any:
        return type(self).parse(text or None, style=_style())

    def prepare_value(self, value: Any) -> Any:
        """A stored number as its reader writes it; what was typed in stays as it is."""
        if isinstance(value, int | Decimal) and not isinstance(value, bool):
            places = 0 if value == int(value) else 2
            return format_number(value, _style(), places)
        return value


class CountInput(_NumberInput):
    """A whole number of people or of things."""

    input_mode = "numeric"
    parse = staticmethod(parse_count)


class AmountInput(_NumberInput):
    """An amount of rupiah or a percentage, with at most two decimals; `954,5 juta` is understood too."""

    input_mode = "decimal"
    parse = staticmethod(parse_money)


def _style() -> Style:
    return "en" if get_language() == "en" else "id"
