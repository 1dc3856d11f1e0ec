"""The month that the title of a sheet names."""

from __future__ import annotations

import re

from coverage_portal.lib.values import tidy

from .month import Month
from .reading import GAP, NAME, TAHUN, WEEKDAY, full_year, month_number

_LONGEST_TITLE = 300
_STAMP = re.compile(
    r"(?:cetak|unduh|ekspor|export|print|download|generat|dibuat)\w*"
    rf"(?:[ :,.]|pada|tanggal|tgl|on|{WEEKDAY})*$"
)
_TITLE_FORMS = tuple(
    re.compile(form, re.ASCII)
    for form in (
        r"(?<![\d/.-])(?P<year>\d{4})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<day>\d{1,2})(?![\d/-])",
        r"(?<![\d/.-])(?P<day>\d{1,2})(?P<gap>[-/.])(?P<month>\d{1,2})(?P=gap)(?P<year>\d{4})(?![\d/-])",
        r"(?<![a-z])(?:bulan|bln|periode|per|posisi) ?[:.]? ?(?P<month>\d{1,2})[-/](?P<year>\d{4})(?![\d/-])",
        r"(?<![a-z])(?:bulan|bln|periode|per|posisi) ?[:.]? ?(?P<year>\d{4})-(?P<month>\d{2})(?![\d/-])",
        rf"(?:(?<!\d)(?P<day>\d{{1,2}}){GAP})?(?<![a-z]){NAME}(?:{GAP}|{TAHUN})(?P<year>\d{{4}})(?!\d)",
        rf"(?<![a-z]){NAME} ?[-/'] ?(?P<year>\d{{2}})(?!\d)",
        rf"(?:tahun|thn\.?) ?(?P<year>\d{{4}})[ ,/-]*(?:bulan )?{NAME}",
        rf"(?<![a-z]){NAME}",
    )
)


def find_month(text: str, *, year: int | None = None) -> Month | None:
    """The one month a title names (`Rekap peserta, Bulan : Juli 2025`), read as `parse_month` reads a cell.

    None when it names none, or several (`Januari s.d. Juli 2025`), or one without a year while `year` is not
    given: then the user must be asked. The date on which the sheet was printed or exported does not count.
    """
    rest = tidy(text).lower()[:_LONGEST_TITLE]
    found: set[Month | int] = set()
    for form in _TITLE_FORMS:
        for match in form.finditer(rest):
            if not _STAMP.search(rest, 0, match.start()):
                found.add(_named_by_title(match, year))
        rest = form.sub(lambda match: "·" * len(match[0]), rest)
    dated = {month for month in found if isinstance(month, Month)}
    undated = found - dated - {month.month for month in dated}
    return dated.pop() if len(dated) == 1 and not undated else None


def _named_by_title(match: re.Match[str], year: int | None) -> Month | int:
    """The month of a mention in a title; its number alone without a year, 0 when there is no such day."""
    groups = match.groupdict()
    month = month_number(match)
    written = groups.get("year")
    if written is None and year is None:
        return month
    try:
        named = Month(full_year(written) if written else year or 0, month)
        named.first.replace(day=int(groups.get("day") or 1))
    except ValueError:
        return 0
    return named
