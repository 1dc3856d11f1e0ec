"""What is dated in a project as of a day, and from when to when it is at work, in maintenance and covered.

Days without protection are those of the findings, so that picture and sentence cannot disagree. What is not
known is named as missing and is not drawn.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType

from projects.compliance import Finding, Position, ProjectFacts, Rule, State, Status

DAY = timedelta(days=1)


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


class Kind(StrEnum):
    """What a day of a project is the day of; of one day, in this order."""

    SPK = "spk"
    DEADLINE = "deadline"
    REGISTERED = "registered"
    ASSESSED = "assessed"
    STARTED = "started"
    FIRST_PAID = "first_paid"
    CERTIFIED = "certified"
    ADDENDUM = "addendum"
    ENDED = "ended"
    COVER_END = "cover_end"
    MAINTENANCE_END = "maintenance_end"
    CANCELLED = "cancelled"


class Lane(StrEnum):
    """The rows of the picture, top to bottom."""

    WORK = "work"
    MAINTENANCE = "maintenance"
    COVER = "cover"
    PAYMENTS = "payments"


class Look(StrEnum):
    """What a stretch of days is: at work, in maintenance, covered, perhaps covered, not covered."""

    WORK = "work"
    MAINTENANCE = "maintenance"
    COVER = "cover"
    UNKNOWN = "unknown"
    GAP = "gap"


NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SPK: _("SPK"),
        Kind.DEADLINE: _("batas daftar"),
        Kind.REGISTERED: _("terdaftar"),
        Kind.ASSESSED: _("penetapan"),
        Kind.STARTED: _("mulai"),
        Kind.FIRST_PAID: _("iuran pertama"),
        Kind.CERTIFIED: _("sertifikat"),
        Kind.ADDENDUM: _("adendum"),
        Kind.ENDED: _("PHO"),
        Kind.COVER_END: _("akhir lindung"),
        Kind.MAINTENANCE_END: _("FHO"),
        Kind.CANCELLED: _("batal"),
    }
)
"""As they are written into the picture."""

TITLES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.SPK: _("SPK"),
        Kind.DEADLINE: _("Batas pendaftaran"),
        Kind.REGISTERED: _("Pendaftaran"),
        Kind.ASSESSED: _("Penetapan iuran"),
        Kind.STARTED: _("Mulai pekerjaan"),
        Kind.FIRST_PAID: _("Pembayaran iuran pertama"),
        Kind.CERTIFIED: _("Sertifikat"),
        Kind.ADDENDUM: _("Adendum"),
        Kind.ENDED: _("Selesai (PHO)"),
        Kind.COVER_END: _("Akhir perlindungan"),
        Kind.MAINTENANCE_END: _("Akhir pemeliharaan (FHO)"),
        Kind.CANCELLED: _("Batal"),
    }
)
"""As they are written into the table of dates."""

_ORDER = {kind: place for place, kind in enumerate(Kind)}


@dataclass(frozen=True, slots=True)
class Event:
    """A day of a project. `number` tells addenda and assessments apart."""

    on: date
    kind: Kind
    number: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """Days of a project, the last one included. `is_ahead` where some of them are still to come."""

    look: Look
    first: date
    last: date
    is_ahead: bool = False

    @property
    def days(self) -> int:
        return (self.last - self.first).days + 1

    @property
    def lane(self) -> Lane:
        return Lane(self.look) if self.look in (Look.WORK, Look.MAINTENANCE) else Lane.COVER


@dataclass(frozen=True, slots=True)
class Course:
    """A project's dates as of `on`, oldest first.

    `missing` should be known and is not; `pending` has not happened by that day, as far as is known.
    """

    on: date
    events: tuple[Event, ...]
    spans: tuple[Span, ...]
    payments: tuple[date, ...]
    missing: tuple[Kind, ...]
    pending: tuple[Kind, ...]

    @property
    def gaps(self) -> tuple[Span, ...]:
        return tuple(span for span in self.spans if span.look is Look.GAP)


def course(facts: ProjectFacts, position: Position) -> Course:
    """The course of a project as of the day of its position: what happened later is left out.

    What is planned for later is part of it, and so is the SPK, whatever its day.
    """
    on = position.on
    days: dict[Kind, date | None] = {
        Kind.SPK: facts.spk_on,
        Kind.DEADLINE: None if position.deadline is None else position.deadline.day,
        Kind.REGISTERED: _happened(facts.registered_on, on),
        Kind.CERTIFIED: _happened(facts.certificate_on, on),
        Kind.STARTED: position.start,
        Kind.FIRST_PAID: position.account.first_paid_on,
        Kind.ENDED: position.end,
        Kind.COVER_END: facts.cover_end if position.account.first_paid_on else None,
        Kind.MAINTENANCE_END: position.maintenance_end if facts.has_maintenance else None,
        Kind.CANCELLED: _cancelled_on(facts, position),
    }
    events = {Event(day, kind) for kind, day in days.items() if day is not None}
    events |= {Event(a.on, Kind.ADDENDUM, a.number) for a in facts.addenda if a.on <= on}
    events |= {Event(a.on, Kind.ASSESSED, a.number) for a in facts.assessments if a.on <= on}
    return Course(
        on,
        tuple(sorted(events, key=lambda event: (event.on, _ORDER[event.kind], event.number))),
        tuple(sorted(_spans(facts, position), key=lambda span: (span.lane, span.first, span.last))),
        tuple(payment.on for payment in position.account.payments),
        tuple(kind for kind in _wanted(facts, position) if days[kind] is None),
        tuple(kind for kind in (Kind.REGISTERED, Kind.FIRST_PAID, Kind.CERTIFIED) if days.get(kind) is None),
    )


def _happened(day: date | None, on: date) -> date | None:
    return day if day is not None and day <= on else None


def _cancelled_on(facts: ProjectFacts, position: Position) -> date | None:
    """The day of a cancellation. One that is not known is kept as the first day there is."""
    day = facts.cancelled_on
    return day if position.state is State.CANCELLED and day != date.min else None


def _wanted(facts: ProjectFacts, position: Position) -> Iterator[Kind]:
    yield from (Kind.SPK, Kind.STARTED, Kind.ENDED)
    if facts.has_maintenance:
        yield Kind.MAINTENANCE_END
    if position.state is State.CANCELLED:
        yield Kind.CANCELLED
    elif position.account.first_paid_on is not None:
        yield Kind.COVER_END


def _spans(facts: ProjectFacts, position: Position) -> Iterator[Span]:
    start, end, last = position.start, position.end, position.maintenance_end
    if start is not None and end is not None and start <= end:
        yield Span(Look.WORK, start, end, end > position.on)
    if facts.has_maintenance and end is not None and last is not None and end < last:
        yield Span(Look.MAINTENANCE, end + DAY, last, last > position.on)
    yield from _cover(facts, position)
    for first, until in _joined(_gap(finding, position.on) for finding in position.findings):
        yield Span(Look.GAP, first, until, until > position.on)


def _cover(facts: ProjectFacts, position: Position) -> Iterator[Span]:
    """From the first payment to the end of the cover; what lies after PHO without BPJS's word is unknown."""
    paid, on = position.account.first_paid_on, position.on
    if paid is None:
        return
    if position.state is State.CANCELLED:
        cancelled = _cancelled_on(facts, position)
        if cancelled is not None and cancelled > paid:
            yield Span(Look.COVER, paid, cancelled)
        return
    known = position.cover_end
    if known is not None and paid <= known:
        yield Span(Look.COVER, paid, known, known > on)
    if facts.cover_end is None:
        first = paid if known is None else max(paid, known + DAY)
        last = position.last_day or on
        if first <= last:
            yield Span(Look.UNKNOWN, first, last, last > on)


def _gap(finding: Finding, on: date) -> tuple[date, date] | None:
    """The days without protection that a finding speaks of."""
    if finding.rule is Rule.UNPROTECTED:
        if finding.status is Status.PAST:
            return finding.since, finding.until or on
        # Up to the day before the first payment, or before the day that is asked about.
        return finding.since, (finding.until or on) - DAY
    if finding.rule is Rule.COVER_SHORT:
        needed = finding.params["needed"]
        return (finding.since, needed) if isinstance(needed, date) else None
    return None


def _joined(stretches: Iterator[tuple[date, date] | None]) -> list[tuple[date, date]]:
    """Stretches of days in order, those that touch made one."""
    found: list[tuple[date, date]] = []
    for first, last in sorted(stretch for stretch in stretches if stretch is not None):
        if found and first <= found[-1][1] + DAY:
            found[-1] = (found[-1][0], max(found[-1][1], last))
        else:
            found.append((first, last))
    return found
