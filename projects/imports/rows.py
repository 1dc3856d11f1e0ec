"""Reading a worker list row by row: NIK checked and sealed, every other cell through its column's parser."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext_noop as _

from coverage_portal.accounts.areas import Scope
from coverage_portal.intake.copying import NULL
from coverage_portal.intake.kinds import BulkReader, Layout, NotStaged, Options, Problem, Severity
from coverage_portal.intake.layout import text_of
from coverage_portal.lib.identity import TEMPLATES as IDENTITY
from coverage_portal.lib.identity import NikReader, parse_name
from coverage_portal.lib.spreadsheets import Cell
from coverage_portal.lib.values import BadValue, is_blank
from projects import erasing, plan
from projects.messages import TEMPLATES, BadCell
from projects.models import Project
from projects.sealing import nik_sealer
from regions.imports.headings import is_total_row
from regions.imports.rows import NOTE_REASON, TOTAL_REASON

from . import columns
from .by_column import BlockReader, Places, PlainNumbers, PlainTexts
from .columns import KPJ_LENGTH
from .rounding import Rounding
from .sources import FIELDS, Sources

EMPTY_REASON = _("baris bernomor tanpa isi")
MOST_OF_A_CODE = 100
MAX_NAME = 120
PERSONAL = frozenset({"nik", "name", "birth_date", "kpj"})
_LONG_NUMBER = re.compile(r"\d[\d .-]{6,}\d")

_SEX, _BIRTH, _KPJ, _SEGMENT, _REGENCY, _PROJECT = (
    FIELDS.index(name) for name in ("sex", "birth_date", "kpj", "segment", "regency", "project")
)
_START, _END, _PAID = (FIELDS.index(name) for name in ("start", "end", "paid_through"))
_NOTHING: tuple[str, ...] = ()


class _SaidBy(dict[str, tuple[str, str]]):
    """By a NIK's `DDMMYY`, the sex and the end of the date of birth, `YY-MM-DD`: all that it says of them."""

    def __missing__(self, part: str) -> tuple[str, str]:
        is_woman = part[0] >= "4"
        day = f"{int(part[:2]) - 40:02}" if is_woman else part[:2]
        self[part] = found = ("P" if is_woman else "L", f"{part[4:]}-{part[2:4]}-{day}")
        return found


