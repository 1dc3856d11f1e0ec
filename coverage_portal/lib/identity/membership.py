"""The numbers that BPJS Ketenagakerjaan gives: KPJ to a member, NPP to an employer.

Neither is defined in a public document. What is refused here cannot be one; what is merely unusual passes.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from coverage_portal.lib.values import is_blank, refuse_formula_error, tidy

from .figures import figures_of
from .messages import BadIdentity

_KPJ_LENGTH = 11
# One digit more, and it may be a NIK that Excel has rounded; a KPJ is stored readable, a NIK never.
_KPJ_LONGEST = 14
# ".0" is what programs write after a number that has been a float.
_NPP = re.compile(r"(?P<number>[A-Z0-9]{8})(?:\.0|[ ./-]+(?P<division>[A-Z0-9]{2,4}))?")


@dataclass(frozen=True, slots=True, repr=False)
class Kpj:
    """A member's number. It is personal: `str()` and `repr()` show its last four digits only."""

    digits: str
    warnings: tuple[str, ...] = ()

    def __repr__(self) -> str:
        return "*" * (len(self.digits) - 4) + self.digits[-4:]


@dataclass(frozen=True, slots=True)
class Npp:
    """An employer's number; `division` is the branch that reports, where the cell names one."""

    number: str
    division: str | None = None

    def __str__(self) -> str:
        return f"{self.number}-{self.division}" if self.division else self.number


def parse_kpj(cell: object) -> Kpj | None:
    """The KPJ of a cell; None when blank. Another length than 11 digits is warned of, up to 14.

    Raises BadIdentity, or BadValue for a failed formula, a date, TRUE or FALSE.
    """
    try:
        figures = figures_of(cell, not_digits="kpj_not_digits", digits_lost="kpj_digits_lost")
    except BadIdentity:
        if is_blank(cell):
            return None
        raise
    if figures is None:
        return None
    if len(figures.digits) > _KPJ_LONGEST:
        raise BadIdentity("kpj_too_long")
    return Kpj(figures.digits, () if len(figures.digits) == _KPJ_LENGTH else ("kpj_length",))


def parse_npp(cell: object) -> Npp | None:
    """The NPP of a cell, in capitals; None when blank.

    A number cell is taken as it stands: one of fewer than 8 digits has lost a zero, and nobody knows from
    where. Raises BadIdentity, or BadValue for a failed formula, a date, TRUE or FALSE.
    """
    if is_blank(cell):
        return None
    if isinstance(cell, str):
        text = tidy(cell).upper()
        refuse_formula_error(text)
    else:
        figures = figures_of(cell, not_digits="npp_malformed", digits_lost="npp_malformed")
        text = figures.digits if figures else ""
    match = _NPP.fullmatch(text)
    if match is None:
        raise BadIdentity("npp_malformed")
    return Npp(match["number"], match["division"])
