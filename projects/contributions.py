"""What the law's rates give for a construction contract: an estimate ("perkiraan"), line by line.

With wages the two rates apply to the wages. Without, each rate applies to its own slice of the contract's
value, never the last rate to the whole. Money is Decimal rupiah; each slice is rounded down to whole rupiah
(`rates.ROUNDING`), and every total is the sum of its lines. What BPJS Ketenagakerjaan sets itself (penetapan
iuran) goes before any of this.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import ROUND_DOWN, ROUND_HALF_UP, Decimal, localcontext
from types import MappingProxyType

from coverage_portal.lib.numbers import BIGINT_MAX
from coverage_portal.lib.values import BadValue

from . import rates
from .rates import Base, Basis, Component, NoRateKnown, Rate, Tariff


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        # Refused
        "value_missing": _("Nilai kontrak belum diisi."),
        "value_not_positive": _("Nilai kontrak harus lebih dari nol."),
        "value_too_big": _("Nilai kontrak terlalu besar."),
        "value_not_finite": _("Nilai kontrak bukan bilangan yang berhingga."),
        "wages_not_positive": _("Jumlah upah harus lebih dari nol; kosongkan bila tidak diketahui."),
        "wages_too_big": _("Jumlah upah terlalu besar."),
        "wages_not_finite": _("Jumlah upah bukan bilangan yang berhingga."),
        "vat_out_of_range": _("Tarif PPN harus dari 0 sampai 100 persen."),
        "day_before_rates": _("Tarif sebelum %(first)s tidak tersimpan di portal."),
        "addendum_before_contract": _("Adendum tertanggal %(addendum)s, sebelum kontraknya (%(contract)s)."),
        # Said beside a result
        "vat_unknown": _(
            "Belum diketahui apakah nilai kontrak termasuk PPN; iuran dihitung atas nilai yang tertulis."
        ),
        "vat_rate_unverified": _("Tarif PPN %(percent)s %% belum diperiksa pada teks peraturannya."),
        "relief_not_applied": _("Ada keringanan iuran (%(source)s) yang tidak dihitung di sini."),
    }
)


class BadFacts(BadValue):
    """Facts that no contribution can be computed from; `field` names the one at fault."""

    def __init__(self, code: str, field: str, params: Mapping[str, object] | None = None) -> None:
        super().__init__(code, params)
        self.field = field

    @property
    def template(self) -> str:
        return TEMPLATES[self.code]


@dataclass(frozen=True, slots=True)
class Addendum:
    """A change of the contract: its whole value and its dates from that day on; None: as before.

    `base` is a new contribution base set for it (see `Contract`).
    """

    on: date
    value: Decimal | None = None
    end: date | None = None
    maintenance_end: date | None = None
    number: str = ""
    start: date | None = None
    base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Contract:
    """What a contribution is computed from.

    `value` is as the contract writes it, `vat_included` says whether VAT is in it (None: not known),
    `vat_percent` is the contract's own rate, else the rate of `signed_on` is used. `wages` is the sum of the
    workers' wages where it is known: of a month for a month's contribution, of the project for all of it.
    `base` is what the rates apply to where that was set otherwise than by the value; no VAT is then reckoned.
    """

    value: Decimal | None = None
    vat_included: bool | None = None
    vat_percent: Decimal | None = None
    wages: Decimal | None = None
    signed_on: date | None = None
    addenda: tuple[Addendum, ...] = ()
    base: Decimal | None = None


@dataclass(frozen=True, slots=True)
class Note:
    """Something to be said beside a result: a code of `TEMPLATES` and what fills its sentence."""

    code: str
    params: Mapping[str, object]

    @property
    def template(self) -> str:
        return TEMPLATES[self.code]


@dataclass(frozen=True, slots=True)
class Line:
    """One slice of one component: rupiah of the base in it, and what its rate gives, in whole rupiah."""

    component: Component
    base: Decimal
    rate: Rate
    amount: Decimal
    source: rates.Source


@dataclass(frozen=True, slots=True)
class Estimate:
    """The contribution by the law's rates ("perkiraan"), and all that it was computed from.

    `written` is the value (or the wages) as given, `vat` the VAT that was taken out of it or added to it to
    get `base`, zero where neither.
    """

    on: date
    basis: Basis
    written: Decimal
    base: Decimal
    vat: Decimal
    vat_percent: Decimal | None
    tariff: Tariff
    lines: tuple[Line, ...]
    notes: tuple[Note, ...] = ()

    @property
    def jkk(self) -> Decimal:
        return self._sum(Component.JKK)

    @property
    def jkm(self) -> Decimal:
        return self._sum(Component.JKM)

    @property
    def total(self) -> Decimal:
        return self.jkk + self.jkm

    def _sum(self, component: Component) -> Decimal:
        return sum((line.amount for line in self.lines if line.component is component), Decimal(0))


@dataclass(frozen=True, slots=True)
class Step:
    """The estimate from an addendum on, and the difference to the one before: what is due in addition."""

    addendum: Addendum
    estimate: Estimate
    difference: Decimal


def in_order(addenda: Iterable[Addendum]) -> list[Addendum]:
    """Addenda by day; of one day by number, then value, so that the order they were entered in is nothing."""
    never, nothing = date.min, Decimal(0)
    return sorted(
        addenda,
        key=lambda a: (
            (a.on, a.number, a.value or nothing, a.base or nothing),
            (a.start or never, a.end or never, a.maintenance_end or never),
        ),
    )


def assess(contract: Contract, *, on: date, base: Base = Base.BEFORE_VAT) -> Estimate:
    """The contribution of a contract as it stood on a day, by the rates of the day it was signed.

    Args:
        contract: addenda after `on` are left out; without `signed_on` the rates are those of `on`.
        base: what the rates apply to where the contract says whether VAT is included.

    Raises:
        BadFacts: a value that is missing, not above zero, or too big; a day before the rates.
    """
    signed = contract.signed_on or on
    for addendum in contract.addenda:
        if contract.signed_on is not None and addendum.on < contract.signed_on and addendum.on <= on:
            raise BadFacts(
                "addendum_before_contract",
                "addenda",
                {"addendum": addendum.on, "contract": contract.signed_on},
            )
    try:
        if contract.wages is not None:
            if contract.value is not None:
                _checked(contract.value, "value")
            return _of_wages(_checked(contract.wages, "wages"), signed, on)
        return _of_value(contract, signed, on, base)
    except NoRateKnown as error:
        raise BadFacts("day_before_rates", "on", {"first": rates.FIRST_DAY}) from error


def recompute(contract: Contract, *, on: date, base: Base = Base.BEFORE_VAT) -> tuple[Step, ...]:
    """What each addendum up to a day changes, oldest first. Raises BadFacts."""
    changes = in_order(addendum for addendum in contract.addenda if addendum.on <= on)
    if not changes:
        return ()
    done: list[Addendum] = []
    steps = []
    before = assess(replace(contract, addenda=()), on=on, base=base)
    for addendum in changes:
        done.append(addendum)
        after = assess(replace(contract, addenda=tuple(done)), on=on, base=base)
        steps.append(Step(addendum, after, after.total - before.total))
        before = after
    return tuple(steps)


def value_on(contract: Contract, on: date) -> Decimal | None:
    """The contract's value as written on a day: that of the last addendum that names one."""
    value = contract.value
    for addendum in in_order(contract.addenda):
        if addendum.on <= on and addendum.value is not None:
            value = addendum.value
    return value