class EnrollmentReader(BulkReader):
    """The rows of one worker list as lines for the staging table."""

    def __init__(self, layout: Layout, options: Options, scope: Scope) -> None:
        self._today = timezone.localdate()
        self._nik = NikReader(self._today)
        self._nik_says = _SaidBy()
        self._seal = nik_sealer().seal
        self._erased = erasing.erased()
        self._uses = layout.targets()
        self._nik_at, self._name_at = self._uses["nik"].index, self._uses["name"].index
        self._width = max(use.index for use in self._uses.values()) + 1
        self._list = plan.complete_list(options)
        projects = list(
            Project.objects.within(scope).values_list(
                "pk", "bpjs_number", "package_code", "name", "regency_id"
            )
        )
        self._regency_of = {
            str(pk): str(regency)
            for pk, _number, _package, _name, regency in projects
            if regency and scope.covers(str(regency))
        }
        visible = {str(pk): name[:80] for pk, _number, _package, name, _regency in projects}
        self._sources = Sources(
            self._uses, options, scope, _project_keys(projects), visible.keys(), self._today
        )
        self._block = self._block_reader()
        self._list_name = _list_name(self._list, visible)
        self._last: int | None = None
        self._said = Counter[str]()
        self._kept: dict[str, list[Problem]] = {}
        self._unpaid = 0
        self._rounding = Rounding()

    def _block_reader(self) -> BlockReader:
        kept = {
            place: (index, PlainNumbers(column, KPJ_LENGTH) if place == _KPJ else PlainTexts(column))
            for place, index, column in self._sources.plain
        }
        return BlockReader(
            Places(
                self._nik_at, self._name_at, _SEX, _BIRTH, _SEGMENT, _REGENCY, _PROJECT, _START, _END, _PAID
            ),
            self._nik,
            nik_sealer(),
            self._nik_says,
            self._sources.constants,
            kept,
            {place: self._sources.plainly(source) for place, source in self._sources.other},
            longest_name=MAX_NAME,
            listed=self._list,
            regency_of=self._regency_of,
            is_erased=None if self._erased is None else self._erased.has,
        )

    def read(self, number: int, cells: list[Cell]) -> str | NotStaged:
        if len(cells) < self._width:
            cells = _widened(cells, self._width)
        nik_cell = cells[self._nik_at]
        if nik_cell is None or nik_cell == "":
            return self._without_nik(number, cells)
        digits, problem, said = self._nik.read(nik_cell)
        if problem is not None:
            return self._refused(number, cells)
        try:
            name = parse_name(cells[self._name_at])
        except BadValue:
            return self._refused(number, cells)
        found = self._sources.values(cells)
        if found is None:
            return self._refused(number, cells)
        values, warned = found
        if not self._fits(name, values):
            return self._refused(number, cells)
        if values[_PAID] == NULL:
            self._unpaid += 1
        said += warned + self._second_look(digits, values)
        if said:
            self._warn(number, said)
        self._last = number
        return self._line(digits, name, values)

    def _line(self, digits: str, name: str, values: list[str]) -> str:
        if self._erased is not None and (sealed := self._erased.stands_for(digits)) is not None:
            return self._without_person(sealed, values)
        if "\\" in name:
            name = name.replace("\\", "\\\\")
        return "\t".join((f"\\\\x{self._seal(digits).hex()}", digits[12:], name, *values))

    def _without_person(self, sealed: bytes, values: list[str]) -> str:
        """The row of somebody who is erased: what is counted of it, and nothing of the person."""
        kept = values.copy()
        kept[_SEX], kept[_BIRTH], kept[_KPJ] = "", NULL, ""
        return "\t".join((f"\\\\x{sealed.hex()}", erasing.LAST4, erasing.NAME, *kept))

    def read_all(self, rows: Sequence[tuple[int, list[Cell]]]) -> list[str | NotStaged]:
        """By column where a row has nothing to be said of, else row by row."""
        width = self._width
        whole = [cells if len(cells) >= width else _widened(cells, width) for _number, cells in rows]
        block = self._block.read(whole)
        self._unpaid += block.unpaid
        for digits in block.ending_in_zero:
            self._rounding.ends_in_zero(digits)
        if not block.others:
            self._last = rows[-1][0]
            return list(block.lines)
        lines, found = iter(block.lines), []
        for place, (number, cells) in enumerate(rows):
            if place in block.others:
                found.append(self.read(number, cells))
            else:
                self._last = number
                found.append(next(lines))
        return found

    def _fits(self, name: str, values: list[str]) -> bool:
        """Complete what follows from the row's project; whether its values go together."""
        project = values[_PROJECT]
        if project != NULL:
            values[_SEGMENT] = values[_SEGMENT] or "JAKON"
            values[_REGENCY] = values[_REGENCY] or self._regency_of.get(project, "")
        return not self._misfit(name, values)

    def _misfit(self, name: str, values: list[str]) -> str:
        """The code of what does not go together in a row, or ""."""
        if len(name) > MAX_NAME:
            return "name_too_long"
        if values[_PROJECT] != NULL and values[_SEGMENT] != "JAKON":
            return "project_not_jakon"
        end = values[_END]
        # Dates as ISO text are in the order of the calendar.
        if end != NULL and values[_START] != NULL and end < values[_START]:
            return "end_before_start"
        listed = self._list
        if listed is None:
            return ""
        if listed.project is not None:
            return "" if values[_PROJECT] == str(listed.project) else "outside_list"
        is_listed = values[_REGENCY] == listed.regency and values[_SEGMENT] == listed.segment
        return "" if is_listed else "outside_list"

    def _second_look(self, digits: str, values: list[str]) -> tuple[str, ...]:
        """The codes of what the row says of birth and sex otherwise than its NIK, whose last digit counts."""
        if digits[15] == "0":
            self._rounding.ends_in_zero(digits)
        birth, sex = values[_BIRTH], values[_SEX]
        said_sex, said_birth = self._nik_says[digits[6:12]]
        if sex == said_sex and birth[2:] == said_birth:
            return _NOTHING
        said = _NOTHING
        if sex and sex != said_sex:
            said = ("nik_sex_differs",)
        if birth not in (NULL, "") and birth[2:] != said_birth:
            said += ("nik_birth_date_differs",)
        return said

    # Rows that are not staged.

    def _without_nik(self, number: int, cells: list[Cell]) -> NotStaged:
        label = next((text_of(cell) for cell in cells[:6] if isinstance(cell, str) and text_of(cell)), "")
        if is_total_row(label):
            return NotStaged(reason=TOTAL_REASON)
        filled = [name for name, use in self._uses.items() if not is_blank(cells[use.index])]
        if not filled:
            return NotStaged(reason=EMPTY_REASON)
        follows = self._last is None or number == self._last + 1
        if "name" not in filled or not (follows or len(filled) > 2):
            return NotStaged(reason=NOTE_REASON)
        return self._refused(number, cells)

    def _refused(self, number: int, cells: list[Cell]) -> NotStaged:
        """The row with every problem it has, or the reason why it is none of the list's."""
        first = next((text_of(cell) for cell in cells[:6] if isinstance(cell, str) and text_of(cell)), "")
        if is_blank(cells[self._name_at]) and is_total_row(first):
            return NotStaged(reason=TOTAL_REASON)
        nik = cells[self._nik_at]
        others = [use for name, use in self._uses.items() if name != "nik" and not is_blank(cells[use.index])]
        if not others and isinstance(nik, str) and not any(map(str.isdigit, nik)):
            return NotStaged(reason=NOTE_REASON)
        self._last = number
        problems = list(self._problems(cells))
        return NotStaged(problems=tuple(problems))

    def _problems(self, cells: list[Cell]) -> Iterable[Problem]:
        digits, error, _said = self._nik.read(cells[self._nik_at])
        if digits.endswith("0"):
            self._rounding.ends_in_zero(digits)
        if error is not None:
            self._rounding.refused(error)
            yield self._problem(error, "nik", cells)
        name = ""
        try:
            name = parse_name(cells[self._name_at])
        except BadValue as bad:
            yield self._problem(bad, "name", cells)
        values, is_whole = [], True
        for field, source in zip(FIELDS, self._sources.all, strict=True):
            if source.read is None:
                values.append(source.constant)
                continue
            text, bad_value, _warning = source.read(self._sources.cell(cells, source.index))
            values.append(text)
            if bad_value is not None:
                is_whole = False
                yield self._problem(bad_value, field, cells)
        if is_whole and not self._fits(name, values):
            code = self._misfit(name, values)
            params: dict[str, dict[str, object]] = {
                "name_too_long": {"limit": MAX_NAME},
                "outside_list": {"list": self._list_name},
            }
            of_code = {"name_too_long": "name", "end_before_start": "end", "project_not_jakon": "segment"}
            yield self._problem(BadCell(code, params.get(code)), of_code.get(code, "regency"), cells)

    def _problem(self, error: BadValue, field: str, cells: list[Cell]) -> Problem:
        use = self._uses.get(field) or self._uses.get({"start": "work_start"}.get(field, ""))
        if field == "regency" and use is None:
            use = self._uses.get("regency_code")
        shown = "" if use is None else masked(field, cells[use.index])
        heading = "" if use is None else use.heading
        # Some sentences quote the cell, and a NIK may stand in any column.
        params = {
            name: _hidden(value) if isinstance(value, str) else value for name, value in error.params.items()
        }
        return Problem(error.code, error.template, params, heading, shown)

    # Rows that are staged and deserve a second look.

    def _warn(self, number: int, codes: Iterable[str]) -> None:
        for code in codes:
            self._said[code] += 1
            if self._said[code] <= MOST_OF_A_CODE:
                template = TEMPLATES.get(code) or IDENTITY[code]
                self._kept.setdefault(code, []).append(
                    Problem(code, template, severity=Severity.WARNING, row=number, column=self._heading(code))
                )

    def _heading(self, code: str) -> str:
        of_code = {"kpj_length": "kpj", "occupation_unknown": "occupation"}
        use = self._uses.get(of_code.get(code, "nik"))
        return "" if use is None else use.heading

    def refusal(self, rows: int) -> Problem | None:
        return self._rounding.problem(rows)

    def remarks(self) -> Iterable[tuple[Problem, int]]:
        for code, problems in self._kept.items():
            for problem in problems:
                yield problem, self._said[code]
        if self._unpaid:
            params = {"count": self._unpaid}
            template = TEMPLATES["paid_unknown"]
            yield Problem("paid_unknown", template, params, severity=Severity.WARNING), 1


