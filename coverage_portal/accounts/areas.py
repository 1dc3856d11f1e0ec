"""What part of the country a user may see, and where they may do what: the one place where an area code
becomes a condition."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db.models import Q

if TYPE_CHECKING:
    from django.contrib.auth.models import AnonymousUser

    from .models import User


@dataclass(frozen=True, slots=True)
class Scope:
    """The areas of one user: Kemendagri codes, `61` with everything in it or `61.04` alone.

    `agencies` are pairs of an area's code and an agency's: there, only what is that agency's. They widen
    nothing by themselves; what knows of agencies asks for them (`of_agencies`).
    """

    everything: bool = False
    codes: frozenset[str] = frozenset()
    agencies: frozenset[tuple[str, str]] = frozenset()

    def __bool__(self) -> bool:
        return self.everything or bool(self.codes) or bool(self.agencies)

    def __and__(self, other: Scope) -> Scope:
        """What lies in both."""
        if self.everything or other.everything:
            return other if self.everything else self
        pairs = {pair for pair in self.agencies if pair in other.agencies}
        for one, two in ((self, other), (other, self)):
            for area, agency in one.agencies:
                pairs.update((within, agency) for within in two._part_of(area))
        codes = {code for code in self.codes if other.covers(code)}
        codes |= {code for code in other.codes if self.covers(code)}
        return Scope(codes=frozenset(codes), agencies=frozenset(pairs))

    @property
    def key(self) -> str:
        """Tells scopes apart, for the keys of what is kept for each."""
        if self.everything:
            return "everything"
        return "+".join([*sorted(self.codes), *(f"{area}:{code}" for area, code in sorted(self.agencies))])

    @property
    def whole(self) -> Scope:
        """Without what is an agency's only."""
        return self if self.everything else Scope(codes=self.codes)

    @property
    def widened(self) -> Scope:
        """With the whole areas of what is an agency's only: for sums, which tell of no agency."""
        return Scope(self.everything, self.codes | {area for area, _agency in self.agencies})

    def covers(self, area_code: str) -> bool:
        """Whether the area itself, or the province around it, was granted as a whole."""
        return self.everything or area_code in self.codes or area_code[:2] in self.codes

    def expanded(self) -> list[str]:
        """The codes granted and, for each province, all codes that can lie in it."""
        expanded = set(self.codes)
        for code in self.codes:
            if len(code) == 2:
                expanded.update(f"{code}.{number:02d}" for number in range(1, 100))
        return sorted(expanded)

    def condition(self, *lookups: str, agency: str = "") -> Q:
        """Rows of which one of the code columns named lies within the scope; without a grant, none.

        With `agency`, the column of an agency's code, also what is an agency's in the area where that one was
        granted.
        """
        if self.everything:
            return Q()
        condition = Q(pk__in=[])
        if agency:
            for area, code in sorted(self.agencies):
                condition |= Q(**{agency: code}) & of_codes([area]).condition(*lookups)
        provinces = [code for code in self.codes if len(code) == 2]
        for lookup in lookups:
            condition |= Q(**{f"{lookup}__in": sorted(self.codes)})
            for province in provinces:
                condition |= Q(**{f"{lookup}__startswith": f"{province}."})
        return condition

    def _part_of(self, area: str) -> set[str]:
        if self.covers(area):
            return {area}
        return {code for code in self.codes if code.startswith(f"{area}.")}


NOTHING = Scope()
EVERYTHING = Scope(everything=True)


def of_codes(codes: Iterable[str]) -> Scope:
    return Scope(codes=frozenset(codes))


def scope_of(user: User | AnonymousUser | None, *permissions: str) -> Scope:
    """The scope of a user today: a superuser's is everything, a stranger's nothing.

    Args:
        permissions: where they hold all of these; without any, wherever they may look.
    """
    if user is None or not user.is_authenticated or not user.is_active:
        return NOTHING
    if user.is_superuser:
        return EVERYTHING
    scope = user.scope
    for permission in permissions:
        scope = scope & user.scope_for(permission)
    return scope


def holds(user: User | AnonymousUser | None, permission: str, area_code: str) -> bool:
    """Whether a user may do something in an area, all of it."""
    return scope_of(user, permission).covers(area_code)


def permission_of(model: Any, action: str) -> str:
    """The name of Django's own permission to `add`, `change`, `delete` or `view` a model's records."""
    return f"{model._meta.app_label}.{action}_{model._meta.model_name}"
