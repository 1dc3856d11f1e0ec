"""The page that asks what if: members and paces moved, and what would come of it. Nothing is stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP
from urllib.parse import urlencode

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from coverage_portal.accounts import keeping
from coverage_portal.lib.periods import Month
from regions import coverage, rates, selectors
from regions.forms import MonthForm, WhatIfAddressForm, WhatIfForm
from regions.models import Province, Regency
from regions.sentences import CERTAINTIES, outcome_sentence

from .access import aggregate_page


@aggregate_page
@keeping.kept_page(asks=WhatIfAddressForm)
def simulation(request: HttpRequest) -> HttpResponse:
    """What coverage would be with the moves in the address, beside what it is."""
    provinces = list(Province.objects.active().visible_to(request.user))
    regencies = list(Regency.objects.active().visible_to(request.user).select_related("province").by_code())
    areas = [*provinces, *regencies]
    code = request.GET.get("wilayah") or next((area.code for area in areas), None)
    area = next((area for area in areas if area.code == code), None)
    if area is None:
        raise Http404
    months = MonthForm(request.GET)
    months.is_valid()
    basis = selectors.whatif_basis(area, months.month, reader=request.user)
    form = WhatIfForm(request.GET, basis.cells)
    if not form.is_plain:
        return redirect(_address(area, basis.month, form.plain_query))
    if not request.user.is_authenticated and request.GET.keys() - MonthForm.base_fields - {"wilayah"}:
        keeping.forgo(request)  # there are more questions than memory, and nobody answers for a stranger's
    context = {
        "areas": areas,
        "basis": basis,
        "problems": months.messages,
        "form": form,
        "groups": [_shown(group, form) for group in basis.groups],
        **(_figures(basis, basis.standing, form) if basis.cells and basis.standing else {}),
    }
    return render(request, "regions/simulation.html", context)


@dataclass(frozen=True, slots=True)
class _Row:
    """A cell with the two fields that move it."""

    cell: coverage.Cell
    added: object
    per_month: object


def _shown(group: selectors.CellGroup, form: WhatIfForm) -> dict[str, object]:
    rows = [
        _Row(cell, form[f"{form.ADDED}.{cell.key}"], form[f"{form.PER_MONTH}.{cell.key}"])
        for cell in group.cells
    ]
    asked = [name for name in form.fields if form.data.get(name)]
    keys = {cell.key for cell in group.cells}
    return {"group": group, "rows": rows, "is_open": any(name.partition(".")[2] in keys for name in asked)}


def _figures(
    basis: selectors.WhatIfBasis, standing: coverage.Standing, form: WhatIfForm
) -> dict[str, object]:
    """The present beside the simulated, the costs, and the addresses of the preset questions."""
    moves = form.moves
    outcome = coverage.simulate(basis.cells, moves, standing)
    pace = standing.pace
    carried = _carried(standing, pace)
    presets = []
    if standing.gap:
        closed = coverage.closing(basis.cells, standing.gap)
        presets.append((_("Tutup seluruh kekurangan"), _address(basis.area, basis.month, _asked(closed))))
    if pace is not None:
        kept_up = coverage.at_present_pace(basis.cells)
        presets.append((_("Laju sekarang"), _address(basis.area, basis.month, _asked(kept_up))))
    return {
        "standing": standing,
        "outcome": outcome,
        "sentence": outcome_sentence(outcome, standing),
        "pace": pace,
        "presets": presets,
        "empty_address": _address(basis.area, basis.month, {}),
        "present_at_deadline": carried,
        "present_gap": (
            None
            if carried is None or carried.members is None or standing.needed is None
            else max(standing.needed - carried.members, 0)
        ),
        "is_moved": bool(moves),
        **_costs(basis, standing, outcome),
    }


def _carried(standing: coverage.Standing, pace: coverage.Pace | None) -> coverage.Count | None:
    """The count at the deadline if the area's pace holds, within its workforce; None without a pace."""
    count, months_left = standing.count, standing.months_left
    if pace is None or pace.per_month is None or count.members is None or not months_left:
        return None
    members = int((count.members + pace.per_month * months_left).to_integral_value(ROUND_HALF_UP))
    members = min(max(members, 0), max(count.workforce or 0, count.members))
    return replace(count, members=members, month=count.month + months_left)


def _costs(
    basis: selectors.WhatIfBasis, standing: coverage.Standing, outcome: coverage.Outcome
) -> dict[str, object]:
    """A year of BPU contributions of those who are missing, by the rate of the month after the data's."""
    try:
        rate = rates.bpu_minimum((standing.count.month + 1).first)
    except rates.NoRateKnown:
        return {}
    room = sum(cell.room for cell in basis.cells if cell.segment == coverage.BPU)
    has_segments = any(cell.segment is not None for cell in basis.cells)
    return {
        "rate": rate,
        "certainty": CERTAINTIES[rate.source.certainty],
        "cost_of_gap": None if standing.gap is None else coverage.Cost(standing.gap, rate.total),
        "cost_of_moves": coverage.Cost(outcome.paid_people, rate.total),
        "cost_of_rest": (
            None if outcome.gap_at_deadline is None else coverage.Cost(outcome.gap_at_deadline, rate.total)
        ),
        "room": room if has_segments else None,
        "is_gap_above_room": has_segments and standing.gap is not None and standing.gap > room,
    }


def _asked(moves: Mapping[str, coverage.Move]) -> dict[str, str]:
    """Moves as the fields of the address."""
    query = {}
    for key, move in moves.items():
        for kind, people in ((WhatIfForm.ADDED, move.added), (WhatIfForm.PER_MONTH, move.per_month)):
            if people:
                query[f"{kind}.{key}"] = str(people)
    return query


def _address(area: Province | Regency, month: Month | None, query: Mapping[str, str]) -> str:
    kept = {"wilayah": area.code, **({"bulan": str(month)} if month else {}), **query}
    return f"{reverse('regions:simulation')}?{urlencode(kept)}"
