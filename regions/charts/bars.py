"""A coverage bar with the mark of its target."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from regions.coverage import Standing
from regions.maps import Band, band


@dataclass(frozen=True, slots=True)
class Bar:
    """A coverage bar: its length and the place of the target's mark in SVG units, 0 to the bar's width.

    `target_x` is None where there is no target; `label_anchor` keeps the mark's label inside the picture.
    """

    length: str
    target_x: str | None
    label_anchor: str
    band: Band


def bar(standing: Standing, width: int) -> Bar | None:
    """The bar of a count against its own target, 100 % being `width`; None where there is nothing to draw."""
    share, target = standing.count.percent, standing.target_percent
    if share is None:
        return None
    anchor = "middle"
    if target is not None and not 20 <= target <= 80:
        anchor = "start" if target < 20 else "end"
    return Bar(
        length=_units(min(share, Decimal(100)), width),
        target_x=None if target is None else _units(target, width),
        label_anchor=anchor,
        band=band(standing),
    )


def _units(percent: Decimal, width: int) -> str:
    return f"{percent * width / 100:.2f}"
