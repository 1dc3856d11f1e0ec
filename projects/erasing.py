"""What stands where an erased person's data stood, so that counting and recognising go on without them.

The NIK gives way to a number that no NIK can be: `00` and fourteen digits that follow from the NIK and a
secret salt, one way only. A worker list that names the person again finds the number, not a new person;
nobody is counted twice, and nothing of the row is stored but the period.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass

from django.db import IntegrityError, transaction

from .models import ErasureSalt, Handled, Handling
from .sealing import nik_sealer

NAME = "(dihapus)"
LAST4 = "0000"
_DIGITS = 14


@dataclass(frozen=True, slots=True)
class Erased:
    """The persons erased so far, as a reader of worker lists meets them."""

    salt: str
    numbers: frozenset[str]

    def has(self, nik: str) -> bool:
        """Whether the person with this NIK is erased."""
        return _number(nik, self.salt) in self.numbers

    def stands_for(self, nik: str) -> bytes | None:
        """The sealed number of a NIK whose person is erased, None of everybody else's."""
        number = _number(nik, self.salt)
        return nik_sealer().seal(number) if number in self.numbers else None


def erased() -> Erased | None:
    """Who is erased; None where nobody is, so that nothing needs to be looked up."""
    persons = Handling.objects.filter(state=Handled.ERASED).values_list("nik_sealed", flat=True)
    numbers = frozenset(nik_sealer().open(each) for each in persons)
    return Erased(_salt(), numbers) if numbers else None


def number_of(nik: str) -> str:
    """The sixteen digits that stand for a NIK once its person is erased."""
    return _number(nik, _salt())


def _number(digits: str, salt: str) -> str:
    found = hmac.digest(salt.encode(), digits.encode(), hashlib.sha256)
    return f"00{int.from_bytes(found) % 10**_DIGITS:0{_DIGITS}d}"


def _salt() -> str:
    stored = ErasureSalt.objects.first()
    if stored is None:
        fresh = nik_sealer().seal(f"{secrets.randbelow(10**16):016d}")
        try:
            with transaction.atomic():
                stored = ErasureSalt.objects.create(nik_sealed=fresh)
        except IntegrityError:
            stored = ErasureSalt.objects.get()
    return nik_sealer().open(stored.nik_sealed)
