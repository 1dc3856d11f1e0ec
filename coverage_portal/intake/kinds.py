"""What a kind of import declares, and the register of all kinds.

A kind is one declaration of columns, checks and merge in the `imports` module of the app that owns the
tables. The engine finds it by autodiscovery and calls nothing else.
"""

from __future__ import annotations

import uuid
from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, ClassVar

from django.utils.functional import Promise

from coverage_portal.accounts.areas import Scope
from coverage_portal.accounts.history import Author
from coverage_portal.lib.spreadsheets import Cell

if TYPE_CHECKING:
    from .models import ImportBatch

IGNORE = "ignore"
Options = Mapping[str, str]
Key = tuple[str, ...]
Values = dict[str, Any]


class Severity(StrEnum):
    ERROR = "error"
    WARNING = "warning"
    NOTE = "note"


@dataclass(frozen=True, slots=True)
class Problem:
    """One thing to say about a file or a row of it.

    `template` is the Indonesian sentence with %(name)s places for `params`: stored as such, so that it is
    shown in the reader's language. Only an ERROR keeps its row from being applied.
    """

    code: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    column: str = ""
    value: str = ""
    severity: Severity = Severity.ERROR
    row: int | None = None


@dataclass(frozen=True, slots=True)
class Question:
    """Something only the user can say. The answer is kept in the batch's options under `name`.

    `kind` is choice, text, month, year or date. An optional one is put beside others and stops nothing.
    """

    name: str
    template: str
    params: Mapping[str, Any] = field(default_factory=dict)
    choices: tuple[tuple[str, str], ...] = ()
    kind: str = "choice"
    value: str = ""
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """One stored cell that a row speaks of.

    `values` are compared with what is stored and decide between new, changed and same; `extra` (the source,
    its date) is only written along. Both hold JSON values.
    """

    key: Key
    values: Values
    label: str
    area: str
    extra: Values = field(default_factory=dict)


class RowKind(StrEnum):
    DATA = "data"
    SKIPPED = "skipped"


@dataclass(slots=True)
class RowResult:
    """What one non-blank row of the sheet turned out to be; a skipped row says why in `reason`."""

    kind: RowKind
    records: list[Record] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Column:
    """A column of the template. `name` is the target that headings map to."""

    name: str
    heading: str
    help: str
    example: str
    required: bool = False
    text: bool = False


