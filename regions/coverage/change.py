"""Why coverage changed between two months: members, workforce, and the shift of weights between parts.

Coverage is sum / sum, so a whole is the average of its parts' coverage, weighted by workforce. With m, w for
the members and workforce of a part, M, W for those of the whole, 0 for then and 1 for now, each part has

    members   = (m1 - m0) / W0                          members gained, over the workforce as it was
    workforce = m1 / W0 x (w0 / w1 - 1)                 the part's own workforce grew or shrank under them
    mix       = (w1 / W1 - w0 / W0) x (m1 / w1 - M1 / W1)
                                                        the part weighs more or less than before, and its
                                                        coverage lies above or below the whole's

in percentage points when taken times 100. The weights' shifts add up to nothing, so that the three, added up
over all parts, are M1/W1 - M0/W0: all of the change, with no rest. Where every workforce grows alike, and
where there is only one part, the mix is 0.

Nothing is guessed: a comparison of which anything is missing is withheld and says what.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from coverage_portal.lib.periods import Month

from .counts import Count

MOST_NAMED = 3
"""Parts that are named as having contributed most, in each direction."""

VISIBLE = Decimal("0.005")
"""Percentage points from which on an effect is not shown as 0.00."""


class Obstacle(StrEnum):
    """Why a change is not explained; each has its own sentence."""

    NOT_EARLIER = "not_earlier"
    HIDDEN = "hidden"
    NO_DATA = "no_data"
    INCOMPLETE = "incomplete"
    NO_WORKFORCE = "no_workforce"
    PARTS_DIFFER = "parts_differ"


@dataclass(frozen=True, slots=True)
class Withheld:
    """An obstacle, the month it lies in, and the names of the parts that it concerns."""

    obstacle: Obstacle
    month: Month
    parts: tuple[str, ...] = ()


class Direction(StrEnum):
    """Where coverage went: `UNCHANGED` where no figure moved, `STEADY` where the moves do not show."""

    UP = "up"
    DOWN = "down"
    STEADY = "steady"
    UNCHANGED = "unchanged"


@dataclass(frozen=True, slots=True)
class Part:
    """A regency or a segment of the whole, counted in both months."""

    name: str
    then: Count
    now: Count


@dataclass(frozen=True, slots=True)
class Effects:
    """Percentage points of coverage that members, workforce and mix have brought."""

    members: Decimal
    workforce: Decimal
    mix: Decimal

    @property
    def total(self) -> Decimal:
        return self.members + self.workforce + self.mix


@dataclass(frozen=True, slots=True)
class PartEffects:
    """What one part has contributed to the change of the whole."""

    part: Part
    effects: Effects


@dataclass(frozen=True, slots=True)
class Change:
    """The change of coverage between two months, explained or withheld: exactly one of the two.

    `parts` are in the order given. `is_undivided` says that there are parts, but that both months are
    official totals without detail: then nothing can be told apart as mix, and `effects.mix` is 0.
    """

    then: Count
    now: Count
    effects: Effects | None = None
    parts: tuple[PartEffects, ...] = ()
    withheld: Withheld | None = None
    is_undivided: bool = False

    @property
    def points(self) -> Decimal | None:
        """Coverage now minus coverage then, percentage points; None where it is withheld."""
        if self.effects is None or self.now.percent is None or self.then.percent is None:
            return None
        return self.now.percent - self.then.percent

    @property
    def members_gained(self) -> int:
        return (self.now.members or 0) - (self.then.members or 0)

    @property
    def workforce_gained(self) -> int:
        return (self.now.workforce or 0) - (self.then.workforce or 0)

    @property
    def has_mix(self) -> bool:
        return self.effects is not None and abs(self.effects.mix) >= VISIBLE

    @property
    def direction(self) -> Direction | None:
        points = self.points
        if points is None:
            return None
        if abs(points) >= VISIBLE:
            return Direction.UP if points > 0 else Direction.DOWN
        moved = [p for p in self.parts if any((p.effects.members, p.effects.workforce, p.effects.mix))]
        is_still = not (self.members_gained or self.workforce_gained or moved)
        return Direction.UNCHANGED if is_still else Direction.STEADY

    @property
    def parts_by_effect(self) -> tuple[PartEffects, ...]:
        """All parts, from the one that raised coverage most to the one that lowered it most."""
        return tuple(sorted(self.parts, key=lambda part: -part.effects.total))

    @property
    def raising(self) -> tuple[PartEffects, ...]:
        """The parts that raised coverage most, first the one that did most."""
        return self._strongest(1)

    @property
    def lowering(self) -> tuple[PartEffects, ...]:
        """The parts that lowered coverage most, first the one that did most."""
        return self._strongest(-1)

    def _strongest(self, sign: int) -> tuple[PartEffects, ...]:
        seen = [part for part in self.parts if part.effects.total * sign >= VISIBLE]
        return tuple(sorted(seen, key=lambda part: -part.effects.total * sign)[:MOST_NAMED])


def explain(then: Count, now: Count, parts: Sequence[Part] = ()) -> Change:
    """Explain the change of a whole by all of its parts; without parts the whole is its own only one."""
    withheld = _withheld(then, now, parts)
    if withheld is not None:
        return Change(then, now, withheld=withheld)
    is_undivided = bool(parts) and not adds_up(now, [part.now for part in parts])
    told_apart = () if is_undivided else tuple(parts)
    gone = [part.name for part in told_apart if not part.now.workforce and part.then.workforce]
    if gone:
        return Change(then, now, withheld=Withheld(Obstacle.NO_WORKFORCE, now.month, tuple(gone)))
    effects = [_effects(part, then, now) for part in told_apart or (Part("", then, now),)]
    return Change(
        then,
        now,
        Effects(
            sum((each.members for each in effects), Decimal(0)),
            sum((each.workforce for each in effects), Decimal(0)),
            sum((each.mix for each in effects), Decimal(0)),
        ),
        tuple(PartEffects(part, each) for part, each in zip(told_apart, effects, strict=False)),
        is_undivided=is_undivided,
    )


def adds_up(whole: Count, parts: Sequence[Count]) -> bool:
    """Whether the parts are all known and are, added up, the whole: its members and its workforce."""
    return (
        all(part.members is not None and part.workforce is not None for part in parts)
        and sum(part.members or 0 for part in parts) == whole.members
        and sum(part.workforce or 0 for part in parts) == whole.workforce
    )


def _withheld(then: Count, now: Count, parts: Sequence[Part]) -> Withheld | None:
    if then.month >= now.month:
        return Withheld(Obstacle.NOT_EARLIER, then.month)
    for whole, counts in ((now, [part.now for part in parts]), (then, [part.then for part in parts])):
        missing = tuple(part.name for part, count in zip(parts, counts, strict=True) if count.members is None)
        unmeasured = tuple(
            part.name for part, count in zip(parts, counts, strict=True) if count.workforce is None
        )
        hidden = tuple(part.name for part, count in zip(parts, counts, strict=True) if count.is_hidden)
        if whole.is_hidden or hidden:
            return Withheld(Obstacle.HIDDEN, whole.month, hidden)
        if whole.members is None and not whole.partial:
            return Withheld(Obstacle.NO_DATA, whole.month)
        if not whole.complete and (missing or not unmeasured):
            return Withheld(Obstacle.INCOMPLETE, whole.month, missing)
        if whole.percent is None or not whole.complete:
            return Withheld(Obstacle.NO_WORKFORCE, whole.month, unmeasured)
    before, after = (
        adds_up(whole, counts)
        for whole, counts in ((then, [part.then for part in parts]), (now, [part.now for part in parts]))
    )
    if parts and before != after:
        return Withheld(Obstacle.PARTS_DIFFER, now.month if before else then.month)
    return None


def _effects(part: Part, then: Count, now: Count) -> Effects:
    """The three effects of one part; its own workforce now is known, and 0 only if it was 0 then."""
    whole_then, whole_now = Decimal(then.workforce or 0), Decimal(now.workforce or 0)
    members_then, members_now = part.then.members or 0, part.now.members or 0
    own_then, own_now = Decimal(part.then.workforce or 0), Decimal(part.now.workforce or 0)
    # Members where nobody could be one: their share moves with the whole's workforce alone.
    shrinkage = own_then / own_now if own_now else whole_then / whole_now
    shift = own_now / whole_now - own_then / whole_then
    above = members_now / own_now - (now.members or 0) / whole_now if own_now else Decimal(0)
    return Effects(
        members=100 * (members_now - members_then) / whole_then,
        workforce=100 * members_now * (shrinkage - 1) / whole_then,
        mix=100 * shift * above,
    )
