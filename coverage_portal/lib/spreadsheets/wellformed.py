"""Refuses XML that is not well-formed, for the library does not.

Of `<t>Kabupaten</c><c><t>PU</t>` it makes one text of two cells, and of other lost tags no cell at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from xml.parsers import expat

from coverage_portal.lib.spreadsheets.limits import Limits
from coverage_portal.lib.spreadsheets.refusal import Unreadable

CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\r")
_CONTROL_REFERENCE = re.compile(rb"&#(?:0*(?:[1-8]|1[124-9]|2[0-9]|3[01])|x0*(?:[1-8bcef]|1[0-9a-f]));", re.I)


def well_formed(pieces: Iterator[bytes], limits: Limits) -> Iterator[bytes]:
    """The same pieces, looked at on the way. None may end within a reference. Raises Unreadable('corrupt').

    Only the first `limits.checked_xml_bytes` are looked at. Control characters, which XML forbids, pass:
    programs write them, and they are dropped where the cells are.
    """
    parser = expat.ParserCreate("utf-8")
    left = limits.checked_xml_bytes
    for piece in pieces:
        left -= len(piece)
        if left >= 0:
            text = piece.translate(None, CONTROLS)
            if b"&#" in text:
                text = _CONTROL_REFERENCE.sub(b"", text)
            _parse(parser, text, last=False)
        yield piece
    if left >= 0:
        _parse(parser, b"", last=True)


def _parse(parser: expat.XMLParserType, text: bytes, *, last: bool) -> None:
    try:
        parser.Parse(text, last)
    except expat.ExpatError as error:
        raise Unreadable("corrupt") from error