def base_on(contract: Contract, on: date) -> Decimal | None:
    """The contribution base set for the contract, as of a day: that of the last addendum that names one."""
    base = contract.base
    for addendum in in_order(contract.addenda):
        if addendum.on <= on and addendum.base is not None:
            base = addendum.base
    return base


def _of_wages(wages: Decimal, signed: date, on: date) -> Estimate:
    tariff = rates.tariff(Basis.WAGES, signed)
    return Estimate(
        on, Basis.WAGES, wages, wages, Decimal(0), None, tariff, _lines(wages, tariff), _notes(signed)
    )


def _of_value(contract: Contract, signed: date, on: date, base: Base) -> Estimate:
    fixed = base_on(contract, on)
    value = value_on(contract, on)
    if value is None:
        value = fixed
    if value is None:
        raise BadFacts("value_missing", "value")
    for amount in (value, value if fixed is None else fixed):
        _checked(amount, "value")
    for addendum in contract.addenda:
        if addendum.value is not None and addendum.on <= on:
            _checked(addendum.value, "addenda", "value")
    tariff = rates.tariff(Basis.VALUE, signed)
    if fixed is not None:
        return Estimate(
            on, Basis.VALUE, value, fixed, Decimal(0), None, tariff, _lines(fixed, tariff), _notes(signed)
        )
    amount, percent, notes = _base_of(value, contract, signed, base)
    return Estimate(
        on,
        Basis.VALUE,
        value,
        amount,
        abs(value - amount),
        percent,
        tariff,
        _lines(amount, tariff),
        (*notes, *_notes(signed)),
    )


def _base_of(
    value: Decimal, contract: Contract, signed: date, base: Base
) -> tuple[Decimal, Decimal | None, tuple[Note, ...]]:
    """(what the rates apply to, the VAT rate used, what to say about it)."""
    percent = contract.vat_percent
    if percent is not None and not (percent.is_finite() and 0 <= percent <= 100):
        raise BadFacts("vat_out_of_range", "vat_percent")
    if contract.vat_included is None:
        return value, None, (Note("vat_unknown", {}),)
    if contract.vat_included is (base is Base.WITH_VAT):
        return value, None, ()
    notes: tuple[Note, ...] = ()
    if percent is None:
        vat = rates.vat_rate(signed)
        percent = vat.percent
        if vat.source.certainty is rates.Certainty.UNVERIFIED:
            notes = (Note("vat_rate_unverified", {"percent": int(percent)}),)
    with localcontext(prec=60):
        factor = (100 + percent) / 100
        amount = value / factor if contract.vat_included else value * factor
        return amount.quantize(Decimal(1), ROUND_HALF_UP), percent, notes


def _lines(base: Decimal, tariff: Tariff) -> tuple[Line, ...]:
    lines = []
    with localcontext(prec=60):
        for rate in tariff.rates:
            top = base if rate.up_to is None else min(base, rate.up_to)
            part = top - rate.above
            if part > 0:
                amount = (part * rate.percent / 100).quantize(Decimal(1), ROUND_DOWN)
                lines.append(Line(rate.component, part, rate, amount, tariff.source))
    return tuple(lines)


def _notes(signed: date) -> tuple[Note, ...]:
    return tuple(
        Note("relief_not_applied", {"source": relief.source.title})
        for relief in rates.reliefs("JAKON", signed)
    )


def _checked(amount: Decimal, field: str, name: str = "") -> Decimal:
    name = name or field
    if not amount.is_finite():
        raise BadFacts(f"{name}_not_finite", field)
    if amount <= 0:
        raise BadFacts(f"{name}_not_positive", field)
    if amount > BIGINT_MAX:
        raise BadFacts(f"{name}_too_big", field)
    return amount
