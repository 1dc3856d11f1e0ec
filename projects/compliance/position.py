"""Where a project stands on a day: its state, its money, and what needs action."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from projects.contributions import Estimate
from projects.workdays import Deadline

from .account import Account, Arrears
from .case import Case, Rules, case
from .facts import ProjectFacts
from .findings import Finding, findings
from .messages import MISSING, SETTLEMENTS, STATES, Settlement, State, Status


@dataclass(frozen=True, slots=True)
class Position:
    """A project as of `on` ("posisi per tanggal"). Rupiah are Decimal; None is unknown.

    `estimate` is the portal's own figure by the law's rates ("perkiraan"); `account.due` is BPJS's where BPJS
    has set one. `known_since` is the day since which BPJS knows the project. `is_protected` says whether
    workers are covered on that day, `cover_end` up to which day a paid cover is known to reach, `last_day` up
    to which it has to.
    """

    on: date
    state: State
    settlement: Settlement | None
    missing: tuple[str, ...]
    value: Decimal | None
    start: date | None
    end: date | None
    maintenance_end: date | None
    last_day: date | None
    known_since: date | None
    deadline: Deadline | None
    estimate: Estimate | None
    account: Account
    is_protected: bool | None
    cover_end: date | None
    findings: tuple[Finding, ...]

    @property
    def is_over(self) -> bool:
        return self.last_day is not None and self.on > self.last_day

    @property
    def label(self) -> str:
        """The state in Indonesian, to be translated when shown."""
        return STATES[self.state]

    @property
    def settlement_label(self) -> str:
        return "" if self.settlement is None else SETTLEMENTS[self.settlement]

    @property
    def missing_labels(self) -> tuple[str, ...]:
        return tuple(MISSING[name] for name in self.missing)

    @property
    def arrears(self) -> Arrears:
        return self.account.arrears

    @property
    def open_findings(self) -> tuple[Finding, ...]:
        """What needs action now, warnings last."""
        return tuple(finding for finding in self.findings if finding.status is Status.OPEN)

    @property
    def unknown_years(self) -> tuple[int, ...]:
        """Years without a holiday list that a figure of this position was counted through."""
        years = {year for finding in self.findings for year in finding.unknown_years}
        if self.deadline is not None:
            years |= set(self.deadline.unknown_years)
        return tuple(sorted(years))


def position(facts: ProjectFacts, *, on: date, rules: Rules | None = None) -> Position:
    """The position of a project as of a day: what is dated later is left out, what is missing stays so."""
    seen = case(facts, on, rules or Rules())
    return Position(
        on,
        _state(seen),
        _settlement(seen),
        seen.missing,
        seen.value,
        seen.start,
        seen.end,
        seen.maintenance_end,
        seen.last_day,
        seen.known_since,
        seen.deadline,
        seen.estimate,
        seen.account,
        _is_protected(seen),
        _cover_end(seen),
        findings(seen),
    )


def _state(seen: Case) -> State:
    paid = seen.account.first_paid_on is not None
    is_past_end = seen.end is not None and seen.on > seen.end
    steps = (
        (State.CANCELLED, seen.is_cancelled),
        (State.INCOMPLETE, bool(seen.missing)),
        (State.UNREGISTERED, seen.known_since is None),
        (State.IN_ARREARS, seen.account.arrears.total > 0),
        (State.REGISTERING, not paid),
        (State.FINISHED, seen.is_over),
        (State.MAINTENANCE, is_past_end),
    )
    return next((state for state, holds in steps if holds), State.ACTIVE)


def _settlement(seen: Case) -> Settlement | None:
    settled = seen.account.is_settled
    if settled is None or seen.account.first_paid_on is None:
        return None
    return Settlement.SETTLED if settled else Settlement.INSTALMENTS


def _is_protected(seen: Case) -> bool | None:
    """Whether workers are covered on the day: from the first payment on, to the end of the cover.

    Where the end of the cover is not known, PHO is certain to be in it, and what follows is not known.
    """
    if seen.is_cancelled or seen.account.first_paid_on is None:
        return False
    if seen.facts.cover_end is not None:
        return seen.on <= seen.facts.cover_end
    if seen.is_over:
        return False
    return True if seen.end is not None and seen.on <= seen.end else None


def _cover_end(seen: Case) -> date | None:
    """The last day of a cover that has been paid for: as BPJS has confirmed it, else PHO."""
    if seen.is_cancelled or seen.account.first_paid_on is None:
        return None
    return seen.facts.cover_end or seen.end
