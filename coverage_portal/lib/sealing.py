"""Sealing files and values so that a stolen disk or database shows none of them.

AES-SIV (RFC 5297): deterministic authenticated encryption. A file is sealed in chunks of one mebibyte, each
bound to its file, its place and whether it is the last, so that nothing can be swapped or cut off unseen.
"""

from __future__ import annotations

import hashlib
import struct
from collections.abc import Iterable, Iterator, Sequence
from typing import BinaryIO

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

CHUNK = 1 << 20
_LENGTH = struct.Struct(">I")
_PLACE = struct.Struct(">Q?")


class BrokenSeal(Exception):
    """The sealed bytes were changed, cut off, or sealed with another key."""


def key_name(key: bytes) -> str:
    """A short name that tells keys apart, and nothing about them."""
    return hashlib.sha256(b"seal key name" + key).hexdigest()[:8]


def open_with_any(sealed: bytes, keys: Sequence[bytes], bound: list[bytes]) -> bytes:
    """What AES-SIV has sealed with one of `keys`, bound to `bound`.

    Raises:
        BrokenSeal: with none of them, or it was changed, or belongs to another place.
    """
    for key in keys:
        try:
            return AESSIV(key).decrypt(sealed, bound)
        except InvalidTag:
            continue
    raise BrokenSeal


def seal_file(parts: Iterable[bytes], target: BinaryIO, *, key: bytes, name: str) -> None:
    """Write `parts` to `target`, sealed with `key` (32, 48 or 64 bytes) and bound to `name`."""
    cipher = AESSIV(key)
    place = 0
    pending: bytes | None = None
    for chunk in _chunks(parts):
        if pending is not None:
            _write(target, cipher, pending, name, place, last=False)
            place += 1
        pending = chunk
    _write(target, cipher, pending or b"", name, place, last=True)


def open_sealed(source: BinaryIO, *, keys: Sequence[bytes], name: str) -> Iterator[bytes]:
    """The plain chunks of a file that was sealed with one of `keys`.

    Raises:
        BrokenSeal: at the first chunk that is not as it was written, or at a missing end.
    """
    ciphers = [AESSIV(key) for key in keys]
    place = 0
    while header := source.read(_LENGTH.size):
        if len(header) < _LENGTH.size:
            raise BrokenSeal
        (length,) = _LENGTH.unpack(header)
        plain, is_last, cipher = _open(ciphers, source.read(length), name, place)
        yield plain
        if is_last:
            return
        ciphers = [cipher]
        place += 1
    raise BrokenSeal


def _write(target: BinaryIO, cipher: AESSIV, plain: bytes, name: str, place: int, *, last: bool) -> None:
    sealed = cipher.encrypt(plain, [name.encode(), _PLACE.pack(place, last)])
    target.write(_LENGTH.pack(len(sealed)) + sealed)


def _open(ciphers: Iterable[AESSIV], sealed: bytes, name: str, place: int) -> tuple[bytes, bool, AESSIV]:
    """A chunk, whether it is the last, and what has opened it."""
    for cipher in ciphers:
        for last in (False, True):
            try:
                return cipher.decrypt(sealed, [name.encode(), _PLACE.pack(place, last)]), last, cipher
            except InvalidTag:
                continue
    raise BrokenSeal


def _chunks(parts: Iterable[bytes]) -> Iterator[bytes]:
    buffer = bytearray()
    for part in parts:
        buffer += part
        while len(buffer) >= CHUNK:
            yield bytes(buffer[:CHUNK])
            del buffer[:CHUNK]
    if buffer:
        yield bytes(buffer)
