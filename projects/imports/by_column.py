"""Reading many rows of a worker list at once, column by column: most rows, which have nothing to be said of.

A row costs a few hundred steps of Python when each of its cells is looked at by itself. Here each column of a
block is looked up at once, and only what stands out is left to `EnrollmentReader.read`, which knows why.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import compress
from typing import Any, cast

from coverage_portal.intake.copying import NULL
from coverage_portal.lib.identity import NikReader, NikSealer, are_digits, plain_names
from coverage_portal.lib.spreadsheets import Cell
from projects.plan import CompleteList

from .columns import MOST_KEPT, NUMBERS, Column

Texts = Sequence[str | None]
"""A column of a block as COPY takes it; None where its row has to be looked at by itself."""


class PlainTexts(dict[Any, str | None]):
    """What the cells of a column read as, None where they are wrong or doubtful, or numbers."""

    def __init__(self, column: Column) -> None:
        super().__init__()
        self._column = column

    def of(self, cells: Iterable[Cell]) -> Texts:
        return list(map(self.__getitem__, cells))

    def __missing__(self, cell: Any) -> str | None:
        if type(cell) in NUMBERS:
            return None  # not kept: 1, 1.0 and True are one key
        text, error, warning = self._column[cell]
        if len(self) >= MOST_KEPT:
            self.clear()
        self[cell] = found = None if error is not None or warning else text
        return found


class PlainNumbers:
    """The same for a column of numbers as text, in which hardly a value comes twice."""

    def __init__(self, column: Column, length: int) -> None:
        self._column, self._length = column, length

    def of(self, cells: Sequence[Cell]) -> Texts:
        if are_digits(cells, self._length):
            return cells  # type: ignore[return-value]
        return list(map(self._text, cells))

    def _text(self, cell: Cell) -> str | None:
        text, error, warning = self._column.read(cell)
        return None if error is not None or warning else text


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns are: NIK and name in the sheet, the others among the staged fields."""

    nik: int
    name: int
    sex: int
    birth: int
    segment: int
    regency: int
    project: int
    start: int
    end: int
    paid: int


@dataclass(frozen=True, slots=True)
class ReadBlock:
    """The lines of the plain rows in order, the places of the others, and what was counted of the former."""

    lines: list[str]
    others: set[int]
    unpaid: int
    ending_in_zero: list[str]


