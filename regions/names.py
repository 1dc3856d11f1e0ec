"""Which area a cell of a spreadsheet means: names in any usual spelling, codes of Kemendagri and of BPS.

The name decides and the code must agree with it under one of the two systems. What could mean two areas is
refused with the candidates, for Kemendagri and BPS number seven of Kalimantan Barat's regencies differently
and several names are shared by a kabupaten and a kota. Pure: no database, no Django.
"""

from __future__ import annotations

import difflib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from types import MappingProxyType
from typing import Literal, NamedTuple

from . import reference
from .spellings import Code, key_of, parse_code, readings, split_code, text_of

System = Literal["kemendagri", "bps"]

KABUPATEN, KOTA, PROVINSI = "kabupaten", "kota", "provinsi"

_MOST_SUGGESTIONS = 3
_NEAR_ENOUGH = 0.75


def _(msgid: str) -> str:
    """Mark a sentence for makemessages; it is translated only when shown."""
    return msgid


TEMPLATES: Mapping[str, str] = MappingProxyType(
    {
        "area_blank": _("Kabupaten/kota belum diisi."),
        "unknown_name": _("“%(name)s” bukan nama kabupaten/kota di %(province)s."),
        "ambiguous_name": _("“%(name)s” dapat berarti %(candidates)s. Tulis dengan Kabupaten atau Kota."),
        "wrong_kind": _("“%(name)s” tidak ada; yang ada %(candidates)s."),
        "other_province": _("“%(name)s” berada di luar %(province)s (%(found)s)."),
        "code_malformed": _("“%(code)s” bukan kode wilayah. Tulis misalnya 61.04."),
        "code_unknown": _("Kode %(code)s tidak ada di %(province)s."),
        "code_not_regency": _("Kode %(code)s bukan kode kabupaten/kota; tulis empat angka, misalnya 61.04."),
        "code_zero_lost": _(
            "Kode %(code)s kehilangan angka nol di belakangnya. Tulis %(repaired)s sebagai teks, "
            "atau sertakan nama wilayahnya."
        ),
        "code_system_unknown": _(
            "Kode %(code)s berbeda arti menurut Kemendagri dan BPS (%(candidates)s). "
            "Sertakan nama wilayahnya, atau pilih sistem kodenya."
        ),
        "code_name_conflict": _("Kode %(code)s tidak cocok dengan nama “%(name)s”."),
        "old_name": _("“%(name)s” adalah nama lama; dibaca sebagai %(area)s."),
        "code_repaired": _("Kode %(code)s dibaca %(repaired)s: angka nol di belakangnya hilang."),
        "code_system": _("Kode %(code)s dibaca sebagai kode %(system)s, sesuai dengan nama wilayahnya."),
    }
)
_SUGGESTION = _("“%(name)s” bukan nama kabupaten/kota di %(province)s. Maksudnya %(candidates)s?")
_SYSTEM_NAMES: dict[System, str] = {"kemendagri": "Kemendagri", "bps": "BPS"}


@dataclass(frozen=True, slots=True)
class AreaName:
    """A province (`61`, kind `provinsi`) or regency (`61.04`, kind `kabupaten` or `kota`) and its names.

    `bps_code` is four digits (two for a province), or "" where it is not known; `name` leaves the kind out.
    """

    code: str
    bps_code: str
    name: str
    kind: str

    @property
    def full_name(self) -> str:
        return f"{self.kind.capitalize()} {self.name}"


@dataclass(frozen=True, slots=True)
class Note:
    """Something to tell about a row that was accepted."""

    code: str
    params: Mapping[str, str]

    @property
    def template(self) -> str:
        """The Indonesian sentence with %(name)s places for `params`."""
        return TEMPLATES[self.code]

    @property
    def message(self) -> str:
        return self.template % self.params


@dataclass(frozen=True, slots=True)
class Resolution:
    """The area found (`code`), or the `problem` and the codes of the areas that may be meant.

    Exactly one of `code` and `problem` is set. `params` fill the problem's `template`.
    """

    code: str | None = None
    warnings: tuple[Note, ...] = ()
    problem: str | None = None
    candidates: tuple[str, ...] = ()
    params: Mapping[str, str] = field(default_factory=dict)

    @property
    def template(self) -> str:
        """The problem's Indonesian sentence with %(name)s places; "" when there is none."""
        if self.problem == "unknown_name" and self.candidates:
            return _SUGGESTION
        return TEMPLATES[self.problem] if self.problem else ""

    @property
    def message(self) -> str:
        return self.template % self.params


class _Meaning(NamedTuple):
    area: AreaName
    former_name: str = ""

    @property
    def label(self) -> str:
        now = _labelled(self.area)
        return f"{self.area.kind.capitalize()} {self.former_name} → {now}" if self.former_name else now


def _labelled(area: AreaName) -> str:
    return f"{area.full_name} ({area.code})"


class _Named(NamedTuple):
    """What a name may mean; without meanings, why not."""

    meanings: tuple[_Meaning, ...] = ()
    refusal: Resolution | None = None


