"""CSV: encoding and delimiter found from the bytes, quotes checked, every record counted first."""

from __future__ import annotations

import codecs
import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import chain, islice
from typing import BinaryIO

from coverage_portal.lib.spreadsheets.cells import is_blank
from coverage_portal.lib.spreadsheets.limits import MEGABYTE, Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

SAMPLE_RECORDS = 200
BLOCK_CHARS = 64 * 1024
"""Of lines that are read at once: some hundred records of a worker list."""
CONSISTENT = 0.6
"""Share of the sampled records that must agree on a number of columns for a delimiter to be taken."""
LEAST_JUDGED = 200
MOST_ACCENTS = 0.2
"""Share of bytes above 127: the most accented European languages stay below 0.15."""
_RARE_IN_TEXT = ("\t", ";")
_LINE_ENDS = "\r\n"
_BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_SHOWN = {"utf-8-sig": "utf-8"}


@dataclass(frozen=True)
class Dialect:
    """How one CSV file is written. `directive`: its first line is Excel's `sep=;` and no record."""

    encoding: str
    delimiter: str
    directive: bool
    notes: tuple[str, ...]

    @property
    def encoding_shown(self) -> str:
        return _SHOWN.get(self.encoding, self.encoding)


def dialect_of(file: BinaryIO) -> Dialect:
    """Raises Unreadable('encoding')."""
    encoding = _encoding(file)
    notes = ("windows_1252",) if encoding == "windows-1252" else ()
    lines = list(islice(_lines(file, encoding), SAMPLE_RECORDS * 4))
    first = lines[0].strip() if lines else ""
    if first.lower().startswith("sep=") and len(first) == 5:
        return Dialect(encoding, first[4], True, notes)
    return Dialect(encoding, _delimiter(lines), False, notes)


def _encoding(file: BinaryIO) -> str:
    file.seek(0)
    head = file.read(4)
    for bom, encoding in _BOMS:
        if head.startswith(bom):
            if not _decodes(file, encoding):
                raise Unreadable("encoding", encoding=encoding)
            return encoding
    if _decodes(file, "utf-8"):
        return "utf-8"
    # Windows-1252 makes something of nearly any bytes: of UTF-8 with a few broken ones two wrong letters
    # for each, of Chinese or Cyrillic nothing but accents.
    if _mostly_utf8(file) or _mostly_accents(file) or not _decodes(file, "windows-1252"):
        raise Unreadable("encoding", encoding="utf-8")
    return "windows-1252"


def _decodes(file: BinaryIO, encoding: str) -> bool:
    try:
        for _ in _decoded(file, encoding, "strict"):
            pass
    except UnicodeError:
        return False
    return True


def _mostly_utf8(file: BinaryIO) -> bool:
    good = bad = 0
    for text in _decoded(file, "utf-8", "replace"):
        broken = text.count("\ufffd")
        bad += broken
        good += len(text) - len(text.encode("ascii", "ignore")) - broken
    return good > bad


def _mostly_accents(file: BinaryIO) -> bool:
    file.seek(0)
    sample = file.read(MEGABYTE)
    return len(sample) >= LEAST_JUDGED and sum(byte > 127 for byte in sample) > MOST_ACCENTS * len(sample)


def _decoded(file: BinaryIO, encoding: str, errors: str) -> Iterator[str]:
    file.seek(0)
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    while chunk := file.read(MEGABYTE):
        yield decoder.decode(chunk)
    yield decoder.decode(b"", final=True)


def _lines(file: BinaryIO, encoding: str) -> Iterator[str]:
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=encoding, newline="")
    try:
        # Not `yield from text`, which would close the file with this generator.
        yield from iter(text.readline, "")
    finally:
        text.detach()


def _delimiter(lines: list[str]) -> str:
    """The delimiter on whose count outside quotes the sampled records agree.

    Tab and semicolon are asked first: between them a decimal comma or a comma in a name is common,
    while neither appears in every record of a comma-separated file. One column: a comma.
    """
    best, best_score = ",", 0.0
    for delimiter in (*_RARE_IN_TEXT, ","):
        share, columns = _agreement(lines, delimiter)
        if columns > 1 and share >= CONSISTENT and delimiter in _RARE_IN_TEXT:
            return delimiter
        score = share * columns if columns > 1 else 0.0
        if score > best_score:
            best, best_score = delimiter, score
    return best


