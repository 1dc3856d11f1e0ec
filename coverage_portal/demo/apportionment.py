"""Dividing a whole into whole parts that add up to it exactly."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TypeVar

K = TypeVar("K")


def apportion(total: int, weights: Mapping[K, int], fixed: Mapping[K, int] | None = None) -> dict[K, int]:
    """`total` in whole parts, as close to the weights as whole numbers get (largest remainders).

    Each part is its exact share rounded down, and what is left goes one by one to the largest remainders;
    among equal ones to the first. `fixed` parts are given; the others share the rest.

    Raises:
        ValueError: the fixed parts exceed the total, or there is a rest and no weight to share it by.
    """
    given = dict(fixed or {})
    rest = total - sum(given.values())
    sharing = {key: weight for key, weight in weights.items() if key not in given}
    whole = sum(sharing.values())
    if rest < 0 or (rest > 0 and whole == 0):
        raise ValueError(f"{total} cannot be apportioned: {rest} is left for a weight of {whole}")
    if rest == 0:
        return {key: given.get(key, 0) for key in weights}
    parts = {key: rest * weight // whole for key, weight in sharing.items()}
    by_remainder = sorted(sharing, key=lambda key: -(rest * sharing[key] % whole))
    for key in by_remainder[: rest - sum(parts.values())]:
        parts[key] += 1
    return {key: given.get(key, parts.get(key, 0)) for key in weights}


def interpolated(anchors: Mapping[int, int], at: int) -> int:
    """The value at a point on the straight lines between anchors, rounded down; the outer ones reach on."""
    points = sorted(anchors)
    before = max((point for point in points if point <= at), default=points[0])
    after = min((point for point in points if point >= at), default=points[-1])
    if before == after or at <= points[0]:
        return anchors[before if at > points[0] else points[0]]
    span = anchors[after] - anchors[before]
    return anchors[before] + span * (at - before) // (after - before)
