"""Looking for numbers that must not be there, in every form in which one could still be read."""

from __future__ import annotations

import base64
import hashlib
import io
import zipfile
from collections.abc import Iterable, Iterator
from functools import lru_cache
from pathlib import Path


@lru_cache(maxsize=1000)
def forms_of(number: str) -> tuple[bytes, ...]:
    """A number as text, grouped, in hexadecimal (as COPY has bytes), base64, UTF-16, and as a digest."""
    plain = number.encode()
    grouped = [
        joint.join((number[:4], number[4:8], number[8:12], number[12:])) for joint in (" ", ".", "-")
    ] + [joint.join((number[:6], number[6:12], number[12:])) for joint in (" ", ".", "-")]
    in_base64 = []
    for shift in range(3):
        # Within a longer text it may begin at any of three places; the ends depend on its neighbours.
        encoded = base64.b64encode(b"\0" * shift + plain + b"\0" * (-(shift + len(plain)) % 3))
        in_base64.append(encoded[4 if shift else 0 : -4])
    digests = [digest(plain).hexdigest().encode() for digest in (hashlib.md5, hashlib.sha1, hashlib.sha256)]
    return (
        plain,
        *(text.encode() for text in grouped),
        plain.hex().encode(),
        plain.hex().upper().encode(),
        *in_base64,
        number.encode("utf-16-le"),
        *digests,
    )


def found_in(content: bytes, numbers: Iterable[str]) -> list[str]:
    """Those of the numbers that can be read in it; in the parts of a workbook too."""
    contents = [content]
    if content.startswith(b"PK\x03\x04"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            contents += [book.read(name) for name in book.namelist()]
    return [
        number for number in numbers if any(form in part for form in forms_of(number) for part in contents)
    ]


def found_on_disk(folder: Path, numbers: Iterable[str]) -> Iterator[tuple[str, list[str]]]:
    """(file, numbers in it as plain text) of a portal's folder, but for the collected static files."""
    plain = [(number, number.encode()) for number in numbers]
    for path in sorted(folder.rglob("*")):
        if path.is_file() and not path.is_relative_to(folder / "static"):
            content = path.read_bytes()
            yield str(path.relative_to(folder)), [number for number, text in plain if text in content]