def _widened(cells: list[Cell], width: int) -> list[Cell]:
    return cells + [None] * (width - len(cells))


def masked(field: str, cell: Cell) -> str:
    """What may be shown of a cell: nothing that tells who a person is, nor a long number in any column."""
    text = text_of(cell)
    if field == "name":
        return " ".join(f"{word[0]}…" for word in text.split())
    if field == "birth_date":
        return "…" if text else ""
    if field in PERSONAL:
        return f"{'•' * max(len(text) - 4, 0)}{text[-4:]}" if len(text) > 7 else "•" * len(text)
    return _hidden(text)


def _hidden(text: str) -> str:
    """A text with only the last four digits of each long number in it."""
    return _LONG_NUMBER.sub(lambda found: f"{'•' * (len(found[0]) - 4)}{found[0][-4:]}", text)


def _list_name(listed: plan.CompleteList | None, visible: Mapping[str, str]) -> str:
    if listed is None:
        return ""
    if listed.project is not None:
        return visible.get(str(listed.project), "")
    return f"{listed.regency} {listed.segment}"


def _project_keys(projects: Iterable[tuple[int, str, str, str, Any]]) -> dict[str, int]:
    """Projects by number, package code and, where only one has it, name."""
    names = Counter(columns.project_key(name) for _pk, _number, _package, name, _regency in projects)
    keys: dict[str, int] = {}
    for pk, _number, _package, name, _regency in projects:
        if names[columns.project_key(name)] == 1:
            keys[columns.project_key(name)] = pk
    for pk, number, package, _name, _regency in projects:
        keys.update({columns.project_key(text): pk for text in (number, package) if text})
    return keys
