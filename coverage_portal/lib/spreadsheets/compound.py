"""Reads one stream of an OLE compound file ([MS-CFB]), the container of .xls."""

from __future__ import annotations

import struct
from dataclasses import dataclass

from coverage_portal.lib.spreadsheets.refusal import Unreadable

END_OF_CHAIN = 0xFFFFFFFA
"""This number and those above it are no sectors: they end a chain or mark special ones."""
_MINI_SECTOR = 64
_ENTRY = 128


@dataclass(frozen=True)
class Entry:
    """A directory entry: a stream, or a storage (which holds others)."""

    name: str
    is_stream: bool
    start: int
    size: int


class CompoundFile:
    """The whole file in memory. Raises Unreadable('corrupt') for chains that loop or leave the file."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        try:
            self._open()
        except (struct.error, IndexError, UnicodeDecodeError) as error:
            raise Unreadable("corrupt") from error

    def _open(self) -> None:
        header = struct.unpack_from("<HH", self._content, 30)
        if header[0] not in (9, 12):
            raise Unreadable("corrupt")
        self._sector = 1 << header[0]
        directory, _, self._mini_limit, mini_start, _, difat_start = struct.unpack_from(
            "<6I", self._content, 48
        )
        self._fat: list[int] = []
        for number in self._fat_sectors(difat_start):
            self._fat += self._numbers(number)
        self._entries = self._directory(self._chain(directory, None))
        self._mini_fat: list[int] = []
        if mini_start < END_OF_CHAIN:
            mini = self._chain(mini_start, None)
            self._mini_fat = list(struct.unpack(f"<{len(mini) // 4}I", mini))
        self._mini_stream = b""
        if self._entries and self._entries[0].start < END_OF_CHAIN:
            self._mini_stream = self._chain(self._entries[0].start, None)

    def _fat_sectors(self, difat: int) -> list[int]:
        sectors = list(struct.unpack_from("<109I", self._content, 76))
        seen = 0
        while difat < END_OF_CHAIN:
            *numbers, difat = self._numbers(difat)
            sectors += numbers
            seen += 1
            if seen > len(self._content) // self._sector:
                raise Unreadable("corrupt")
        return [number for number in sectors if number < END_OF_CHAIN]

    def _numbers(self, sector: int) -> tuple[int, ...]:
        return struct.unpack_from(f"<{self._sector // 4}I", self._content, (sector + 1) * self._sector)

    def _chain(self, sector: int, size: int | None) -> bytes:
        pieces: list[bytes] = []
        while sector < END_OF_CHAIN:
            at = (sector + 1) * self._sector
            if at >= len(self._content) or len(pieces) > len(self._fat):
                raise Unreadable("corrupt")
            pieces.append(self._content[at : at + self._sector])
            sector = self._fat[sector]
        return b"".join(pieces)[:size]

    def _directory(self, content: bytes) -> list[Entry]:
        entries = []
        for at in range(0, len(content) - _ENTRY + 1, _ENTRY):
            length, kind = struct.unpack_from("<HB", content, at + 64)
            start, size = struct.unpack_from("<II", content, at + 116)
            if kind:
                name = content[at : at + max(0, min(length, 64) - 2)].decode("utf-16-le", "replace")
                entries.append(Entry(name, kind == 2, start, size))
        return entries

    def names(self) -> set[str]:
        """Lower-case names of all streams and storages, wherever they are."""
        return {entry.name.lower() for entry in self._entries}

    def stream(self, *names: str) -> bytes | None:
        """The content of the first stream that has one of `names` (lower-case), in their order."""
        for name in names:
            for entry in self._entries:
                if entry.is_stream and entry.name.lower() == name:
                    return self._read(entry)
        return None

    def _read(self, entry: Entry) -> bytes:
        try:
            if entry.size >= self._mini_limit:
                return self._chain(entry.start, entry.size)
            pieces: list[bytes] = []
            sector = entry.start
            while sector < END_OF_CHAIN:
                if len(pieces) > len(self._mini_fat):
                    raise Unreadable("corrupt")
                pieces.append(self._mini_stream[sector * _MINI_SECTOR : (sector + 1) * _MINI_SECTOR])
                sector = self._mini_fat[sector]
            return b"".join(pieces)[: entry.size]
        except IndexError as error:
            raise Unreadable("corrupt") from error