@dataclass(frozen=True, slots=True)
class Use:
    """A column of the sheet and what it is used for: a target of the kind, `ignore`, or None (unknown)."""

    index: int
    heading: str
    target: str | None


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the table of a sheet starts and what its columns mean.

    `header_rows` are the sheet's row numbers of the heading (two where it is merged), `titles` the texts
    above it.
    """

    header_rows: tuple[int, ...]
    uses: tuple[Use, ...]
    titles: tuple[str, ...]

    def targets(self) -> dict[str, Use]:
        return {use.target: use for use in self.uses if use.target not in (None, IGNORE)}

    def heading(self, target: str) -> str:
        use = self.targets().get(target)
        return "" if use is None else use.heading


@dataclass(frozen=True, slots=True)
class Effect:
    """What applying would do to one area's coverage in one month, percent before and after.

    With a `segment`, before and after are the persons counted in it. No dashboard shows them where there is
    an `official` figure, or no complete list.
    """

    area: str
    month: str
    before: Any
    after: Any
    segment: str = ""
    official: Any = None


class Interpreter(ABC):
    """Reads the rows of one sheet in order. Made anew for every check of a file."""

    @abstractmethod
    def row(self, number: int, cells: Sequence[Cell]) -> RowResult: ...

    def finish(self) -> list[Problem]:
        """What can only be said once every row was read: totals, shares, missing areas."""
        return []

    def questions(self) -> list[Question]:
        """What turned out to be ambiguous and is to be asked once for the whole file."""
        return []


class Kind(ABC):
    """One kind of sheet: how it is recognised, what is asked about it, and how it is taken back."""

    slug: ClassVar[str]
    title: ClassVar[str | Promise]
    description: ClassVar[str | Promise]
    permission: ClassVar[str]
    reveal_permission: ClassVar[str] = ""
    """What it takes to be given refused rows as they came, where they speak of persons."""
    columns: ClassVar[tuple[Column, ...]]
    blanks_may_clear: ClassVar[bool] = False
    """Whether a user may ask that a blank cell empties what is stored (the option `blank_clears`)."""
    feeds_counts: ClassVar[bool] = False
    """Whether its rows are what members are counted from."""
    can_correct: ClassVar[bool] = False
    """Whether a file of this kind may take the place of an applied one: its option `corrects` names that."""

    @abstractmethod
    def recognise(self, heading: str, titles: Sequence[str], options: Options) -> str | None:
        """The target that a heading stands for, `ignore` for a known column without use, else None."""

    @abstractmethod
    def target_choices(self) -> list[tuple[str, str]]:
        """All targets that a user may map a heading to, with their names."""

    @abstractmethod
    def missing(self, targets: Iterable[str]) -> list[str]:
        """The headings still needed before the sheet can be read, as the template names them."""

    @abstractmethod
    def ask(self, layout: Layout, options: Options, scope: Scope) -> list[Question]:
        """What must be known of the whole file and is not in it: its month, its year.

        Nothing that lies out of the scope is offered as an answer, here and below.
        """

    def adjustments(self, scope: Scope) -> list[Question]:
        """What a user may say of a file of this kind at any time, asked or not."""
        return []

    def read_answer(self, name: str, text: str, scope: Scope) -> str:
        """The option to store for an answer that only this kind asks for.

        Raises:
            ValueError: the answer cannot be used; its text is a sentence that says what may be written.
        """
        return text

    def closed_months(self, batch: ImportBatch) -> list[str]:
        """The closed months that a batch's confirm or undo touches, a line each, in the reader's language."""
        return []

    @abstractmethod
    def undo(self, action: Any, author: Author, *, leave_out: bool) -> list[str]:
        """Give back what `action` changed; returns the labels of what a later change touched.

        With conflicts and without `leave_out`, nothing is written.

        Raises:
            NotNow: it cannot be given back at the moment; nothing is written.
        """


class RecordKind(Kind):
    """A kind whose rows speak of a few stored cells each: read, compared and merged record by record."""

    @abstractmethod
    def interpreter(self, layout: Layout, options: Options, scope: Scope, file_name: str) -> Interpreter: ...

    @abstractmethod
    def current(self, keys: Iterable[Key]) -> dict[Key, Values]:
        """The stored values under these keys, as they stand now."""

    @abstractmethod
    def merge(self, records: Sequence[Record], author: Author) -> None:
        """Write records inside the caller's transaction, with their history. Keys are sorted and unique."""

    def effects(self, records: Sequence[Record]) -> list[Effect]:
        """What applying these records would change in what the dashboards show."""
        return []

    def refusals(self, records: Sequence[Record]) -> Mapping[Key, Problem]:
        """Which of these records, that would each change something, must not be written now, and why."""
        return {}


@dataclass(frozen=True, slots=True)
class NotStaged:
    """A row that is not staged: wrong where it has problems, else skipped for its reason."""

    problems: tuple[Problem, ...] = ()
    reason: str = ""


class BulkReader(ABC):
    """Makes of each row of a sheet one line for the staging table. Made anew for every check of a file.

    Remarks on rows that are staged are kept by the reader and given out at the end: there may be one for
    each of a million rows, so it keeps a few of a code and counts the rest.
    """

    @abstractmethod
    def read(self, number: int, cells: list[Cell]) -> str | NotStaged:
        """The row as COPY text: a value for each of the kind's `staged` columns, tabs between."""

    def read_all(self, rows: Sequence[tuple[int, list[Cell]]]) -> list[str | NotStaged]:
        """As `read`, of one or more rows that follow each other."""
        return [self.read(number, cells) for number, cells in rows]

    def refusal(self, rows: int) -> Problem | None:
        """What the `rows` data rows that were read say against the file as a whole: then none is used."""
        return None

    @abstractmethod
    def remarks(self) -> Iterable[tuple[Problem, int]]:
        """Warnings and notes on staged rows, each with the number of times that its code was said."""


