"""A workbook's zip archive, believed in nothing: neither its directory nor its declared sizes.

The parts are inflated here rather than by zipfile, which stops at the declared size and so would
not see what a reader that goes on to the end of the deflate stream would.
"""

from __future__ import annotations

import re
import struct
import zipfile
import zlib
from collections.abc import Iterator
from typing import BinaryIO

from coverage_portal.lib.spreadsheets.limits import MEGABYTE, Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

PIECE = 128 * 1024
LONGEST_SMALL_PART = 8 * MEGABYTE
DIRECTORY_BYTES_PER_MEMBER = 600

_DTD = re.compile(rb"<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.I)
_DTD_OVERLAP = 12
_DECLARED_ENCODING = re.compile(rb"<\?xml[^>]*?\sencoding\s*=\s*[\"']([^\"']*)")
_UTF16_BOMS = (b"\xff\xfe", b"\xfe\xff")


class Archive:
    """The members of a zip by their normalised names, checked against `limits`.

    Raises Unreadable: corrupt, password, zip_paths, duplicate_members, too_many_members, zip_bomb.
    """

    def __init__(self, file: BinaryIO, limits: Limits) -> None:
        self._file = file
        self._limits = limits
        self._inflated = 0
        _check_directory_size(file, limits)
        try:
            members = zipfile.ZipFile(file).infolist()
        except (
            zipfile.BadZipFile,
            NotImplementedError,
            ValueError,
            struct.error,
            EOFError,
            OSError,
        ) as error:
            raise Unreadable("corrupt") from error
        if len(members) > limits.max_members:
            raise Unreadable("too_many_members", limit=limits.max_members)
        self._members: dict[str, zipfile.ZipInfo] = {}
        for member in members:
            self._admit(member)
        if sum(member.file_size for member in members) > limits.max_inflated_bytes:
            raise Unreadable("zip_bomb")

    def _admit(self, member: zipfile.ZipInfo) -> None:
        name = member.orig_filename.replace("\\", "/")
        if "\0" in name or name.startswith("/") or ":" in name or ".." in name.split("/"):
            raise Unreadable("zip_paths")
        if name.lower() in self._members:
            raise Unreadable("duplicate_members")
        self._members[name.lower()] = member
        if member.header_offset < 0:
            raise Unreadable("corrupt")
        if member.flag_bits & 0x1:
            raise Unreadable("password")
        if member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
            raise Unreadable("corrupt")
        large = member.file_size > self._limits.ratio_floor_bytes
        if large and member.file_size > self._limits.max_ratio * member.compress_size:
            raise Unreadable("zip_bomb")

    def names(self) -> list[str]:
        """Lower-case names with forward slashes, in directory order."""
        return list(self._members)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self._members

    def chunks(self, name: str) -> Iterator[bytes]:
        """The inflated bytes of a member in pieces of at most a megabyte.

        Raises Unreadable('corrupt') when size or checksum are not the declared ones.
        """
        member = self._members.get(name.lower())
        if member is None:
            raise Unreadable("corrupt")
        total = checksum = 0
        for piece in self._inflate(member):
            total += len(piece)
            self._inflated += len(piece)
            if total > member.file_size:
                raise Unreadable("corrupt")
            if self._inflated > self._limits.max_inflated_bytes:
                raise Unreadable("zip_bomb")
            checksum = zlib.crc32(piece, checksum)
            yield piece
        if total != member.file_size or checksum != member.CRC:
            raise Unreadable("corrupt")

    def _inflate(self, member: zipfile.ZipInfo) -> Iterator[bytes]:
        self._file.seek(member.header_offset)
        header = self._file.read(30)
        if len(header) < 30 or header[:4] != b"PK\x03\x04":
            raise Unreadable("corrupt")
        name_length, extra_length = struct.unpack("<HH", header[26:30])
        self._file.seek(name_length + extra_length, 1)
        left = member.compress_size
        inflater = zlib.decompressobj(-15) if member.compress_type == zipfile.ZIP_DEFLATED else None
        while left > 0:
            raw = self._file.read(min(PIECE, left))
            if not raw:
                raise Unreadable("corrupt")
            left -= len(raw)
            if inflater is None:
                yield raw
                continue
            while raw:
                try:
                    piece = inflater.decompress(raw, MEGABYTE)
                except zlib.error as error:
                    raise Unreadable("corrupt") from error
                if piece:
                    yield piece
                raw = inflater.unconsumed_tail
                if inflater.eof:
                    return
        if inflater is not None and (rest := inflater.flush()):
            yield rest

    def xml(self, name: str) -> Iterator[bytes]:
        """The bytes of an XML part that will be parsed, refusing any DTD and any odd encoding.

        Raises Unreadable: xml_entities, corrupt (an encoding other than UTF-8).
        """
        start = True
        for piece in refuse_dtd(self.chunks(name)):
            if start:
                start = False
                declared = _DECLARED_ENCODING.search(piece[:200])
                odd = declared and declared[1].lower() not in (b"utf-8", b"utf8", b"us-ascii")
                if odd or piece.startswith(_UTF16_BOMS) or b"\0" in piece[:4]:
                    raise Unreadable("corrupt")
            yield piece

    def small(self, name: str) -> bytes:
        """A whole XML part that must be small (relations, workbook, content types)."""
        content = bytearray()
        for piece in self.xml(name):
            content += piece
            if len(content) > LONGEST_SMALL_PART:
                raise Unreadable("zip_bomb")
        return bytes(content)


def refuse_dtd(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """The same chunks. Raises Unreadable('xml_entities') at a DTD, in UTF-8 or UTF-16."""
    before = b""
    wide = None
    for chunk in chunks:
        if wide is None:
            wide = chunk.startswith(_UTF16_BOMS) or b"\0" in chunk[:4]
        text = chunk.replace(b"\0", b"") if wide else chunk
        # The exclamation mark is rare in a sheet, so this costs one fast search of each chunk.
        if (b"!" in text or b"!" in before) and _DTD.search(before + text):
            raise Unreadable("xml_entities")
        before = (before + text)[-_DTD_OVERLAP:]
        yield chunk


def _check_directory_size(file: BinaryIO, limits: Limits) -> None:
    """Refuse a huge directory before zipfile builds an object for each of its entries."""
    size = file.seek(0, 2)
    file.seek(max(0, size - 65_557))
    tail = file.read()
    file.seek(0)
    at = tail.rfind(b"PK\x05\x06")
    if at < 0 or len(tail) < at + 22:
        raise Unreadable("corrupt")
    entries, directory_bytes = struct.unpack("<HI", tail[at + 10 : at + 16])
    if tail.rfind(b"PK\x06\x06", 0, at) >= 0:
        entries, directory_bytes = _zip64_counts(tail[tail.rfind(b"PK\x06\x06", 0, at) :])
    if entries > limits.max_members or directory_bytes > limits.max_members * DIRECTORY_BYTES_PER_MEMBER:
        raise Unreadable("too_many_members", limit=limits.max_members)


def _zip64_counts(record: bytes) -> tuple[int, int]:
    if len(record) < 48:
        raise Unreadable("corrupt")
    entries, directory_bytes = struct.unpack("<QQ", record[32:48])
    return entries, directory_bytes
