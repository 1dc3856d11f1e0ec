import hashlib
import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coverage_portal.lib.identity import NikSealer
from coverage_portal.lib.sealing import BrokenSeal

KEY = bytes(range(64))
OTHER_KEY = bytes(range(64, 128))
NIK = "6171011708909001"

sixteen_digits = st.text("0123456789", min_size=16, max_size=16)


def test_seal_gives_the_bytes_that_databases_already_hold() -> None:
    sealed = NikSealer(KEY).seal(NIK)

    assert sealed.hex() == "010b0b9aac06034ec64add26f00c6540428cbb65a7de0b15d14f"


@given(sixteen_digits)
def test_open_gives_back_what_was_sealed(digits: str) -> None:
    sealer = NikSealer(KEY)

    sealed = sealer.seal(digits)

    assert len(sealed) == 26
    assert sealer.open(sealed) == digits
    assert sealer.open(memoryview(sealed)) == digits
    assert sealer.seal(digits) == sealed


@given(sixteen_digits, sixteen_digits)
def test_seal_keeps_equal_and_unequal_apart(one: str, other: str) -> None:
    sealer = NikSealer(KEY)

    assert (sealer.seal(one) == sealer.seal(other)) is (one == other)


@pytest.mark.parametrize("place", range(26))
def test_open_refuses_a_changed_byte(place: int) -> None:
    sealer = NikSealer(KEY)
    sealed = bytearray(sealer.seal(NIK))
    sealed[place] ^= 1

    with pytest.raises(BrokenSeal):
        sealer.open(bytes(sealed))


@pytest.mark.parametrize(
    "sealed", [b"", b"\x01", NikSealer(KEY).seal(NIK)[:-1], NikSealer(KEY).seal(NIK) + b"0"]
)
def test_open_refuses_another_length(sealed: bytes) -> None:
    with pytest.raises(BrokenSeal):
        NikSealer(KEY).open(sealed)


@pytest.mark.parametrize(
    "digits",
    ["", "617101170890900", f"{NIK}1", "617101170890900a", "61710117 0890900", "617101170890900¹", "１" * 16],
    ids=["empty", "15", "17", "letter", "blank", "superscript", "full-width"],
)
def test_seal_refuses_anything_but_sixteen_digits(digits: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        NikSealer(KEY).seal(digits)


def test_open_refuses_another_key() -> None:
    sealed = NikSealer(OTHER_KEY).seal(NIK)

    with pytest.raises(BrokenSeal):
        NikSealer(KEY).open(sealed)


def test_rotation_opens_the_old_and_seals_anew() -> None:
    old = NikSealer(KEY)
    new = NikSealer(OTHER_KEY, previous=[KEY])
    sealed = old.seal(NIK)

    again = new.seal(new.open(sealed))

    assert (new.is_current(sealed), new.is_current(again)) == (False, True)
    assert again.startswith(new.prefix)
    assert again != sealed
    assert NikSealer(OTHER_KEY).open(again) == NIK


def test_seal_each_finds_a_nik_under_every_key() -> None:
    new = NikSealer(OTHER_KEY, previous=[KEY])

    assert new.seal_each(NIK) == (NikSealer(OTHER_KEY).seal(NIK), NikSealer(KEY).seal(NIK))


def test_prefix_cannot_be_moved_to_another_key() -> None:
    both = NikSealer(OTHER_KEY, previous=[KEY])
    moved = both.prefix + NikSealer(KEY).seal(NIK)[2:]

    with pytest.raises(BrokenSeal):
        both.open(moved)


@pytest.mark.parametrize("length", [0, 32, 48, 63, 65])
def test_sealer_refuses_a_key_of_another_length(length: int) -> None:
    with pytest.raises(ValueError, match="64 bytes"):
        NikSealer(bytes(length))
    with pytest.raises(ValueError, match="64 bytes"):
        NikSealer(KEY, previous=[bytes(length)])


def test_sealer_refuses_keys_that_the_prefix_cannot_tell_apart() -> None:
    twin = next(key for key in _keys() if NikSealer(key).prefix == NikSealer(KEY).prefix)

    with pytest.raises(ValueError, match="same prefix"):
        NikSealer(KEY, previous=[twin])
    with pytest.raises(ValueError, match="same prefix"):
        NikSealer(KEY, previous=[KEY])


def _keys():
    return (hashlib.sha512(str(number).encode()).digest() for number in itertools.count())


def test_prefix_shows_no_byte_of_the_key() -> None:
    prefixes = {NikSealer(bytes([first]) + KEY[1:]).prefix for first in range(64)}

    assert {prefix[:1] for prefix in prefixes} == {b"\x01"}
    assert all(NikSealer(key).prefix[1] != key[0] for key in (KEY, OTHER_KEY))
    assert len(prefixes) > 32
