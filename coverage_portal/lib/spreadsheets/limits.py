"""How much of a file the reader is willing to look at."""

from __future__ import annotations

from dataclasses import dataclass

MEGABYTE = 1024 * 1024
EXCEL_ROWS = 1_048_576
EXCEL_CELL_CHARS = 32_767


@dataclass(frozen=True)
class Limits:
    """Bounds of one reading. Sizes in bytes, times in seconds, text in characters.

    The defaults admit an honest full Excel sheet (1,048,576 rows of a dozen columns: 80 MB of file,
    500 to 1,300 MB of XML, 1.0 GB in the child) and refuse every bomb of the hostile corpus unread.
    What is larger comes as CSV, which nobody holds as a whole.
    """

    max_file_bytes: int = 100 * MEGABYTE
    max_inflated_bytes: int = 1_500_000_000
    """All members of a workbook's archive together, as declared and as really inflated."""
    max_ratio: int = 200
    """Inflated to compressed size of one member above `ratio_floor_bytes`: real sheets stay below 130,
    a deflate bomb reaches 1,030."""
    ratio_floor_bytes: int = 10 * MEGABYTE
    max_members: int = 1_000
    checked_xml_bytes: int = 8 * MEGABYTE
    """How much of one part is looked at for its tags to match: some 20,000 rows of a sheet, in half a second.
    What is larger no hand has written: a program's oddities show in its first rows, and the zip's checksum
    tells whether the bytes are as they were."""
    max_rows: int = EXCEL_ROWS
    """Of a workbook's sheet."""
    max_records: int = 20_000_000
    """Of a CSV, which is read in a stream."""
    max_columns: int = 256
    max_cell_chars: int = EXCEL_CELL_CHARS
    max_row_chars: int = 1_000_000
    memory_bytes: int = 1_500_000_000
    """Address space of the reading process."""
    cpu_seconds: float = 20.0
    wall_seconds: float = 20.0
    """Time the child may keep its reader waiting; the time the reader itself takes does not count."""
    free_bytes: int = 5 * MEGABYTE
    seconds_per_megabyte: float = 1.5
    """What each megabyte above `free_bytes` adds to both times."""
    fork_bytes: int = 4 * MEGABYTE
    """The size of a workbook above which pre-flight and library run at one time: both take seconds then."""

    def allowance(self, size: int) -> float:
        """Extra seconds for a file of `size` bytes."""
        return max(0, size - self.free_bytes) / MEGABYTE * self.seconds_per_megabyte


DEFAULTS = Limits()
