"""Sealing NIKs, so that equal ones stay equal and a stolen database shows none.

AES-SIV (RFC 5297) without a nonce is deterministic and authenticated: exact match and uniqueness work on the
sealed bytes, and nothing else does. Two bytes in front say how, and with which key, a NIK was sealed.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from coverage_portal.lib.sealing import BrokenSeal

from .figures import are_digits

KEY_BYTES = 64
SEALED_BYTES = 26
"""Two bytes of prefix, sixteen that authenticate, eight that hold two digits each."""

_VERSION = b"\x01"
_PURPOSE = b"nik"
_DIGITS = 16
_PREFIX_BYTES = 2


class NikSealer:
    """Seals with the current key, opens with it and with previous ones."""

    def __init__(self, key: bytes, previous: Sequence[bytes] = ()) -> None:
        """`key` and each of `previous`: 64 random bytes.

        Raises:
            ValueError: a key of another length, or two keys that the prefix cannot tell apart, which happens
                to one new key in 256: make another one.
        """
        if len(key) != KEY_BYTES:
            raise ValueError(f"a key has {KEY_BYTES} bytes")
        self.prefix = _prefix(key)
        """What bytes sealed with the current key begin with: the version of the format, and a byte that tells
        keys apart without telling anything about them. Other bytes wait for rotation."""
        cipher = AESSIV(key)
        self._encrypt, self._decrypt = cipher.encrypt, cipher.decrypt
        self._bound = [_PURPOSE + self.prefix]
        self._previous = [NikSealer(each) for each in previous]
        self._sealers = {sealer.prefix: sealer for sealer in (self, *self._previous)}
        if len(self._sealers) <= len(self._previous):
            raise ValueError("two keys have the same prefix")

    @staticmethod
    def can_tell_apart(keys: Sequence[bytes]) -> bool:
        """Whether no two of the keys have the same prefix."""
        return len({_prefix(key) for key in keys}) == len(keys)

    def seal(self, digits: str) -> bytes:
        """The `SEALED_BYTES` for 16 digits, always the same ones. Raises ValueError for anything else."""
        if len(digits) != _DIGITS or not digits.isdigit():
            raise ValueError("not the 16 digits of a NIK")
        # Two digits to a byte; `fromhex` refuses digits that are not ASCII.
        return self.prefix + self._encrypt(bytes.fromhex(digits), self._bound)

    def seal_all(self, numbers: Sequence[str]) -> list[bytes]:
        """As `seal`, of many. Raises ValueError where one of them is anything else."""
        if numbers and not are_digits(numbers, _DIGITS):
            raise ValueError("not the 16 digits of a NIK")
        prefix, encrypt, bound, packed = self.prefix, self._encrypt, self._bound, bytes.fromhex
        return [prefix + encrypt(packed(digits), bound) for digits in numbers]

    def seal_each(self, digits: str) -> tuple[bytes, ...]:
        """As `seal`, with the current and then each previous key: what to look for while keys are rotated."""
        return self.seal(digits), *(sealer.seal(digits) for sealer in self._previous)

    def open(self, sealed: bytes | memoryview) -> str:
        """The 16 digits.

        Raises:
            BrokenSeal: the bytes were changed, or sealed with a key that is not at hand.
        """
        whole = bytes(sealed)
        sealer = self._sealers.get(whole[:_PREFIX_BYTES])
        if sealer is None or len(whole) != SEALED_BYTES:
            raise BrokenSeal
        try:
            return sealer._decrypt(whole[_PREFIX_BYTES:], sealer._bound).hex()
        except InvalidTag:
            raise BrokenSeal from None

    def is_current(self, sealed: bytes | memoryview) -> bool:
        """Whether the bytes were sealed with the current key, by their prefix alone."""
        return bytes(sealed[:_PREFIX_BYTES]) == self.prefix


def _prefix(key: bytes) -> bytes:
    return _VERSION + hashlib.sha256(b"nik key id" + key).digest()[:1]
