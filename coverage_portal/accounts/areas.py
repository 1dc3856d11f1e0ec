"""What part of the country a user may see: the one place where an area code becomes a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas of one user: Kemendagri codes, `61` with everything in it or `61.04` alone."""

    everything: bool = False
    codes: frozenset[str] = frozenset()

    @property
    def key(self) -> str:
        """Tells scopes apart, for the keys of what is kept for each."""
        return "everything" if self.everything else "+".join(sorted(self.codes))

    def covers(self, area_code: str) -> bool:
        """Whether the area itself, or the province around it, was granted."""
        return self.everything or area_code in self.codes or area_code[:2] in self.codes

    def expanded(self) -> list[str]:
        """The codes granted and, for each province, all codes that can lie in it."""
        expanded = set(self.codes)
        for code in self.codes:
            if len(code) == 2:
                expanded.update(f"{code}.{number:02d}" for number in range(1, 100))
        return sorted(expanded)

    def condition(self, *lookups: str) -> Q:
        """Rows of which one of the code columns named lies within the scope; without a grant, none."""
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        provinces = [code for code in self.codes if len(code) == 2]
        for lookup in lookups:
            condition |= Q(**{f"{lookup}__in": sorted(self.codes)})
            for province in provinces:
                condition |= Q(**{f"{lookup}__startswith": f"{province}."})
        return condition


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


def of_codes(codes: Iterable[str]) -> Scope:
    return Scope(codes=frozenset(codes))


def scope_of(user: User | AnonymousUser | None) -> Scope:
    """The scope of a user today: a superuser's is everything, a stranger's nothing."""
    if user is None or not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    return user.scope