def _agreement(lines: list[str], delimiter: str) -> tuple[float, int]:
    """The share of records with the most frequent number of columns above one, and that number."""
    sizes: Counter[int] = Counter()
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    while sizes.total() < SAMPLE_RECORDS:
        try:
            record = next(reader, None)
        except csv.Error:
            # Quotes around more than one cell: a sign of the wrong delimiter.
            sizes[0] += 1
            continue
        if record is None:
            break
        if record:
            sizes[len(record)] += 1
    several = [(count, size) for size, count in sizes.items() if size > 1]
    if not several:
        return 0.0, 1
    count, size = max(several)
    return count / sizes.total(), size


def blocks(file: BinaryIO, dialect: Dialect, limits: Limits) -> Iterator[tuple[int, list[list[str]]]]:
    """Records with the number of the first one's first physical line, blank ones included.

    Each of the others stands on the line after the one before.
    Raises Unreadable: unclosed_quote (with its line), too_long_cell, too_long_row, too_many_columns.
    """
    csv.field_size_limit(limits.max_cell_chars)
    file.seek(0)
    text = io.TextIOWrapper(file, encoding=dialect.encoding, newline="")
    columns: Counter[int] = Counter()
    line = 1
    try:
        if dialect.directive:
            text.readline()
            line = 2
        while lines := text.readlines(BLOCK_CHARS):
            records = _one_a_line(lines, dialect, limits)
            if records is None:
                # A record goes on in the next line, perhaps of the next block; or something is wrong.
                reader = csv.reader(
                    chain(lines, iter(text.readline, "")), delimiter=dialect.delimiter, strict=True
                )
                while reader.line_num < len(lines):
                    first = line + reader.line_num
                    record = _next(reader, first, limits)
                    if line + reader.line_num > first + 1:
                        _refuse_swallowed(record, dialect.delimiter, columns, first)
                    else:
                        _count_columns([record], columns)
                    _refuse_wide([record], limits)
                    yield first, [record]
                line += reader.line_num
                continue
            _refuse_wide(records, limits)
            _count_columns(records, columns)
            yield line, records
            line += len(lines)
    finally:
        text.detach()


def _one_a_line(lines: list[str], dialect: Dialect, limits: Limits) -> list[list[str]] | None:
    """The records of whole lines; None if there are not as many, or one cannot be read.

    Where nothing is quoted every delimiter ends a cell, and splitting takes a quarter of the reader's time.
    """
    delimiter = dialect.delimiter
    quoted = [place for place, line in enumerate(lines) if '"' in line]
    if max(map(len, lines)) > limits.max_cell_chars or delimiter in _LINE_ENDS:
        quoted = list(range(len(lines)))
    try:
        read = list(csv.reader([lines[place] for place in quoted], delimiter=delimiter, strict=True))
    except csv.Error:
        return None
    if len(read) != len(quoted):
        return None
    if len(read) == len(lines):
        return read
    records = [bare.split(delimiter) if (bare := line.rstrip(_LINE_ENDS)) else [] for line in lines]
    for place, record in zip(quoted, read, strict=True):
        records[place] = record
    return records


def _next(reader: Iterator[list[str]], line: int, limits: Limits) -> list[str]:
    try:
        return next(reader)
    except csv.Error as error:
        if "field larger" in str(error):
            raise Unreadable("too_long_cell", limit=limits.max_cell_chars) from error
        raise Unreadable("unclosed_quote", line=line) from error


def _refuse_wide(records: list[list[str]], limits: Limits) -> None:
    most = limits.max_columns
    if max(map(len, records)) > most and not all(is_blank(record[most:]) for record in records):
        raise Unreadable("too_many_columns", limit=most)


def _count_columns(records: list[list[str]], columns: Counter[int]) -> None:
    if len(columns) < SAMPLE_RECORDS:
        columns.update(map(len, records))


def _refuse_swallowed(record: list[str], delimiter: str, columns: Counter[int], line: int) -> None:
    """Refuse a quoted cell one of whose lines is itself a whole record.

    Two stray quotes, some rows apart, make such a cell of everything between them.
    """
    usual = columns.most_common(1)[0][0] if columns else len(record)
    if usual < 3:
        return
    for cell in record:
        if any(part.count(delimiter) == usual - 1 for part in cell.splitlines()):
            raise Unreadable("unclosed_quote", line=line)


def count_records(file: BinaryIO, dialect: Dialect, limits: Limits) -> int:
    """The records up to the last one that holds something.

    Reads the whole file once, so that what is wrong with it is known before its first row is used.
    Raises Unreadable: as `blocks`, too_many_rows, no_rows.
    """
    last = seen = 0
    for _line, records in blocks(file, dialect, limits):
        for place in range(len(records), 0, -1):
            if not is_blank(records[place - 1]):
                last = seen + place
                break
        seen += len(records)
        if last > limits.max_records:
            raise Unreadable("too_many_rows", limit=limits.max_records)
    if not last:
        raise Unreadable("no_rows")
    return last
