"""What kind of file the bytes are. Names and declared types are not asked."""

from __future__ import annotations

import codecs
import re

from coverage_portal.lib.spreadsheets.refusal import Unreadable

HEAD_BYTES = 8_192

_SIGNATURES: tuple[tuple[bytes, str], ...] = (
    (b"%PDF", "pdf"),
    (b"\x1f\x8b", "gzip"),
    (b"\x89PNG", "image"),
    (b"\xff\xd8\xff", "image"),
    (b"GIF8", "image"),
    (b"{\\rtf", "rtf"),
    (b"Rar!", "archive"),
    (b"7z\xbc\xaf", "archive"),
    (b"PK\x05\x06", "zip"),
    (b"ID;P", "sylk"),
    (b"\x09\x00\x04\x00", "old_xls"),
    (b"\x09\x00\x06\x00", "old_xls"),
    (b"\x09\x02\x06\x00", "old_xls"),
    (b"\x09\x04\x06\x00", "old_xls"),
    (b"\x09\x08\x08\x00", "old_xls"),
    (b"\x09\x08\x10\x00", "old_xls"),
    (b"SQLite format 3", "unknown"),
)
_HTML = re.compile(
    rb"<(?:!doctype\s+html|html|head|body|table|meta|style|script|title|div|p|tr|td|center|font|h[1-6])\b",
    re.I,
)
_BOMS = (codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


def container_of(head: bytes) -> str:
    """'zip', 'ole' or 'text' for the first `HEAD_BYTES` of a file.

    Raises Unreadable: empty, html, wrong_type (with its `kind`), encoding.
    """
    if not head:
        raise Unreadable("empty")
    if head.startswith(b"PK\x03\x04"):
        return "zip"
    if head.startswith(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"):
        return "ole"
    for signature, kind in _SIGNATURES:
        if head.startswith(signature):
            raise Unreadable("wrong_type", kind=_gnumeric_or(kind))
    _refuse_markup(head)
    _refuse_binary(head)
    return "text"


def _gnumeric_or(kind: str) -> str:
    # A Gnumeric file is gzipped XML; nothing else that is gzipped is ever offered as a spreadsheet.
    return "gnumeric" if kind == "gzip" else kind


def _refuse_markup(head: bytes) -> None:
    text = head.replace(b"\0", b"") if head.startswith(_BOMS[1:]) else head
    text = text.lstrip(b"\xef\xbb\xbf\xff\xfe \t\r\n").lower()
    if text.startswith(b"mime-version:"):
        raise Unreadable("html")
    if not re.match(rb"<[a-z!?/]", text):
        return
    if b"urn:schemas-microsoft-com:office:spreadsheet" in text:
        raise Unreadable("wrong_type", kind="excel_2003_xml")
    if text.startswith(b"<?xml") and b"<html" not in text:
        raise Unreadable("wrong_type", kind="xml")
    if _HTML.search(text):
        raise Unreadable("html")
    raise Unreadable("wrong_type", kind="xml")


def _refuse_binary(head: bytes) -> None:
    if head.startswith((b"\xff\xfe\0\0", b"\0\0\xfe\xff")):
        raise Unreadable("encoding", encoding="UTF-32")
    if head.startswith(_BOMS):
        return
    nulls = head.count(0)
    even = head[::2].count(0)
    if nulls > len(head) // 5 and (even == 0 or even == nulls):
        raise Unreadable("encoding", encoding="UTF-16")
    odd = sum(byte < 32 and byte not in b"\t\n\x0b\x0c\r\x1a" for byte in head)
    if odd > max(2, len(head) // 50):
        raise Unreadable("wrong_type", kind="unknown")
