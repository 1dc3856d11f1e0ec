"""What may be supposed in the simulation of targets."""

from __future__ import annotations

import re
from collections.abc import Sequence

from django import forms
from django.http import QueryDict
from django.utils.functional import cached_property
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _

from coverage_portal.lib.inputs import CountInput
from coverage_portal.lib.numbers import format_number
from regions.coverage import Cell, Move

from .overview import MonthForm

_CELL = re.compile(r"[tl]\.[0-9]{2}(\.[0-9]{2})?(\.[A-Z]{2,5})?")
"""The name of a field that moves a cell: `t.61.01.PU`; without a segment where it has no detail."""


class WhatIfAddressForm(MonthForm):
    """All that an address of the simulation may ask: the area, the month, and any cells, in their order.

    An empty field is not valid: such an address is not answered but led to a shorter one.
    """

    wilayah = forms.CharField(required=False)

    def __init__(self, asked: QueryDict) -> None:
        super().__init__(asked)
        for name in sorted(asked):
            if _CELL.fullmatch(name):
                self.fields[name] = forms.CharField()


class WhatIfForm(forms.Form):
    """What is asked of each cell: `t.61.01.PU` members at once, `l.61.01.PU` members a month.

    What cannot be read or does not fit its cell is kept in its field, explained, and left out of `moves`.
    """

    ADDED, PER_MONTH = "t", "l"

    def __init__(self, asked: QueryDict, cells: Sequence[Cell]) -> None:
        super().__init__(asked)
        self.cells = {cell.key: cell for cell in cells}
        for key in self.cells:
            for kind in (self.ADDED, self.PER_MONTH):
                self.fields[f"{kind}.{key}"] = CountInput(required=False)

    @cached_property
    def moves(self) -> dict[str, Move]:
        """What was asked and fits, by cell."""
        self.is_valid()
        moves = {}
        for key, cell in self.cells.items():
            added, per_month = (
                self._bounded(f"{kind}.{key}", *bounds)
                for kind, bounds in (
                    (self.ADDED, (-cell.members, cell.room)),
                    (self.PER_MONTH, (-cell.members, cell.workforce)),
                )
            )
            if added or per_month:
                moves[key] = Move(added, per_month)
        return moves

    @property
    def plain_query(self) -> dict[str, str]:
        """The same question without empty fields, its numbers in plain digits; what is wrong stays so."""
        moves = self.moves
        query = {}
        for name in self.fields:
            typed = str(self.data.get(name, "")).strip()
            if name in self.errors:
                query[name] = typed
                continue
            kind, _dot, key = name.partition(".")
            move = moves.get(key, Move())
            people = move.added if kind == self.ADDED else move.per_month
            if people:
                query[name] = str(people)
        return query

    @property
    def is_plain(self) -> bool:
        asked = {name: self.data[name] for name in self.data if name in self.fields}
        return asked == self.plain_query

    def _bounded(self, name: str, least: int, most: int) -> int:
        people: int = self.cleaned_data.get(name) or 0
        if least <= people <= most:
            return people
        language = get_language() or "id"
        self.add_error(
            name,
            _("Di luar kemungkinan: antara %(least)s dan %(most)s orang. Isian ini tidak dihitung.")
            % {"least": format_number(least, language), "most": format_number(most, language)},
        )
        return 0