@dataclass(slots=True)
class Comparison:
    """What the staged rows would do to what is stored.

    `counts` has the staged rows by outcome, `beyond` the stored records that no row speaks of. `wrong` are
    the problems of those refused now, in row order; `skipped` the places and reasons of those left out.
    `fingerprint` is the same as long as confirming would still do what the preview showed. `touched` are the
    months of each area whose figures would move.
    """

    counts: dict[str, int]
    wrong: Iterator[Problem]
    skipped: Iterator[tuple[int, str]]
    remarks: list[tuple[Problem, int]]
    samples: list[Sample]
    effects: list[Effect]
    areas: list[str]
    fingerprint: dict[str, Any]
    beyond: dict[str, int] = field(default_factory=dict)
    touched: dict[str, list[str]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Sample:
    """One staged row as the preview shows it."""

    row: int
    label: str
    area: str
    before: Values | None
    after: Values
    outcome: str


class Stale(Exception):
    """What is stored has moved since the preview: nothing was written."""


class NotNow(Exception):
    """Files of a kind cannot be read or applied at the moment; `problem` says why and when again."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.code)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Written:
    """What a confirm came to.

    Attributes:
        is_any: whether anything was written.
        overtaken: rows shown as new that others had stored by then, just so.
    """

    is_any: bool
    overtaken: int = 0


class BulkKind(Kind):
    """A kind of up to a million rows: staged by COPY into a table of its own, the rest done in SQL.

    The staging table has the columns `batch_id` and `row_number` before those in `staged`, and need not
    survive a crash: a confirm that finds rows missing has them read again.
    """

    table: ClassVar[str]
    staged: ClassVar[tuple[str, ...]]

    @abstractmethod
    def reader(self, layout: Layout, options: Options, scope: Scope) -> BulkReader:
        """Reads the rows of one file.

        Raises:
            NotNow: files cannot be read at the moment.
        """

    def never_kept(self, layout: Layout) -> frozenset[int]:
        """The columns of which not even a refused row keeps its cells."""
        return frozenset()

    def masked(self, target: str | None, cell: Cell) -> Cell:
        """What may be shown of a cell, of a column used as `target`, to whoever may not see persons."""
        return None

    def needs_every_row(self, options: Options) -> bool:
        """Whether the file can only be applied as a whole: one wrong row stops it."""
        return False

    def has_written(self, batch_id: uuid.UUID) -> bool:
        """Whether an applied import left anything that a correction could take the place of."""
        return False

    def remembered(self, layout: Layout, options: Options) -> dict[str, Any]:
        """What comparing and merging must know of the sheet's layout, as JSON values."""
        return {}

    @abstractmethod
    def compare(
        self, batch_id: uuid.UUID, options: Options, remembered: Mapping[str, Any], scope: Scope
    ) -> Comparison:
        """Compare the staged rows with each other and with what is stored, in the caller's transaction."""

    @abstractmethod
    def merge(
        self,
        batch_id: uuid.UUID,
        options: Options,
        remembered: Mapping[str, Any],
        scope: Scope,
        author: Author,
    ) -> Written:
        """Write the staged rows, inside the caller's transaction.

        `remembered` has the preview's `fingerprint` too.

        Raises:
            Stale: it would no longer do what the preview with this fingerprint showed.
        """


_kinds: dict[str, Kind] = {}


def register(kind: Kind) -> None:
    """Make a kind known to the engine; its slug must be new."""
    if kind.slug in _kinds:
        raise ValueError(f"import kind {kind.slug!r} is registered twice")
    _kinds[kind.slug] = kind


def get(slug: str) -> Kind:
    """The kind of this name.

    Raises:
        KeyError: there is none.
    """
    return _kinds[slug]


def all_kinds() -> list[Kind]:
    return list(_kinds.values())
