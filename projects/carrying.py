"""Restrictions and erasures, carried from one state of the database to another.

A backup knows nothing of what persons asked for after it was made. So this is kept before it is restored, or
from a newer backup, and given back afterwards. All of it is sealed as it is in the database: with the salt
and the numbers of erased persons anyone could try whose NIKs they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.accounts.models import Change

from . import data_subjects, erasing
from .models import ErasureSalt, Handled, Handling, Worker
from .sealing import nik_sealer

REASON = "Diulang setelah cadangan dipulihkan"
NO_WORKER = 0
"""What a person is known by in `Handling` who stands in no list yet."""


class OtherNumbers(Exception):
    """Persons were erased here by other numbers than those that are to be given back."""


@dataclass(frozen=True, slots=True)
class Done:
    """How many persons were erased and restricted anew, and how many stand in no list yet."""

    erased: int
    restricted: int
    awaited: int


def kept() -> dict[str, Any]:
    """Who is restricted and who is erased, for a file."""
    salt = ErasureSalt.objects.first()
    return {
        "salt": None if salt is None else bytes(salt.nik_sealed).hex(),
        **{str(state): [sealed.hex() for sealed in _sealed(state)] for state in Handled},
    }


def _sealed(state: Handled) -> Iterator[bytes]:
    found = Handling.objects.filter(state=state).order_by("since", "pk")
    return map(bytes, found.values_list("nik_sealed", flat=True))


@transaction.atomic
def give_back(content: dict[str, Any]) -> Done:
    """Restrict and erase anew whom `kept` has named. Doing it twice changes nothing.

    Raises:
        OtherNumbers: erased persons could not be recognised by both sorts of numbers. Nothing was changed.
        BrokenSeal: it was changed, or sealed with a key that is not at hand.
    """
    erased, awaited = _erase(content)
    restricted = 0
    for text in content[Handled.RESTRICTED]:
        digits = nik_sealer().open(bytes.fromhex(text))
        worker = Worker.objects.filter(nik_sealed__in=nik_sealer().seal_each(digits)).first()
        if worker is None:
            awaited += _await(digits, Handled.RESTRICTED)
        elif not data_subjects.is_restricted(worker):
            data_subjects.restrict(worker=worker, user=None, reason=REASON)
            restricted += 1
    return Done(erased, restricted, awaited)


def _erase(content: dict[str, Any]) -> tuple[int, int]:
    if content["salt"] is None:
        return 0, 0
    sealer = nik_sealer()
    salt = sealer.open(bytes.fromhex(content["salt"]))
    stored = ErasureSalt.objects.first() or ErasureSalt.objects.create(nik_sealed=sealer.seal(salt))
    if sealer.open(stored.nik_sealed) != salt:
        raise OtherNumbers
    numbers = frozenset(sealer.open(bytes.fromhex(text)) for text in content[Handled.ERASED])
    wanted = erasing.Erased(salt, numbers)
    found = [(worker, nik) for worker, nik in _niks() if wanted.has(nik)] if numbers else []
    for worker, nik in found:
        data_subjects.erase(worker=worker, nik=nik, user=None, reason=REASON)
    return len(found), sum(_await(number, Handled.ERASED) for number in sorted(numbers))


def _niks() -> Iterator[tuple[Worker, str]]:
    """Every worker with their NIK: by a number of an erased person nobody is found."""
    for worker in Worker.objects.only("nik_sealed").iterator():
        yield worker, nik_sealer().open(worker.nik_sealed)


def _await(digits: str, state: Handled) -> bool:
    """Have someone handled as soon as a list names them; whether that is new."""
    seals = nik_sealer().seal_each(digits)
    if Handling.objects.filter(nik_sealed__in=seals).exists():
        return False
    handling = Handling.objects.create(nik_sealed=seals[0], worker_id=NO_WORKER, state=state)
    author = Author(None, Change.Source.COMMAND, REASON)
    history.record(author, [(handling, None, {"state": handling.state})])
    return True