class AreaIndex:
    """Resolves the areas of one province; knows the rest of the country well enough to say so."""

    def __init__(self, areas: Iterable[AreaName], province: AreaName) -> None:
        self._province = province
        self._areas = {area.code: area for area in (province, *areas)}
        self._by_bps = {area.bps_code: area for area in self._areas.values() if area.bps_code}
        self._meanings = _meanings(self._areas.values())
        self._elsewhere = _elsewhere(self._areas)
        self._province_keys = {key_of(name) for name in (province.name, *_also(province.code))}
        self._cached = lru_cache(maxsize=4096)(self._resolve)

    def resolve(
        self, name_cell: object, code_cell: object = None, system: System | None = None
    ) -> Resolution:
        """The area that a name, a code or both mean. `system` is what bare four-digit codes are declared as.

        A name cell may itself hold a code, or a code and a name.
        """
        return self._cached(text_of(name_cell), text_of(code_cell), system)

    def detect_system(self, codes: Sequence[object], names: Sequence[object]) -> System | None:
        """The system that a column's bare codes follow, judged by the names beside them.

        None when no code tells the two apart, or when some rows speak for each.
        """
        speaking: set[System] = set()
        for code_cell, name_cell in zip(codes, names, strict=True):
            named = self._named(text_of(name_cell))
            code = parse_code(text_of(code_cell))
            possible = {meaning.area for meaning in named.meanings}
            agreeing = [
                system
                for system, area in self._meant_by(code).items()
                if area in possible and not code.dotted
            ]
            if len(agreeing) == 1:
                speaking.update(agreeing)
        return speaking.pop() if len(speaking) == 1 else None

    def _resolve(self, name: str, code_text: str, system: System | None) -> Resolution:
        own_code, name = split_code(name)
        if own_code and code_text and parse_code(own_code)[1:] != parse_code(code_text)[1:]:
            return self._refused("code_name_conflict", [], code=code_text, name=f"{own_code} {name}".strip())
        code_text = code_text or own_code
        if not name and not code_text:
            return Resolution(problem="area_blank")
        if not code_text:
            return self._of_name(name)
        code = parse_code(code_text)
        return self._of_both(name, code, system) if name else self._of_code(code, system)

    def _of_name(self, name: str) -> Resolution:
        named = self._named(name)
        if named.refusal:
            return named.refusal
        if len(named.meanings) > 1:
            return self._ambiguous(named.meanings, name)
        return self._found(named.meanings[0], name)

    def _of_code(self, code: Code, system: System | None) -> Resolution:
        if code.problem:
            return self._refused(code.problem, [], code=code.text)
        if code.repaired:
            known = self._areas.get(code.kemendagri)
            return self._refused(
                "code_zero_lost", [known] if known else [], code=code.text, repaired=code.kemendagri
            )
        meant = self._meant_by(code)
        # A dot is Kemendagri's way of writing, whatever the rest of the column follows.
        if system := "kemendagri" if code.dotted else system:
            meant = {system: meant[system]} if system in meant else {}
        areas = list(dict.fromkeys(meant.values()))
        if not areas:
            other = self._elsewhere.codes.get(code.kemendagri)
            problem = "other_province" if other else "code_unknown"
            return self._refused(problem, [], name=code.text, code=code.text, found=other or "")
        if system or (len(areas) == 1 and len(meant) == len(_SYSTEM_NAMES)):
            return Resolution(code=areas[0].code)
        return self._refused("code_system_unknown", areas, code=code.text)

    def _of_both(self, name: str, code: Code, system: System | None) -> Resolution:
        named = self._named(name)
        if named.refusal:
            return self._with_hint(named.refusal, code)
        if code.problem:
            return self._refused(code.problem, [], code=code.text)
        by_area = {meaning.area: meaning for meaning in named.meanings}
        meant = self._meant_by(code)
        agreeing = {key: by_area[area] for key, area in meant.items() if area in by_area}
        if not agreeing:
            suspects = [*by_area, *meant.values()]
            return self._refused("code_name_conflict", suspects, code=code.text, name=name)
        expected: System = system if system and not code.dotted else "kemendagri"
        if expected not in agreeing:
            (used, meaning), *_rest = agreeing.items()
            note = Note("code_system", {"code": code.text, "system": _SYSTEM_NAMES[used]})
            return self._found(meaning, name, note)
        meaning = agreeing[expected]
        if not (system or code.dotted) and len(set(agreeing.values())) > 1:
            return self._ambiguous(named.meanings, name)
        if code.repaired:
            repair = Note("code_repaired", {"code": code.text, "repaired": code.kemendagri})
            return self._found(meaning, name, repair)
        return self._found(meaning, name)

    def _meant_by(self, code: Code) -> dict[System, AreaName]:
        """The areas that a code stands for, by system."""
        if code.problem:
            return {}
        found: dict[System, AreaName] = {}
        if area := self._areas.get(code.kemendagri):
            found["kemendagri"] = area
        if not code.repaired and (area := self._by_bps.get(code.kemendagri.replace(".", ""))):
            found["bps"] = area
        return found

    def _named(self, name: str) -> _Named:
        spelled = readings(name, self._province_keys)
        wrong_kind: list[AreaName] = []
        for kind, key in spelled:
            meanings = self._meanings.get(key, ())
            fitting = [m for m in meanings if kind in (None, m.area.kind)]
            if fitting:
                return _Named(tuple(fitting))
            wrong_kind += [m.area for m in meanings if not m.former_name]
        for kind, key in spelled:
            for area_kind, found in self._elsewhere.names.get(key, ()):
                if kind in (None, area_kind):
                    return _Named(refusal=self._refused("other_province", [], name=name, found=found))
        if wrong_kind:
            return _Named(refusal=self._refused("wrong_kind", wrong_kind, name=name))
        return _Named(refusal=self._refused("unknown_name", self._near(spelled), name=name))

    def _near(self, spelled: Sequence[tuple[str | None, str]]) -> list[AreaName]:
        keys = [key for _kind, key in spelled]
        near = difflib.get_close_matches(keys[-1], self._meanings, _MOST_SUGGESTIONS, _NEAR_ENOUGH)
        return list(dict.fromkeys(m.area for key in near for m in self._meanings[key]))[:_MOST_SUGGESTIONS]

    def _with_hint(self, refusal: Resolution, code: Code) -> Resolution:
        """An unknown name beside a good code: the code's area is the likeliest suggestion."""
        if refusal.problem != "unknown_name":
            return refusal
        likely = [*self._meant_by(code).values(), *(self._areas[found] for found in refusal.candidates)]
        return self._refused(
            "unknown_name", list(dict.fromkeys(likely))[:_MOST_SUGGESTIONS], name=refusal.params["name"]
        )

    def _found(self, meaning: _Meaning, name: str, *notes: Note) -> Resolution:
        if meaning.former_name:
            notes += (Note("old_name", {"name": name, "area": meaning.area.full_name}),)
        return Resolution(code=meaning.area.code, warnings=notes)

    def _ambiguous(self, meanings: Sequence[_Meaning], name: str) -> Resolution:
        refused = self._refused("ambiguous_name", [meaning.area for meaning in meanings], name=name)
        labels = ", ".join(meaning.label for meaning in meanings)
        return replace(refused, params={**refused.params, "candidates": labels})

    def _refused(self, problem: str, areas: Sequence[AreaName], **params: str) -> Resolution:
        areas = list(dict.fromkeys(areas))
        params["province"] = self._province.name
        params["candidates"] = ", ".join(map(_labelled, areas))
        return Resolution(problem=problem, candidates=tuple(area.code for area in areas), params=params)