class BlockReader:
    """Reads the plain rows of a block: those that `EnrollmentReader.read` would stage without a remark."""

    def __init__(
        self,
        places: Places,
        nik: NikReader,
        sealer: NikSealer,
        said: Mapping[str, tuple[str, str]],
        constants: Sequence[str],
        columns: Mapping[int, tuple[int, PlainTexts | PlainNumbers]],
        others: Mapping[int, Callable[[list[Cell]], str | None]],
        *,
        longest_name: int,
        listed: CompleteList | None,
        regency_of: Mapping[str, str],
        is_erased: Callable[[str], bool] | None,
    ) -> None:
        """`constants`, `columns` with their index, `others` of the whole row: by place among the fields.

        `is_erased` tells of a NIK whether its person is erased; None where nobody is.
        """
        self._is_erased = is_erased
        self._places, self._nik, self._sealer, self._said = places, nik, sealer, said
        self._constants, self._columns, self._others = constants, columns, others
        self._longest_name, self._listed, self._regency_of = longest_name, listed, regency_of
        self._has_ends = places.end in columns or constants[places.end] != NULL
        self._has_projects = places.project in columns or constants[places.project] != NULL

    def read(self, rows: Sequence[list[Cell]]) -> ReadBlock:
        """Read those of the rows that are plain. Each row has a cell for every column that is used."""
        columns = list(zip(*rows, strict=False))
        niks = self._nik.faultless(columns[self._places.nik])
        names = plain_names(columns[self._places.name])
        fields = self._fields(columns, rows)
        others: set[int] = set()
        for texts in (niks, names, *fields):
            if None in texts:
                others.update(place for place, text in enumerate(texts) if text is None)
        if (is_erased := self._is_erased) is not None:
            others.update(place for place, nik in enumerate(niks) if nik and is_erased(nik))
        if max(map(len, filter(None, names)), default=0) > self._longest_name:
            others.update(
                place for place, name in enumerate(names) if name and len(name) > self._longest_name
            )
        if self._has_projects:
            self._take_from_projects(fields, others)
        others.update(self._misfits(fields))
        others.update(self._disagreeing(niks, fields, others))
        if others:
            kept = [place not in others for place in range(len(rows))]
            niks, names = list(compress(niks, kept)), list(compress(names, kept))
            fields = [list(compress(texts, kept)) for texts in fields]
        plain = cast(list[str], niks)
        return ReadBlock(
            self._lines(plain, cast(list[str], names), fields),
            others,
            fields[self._places.paid].count(NULL),
            [nik for nik in plain if nik[15] == "0"],
        )

    def _fields(self, columns: Sequence[Sequence[Cell]], rows: Sequence[list[Cell]]) -> list[Any]:
        fields: list[Any] = []
        for place, constant in enumerate(self._constants):
            if (column := self._columns.get(place)) is not None:
                index, texts = column
                fields.append(texts.of(columns[index]))
            elif (of_row := self._others.get(place)) is not None:
                fields.append(list(map(of_row, rows)))
            else:
                fields.append([constant] * len(rows))
        return fields

    def _take_from_projects(self, fields: list[Any], others: set[int]) -> None:
        """Complete what follows from a row's project."""
        at = self._places
        segments, regencies = list(fields[at.segment]), list(fields[at.regency])
        for place, project in enumerate(fields[at.project]):
            if project is None or project == NULL:
                continue
            if segments[place] == "":
                segments[place] = "JAKON"
            if regencies[place] == "":
                regencies[place] = self._regency_of.get(project, "")
            if segments[place] != "JAKON":
                others.add(place)
        fields[at.segment], fields[at.regency] = segments, regencies

    def _misfits(self, fields: list[Any]) -> Iterable[int]:
        """The rows that end before they begin, or that a complete list does not hold."""
        at, listed = self._places, self._listed
        if self._has_ends:
            for place, (start, end) in enumerate(zip(fields[at.start], fields[at.end], strict=True)):
                # Dates as ISO text are in the order of the calendar.
                if end not in (NULL, None) and start not in (NULL, None) and end < start:
                    yield place
        if listed is None:
            return
        if listed.project is not None:
            wanted = str(listed.project)
            yield from (place for place, project in enumerate(fields[at.project]) if project != wanted)
            return
        for place, (regency, segment) in enumerate(zip(fields[at.regency], fields[at.segment], strict=True)):
            if regency != listed.regency or segment != listed.segment:
                yield place

    def _disagreeing(self, niks: Texts, fields: list[Any], others: set[int]) -> list[int]:
        """The rows that say another sex or date of birth than their NIK."""
        said = self._said
        sexes, births = fields[self._places.sex], fields[self._places.birth]
        if others:
            return [
                place
                for place, (nik, sex, birth) in enumerate(zip(niks, sexes, births, strict=True))
                if place not in others and _disagrees(said[nik[6:12]], sex, birth)  # type: ignore[index]
            ]
        return [
            place
            for place, (nik, sex, birth) in enumerate(zip(niks, sexes, births, strict=True))
            if (found := said[nik[6:12]]) != (sex, birth[2:]) and _disagrees(found, sex, birth)  # type: ignore[index]
        ]

    def _lines(self, niks: Sequence[str], names: Sequence[str], fields: list[Any]) -> list[str]:
        sealed = self._sealer.seal_all(niks)
        heads = [f"\\\\x{each.hex()}\t{nik[12:]}" for each, nik in zip(sealed, niks, strict=True)]
        return list(map("\t".join, zip(heads, names, *fields, strict=True)))


def _disagrees(said: tuple[str, str], sex: str, birth: str) -> bool:
    return (sex != said[0] and sex != "") or (birth[2:] != said[1] and birth not in (NULL, ""))