class _Elsewhere(NamedTuple):
    """The rest of the country: full names by code, and (kind, full name) by key of the name."""

    codes: Mapping[str, str]
    names: Mapping[str, list[tuple[str, str]]]


def _also(code: str) -> tuple[str, ...]:
    return next((record.also for record in reference.provinces() if record.code == code), ())


def _meanings(areas: Iterable[AreaName]) -> dict[str, tuple[_Meaning, ...]]:
    found: defaultdict[str, list[_Meaning]] = defaultdict(list)
    former: list[tuple[str, _Meaning]] = []
    for area in areas:
        for name in (area.name, *_also(area.code)):
            found[key_of(name)].append(_Meaning(area))
        details = reference.details().get(area.code)
        if details and details.former_name:
            former.append((key_of(details.former_name), _Meaning(area, details.former_name)))
    for key, meaning in former:
        found[key].append(meaning)
    return {key: tuple(meanings) for key, meanings in found.items()}


def _elsewhere(home: Mapping[str, AreaName]) -> _Elsewhere:
    codes: dict[str, str] = {}
    names: defaultdict[str, list[tuple[str, str]]] = defaultdict(list)
    for province in reference.provinces():
        if province.code not in home:
            codes[province.code] = f"Provinsi {province.name}"
            for name in (province.name, *province.also):
                names[key_of(name)].append((PROVINSI, codes[province.code]))
    province_names = {province.code: province.name for province in reference.provinces()}
    for regency in reference.regencies():
        if regency.code not in home:
            codes[regency.code] = (
                f"{regency.kind.capitalize()} {regency.name}, {province_names[regency.province_code]}"
            )
            names[key_of(regency.name)].append((regency.kind, codes[regency.code]))
    return _Elsewhere(codes, names)


@lru_cache(maxsize=2)
def index_of(province_code: str) -> AreaIndex:
    """The index of a province's areas as the reference tables list them. Raises KeyError for no such code."""
    names = {province.code: province.name for province in reference.provinces()}
    province = AreaName(province_code, province_code, names[province_code], PROVINSI)
    details = reference.details()
    areas = [
        AreaName(
            record.code,
            details[record.code].bps_code if record.code in details else "",
            record.name,
            record.kind,
        )
        for record in reference.regencies()
        if record.province_code == province_code
    ]
    return AreaIndex(areas, province)
