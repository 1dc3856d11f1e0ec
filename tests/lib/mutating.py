"""Damage to workbooks, seeded: bits of the file, its end, members of the zip, and what their XML says."""

from __future__ import annotations

import io
import random
import re
import zipfile
from collections.abc import Callable

Members = list[tuple[str, bytes]]

_TAG = re.compile(rb"<[^<>]+>")
_QUOTED = re.compile(rb'"[^"]*"')
_BETWEEN = re.compile(rb">([^<>]+)<")
_NUMBER = re.compile(rb"(?<=[\">])\d+(?=[\"<])")
_KIND = re.compile(rb'\st="[a-zA-Z]+"')
_ATTRIBUTE = re.compile(rb'\s[\w:]+="[^"]*"')
_NUMBERS: tuple[bytes, ...] = (
    b"0",
    b"-1",
    b"1",
    b"2",
    b"7",
    b"99",
    b"300",
    b"40000",
    b"4294967296",
    b"1e308",
    b"1e999",
    b"NaN",
)
_NUMBERS += (b"", b" 5 ", b"0x1F", b"1,5", b"007", b"12.5", b"-0", b"61710117089090011")
_KINDS = (b"s", b"str", b"n", b"b", b"e", b"d", b"inlineStr", b"z")
_ADDED = (
    *(b"<!-- x -->", b"<![CDATA[9]]>", b"<?x y?>", b"&amp;", b"&#65;", b"&x;", b"&#0;", b"\x00", b"\xff"),
    *(b"<c/>", b"<v>5</v>", b"<row/>", b"<t>x</t>", b"<f>1+1</f>", b"<is/>", b"</row>", b"</c>", b"<x>y</x>"),
    *(b'<c t="e"><v>#REF!</v></c>', b'<row r="2"><c r="A2"><v>5</v></c></row>', b'<c r="B1"><v>8</v></c>'),
    *(b"\r\n", b"  ", b"_x0041_", "é＝".encode(), b'<rPh sb="0" eb="1"><t>k</t></rPh>', b"]]>"),
)


def mutated(content: bytes, seed: int) -> tuple[str, bytes]:
    """What was done, and the workbook afterwards; the same seed does the same."""
    rng = random.Random(seed)
    kind = rng.choice(tuple(_OF_FILE) + tuple(_OF_MEMBERS) + tuple(_OF_XML) * 2)
    if kind in _OF_FILE:
        return kind, _OF_FILE[kind](content, rng)
    with zipfile.ZipFile(io.BytesIO(content)) as package:
        members = [(each.filename, package.read(each)) for each in package.infolist()]
    if kind in _OF_MEMBERS:
        return kind, _OF_MEMBERS[kind](members, rng)
    place = rng.choices(range(len(members)), [_weight(name) for name, _ in members])[0]
    name, text = members[place]
    for _time in range(rng.choice((1, 1, 1, 2, 4))):
        text = _OF_XML[kind](text, rng)
    members[place] = (name, text)
    return f"{kind} in {name}", zipped(members)


def _weight(name: str) -> int:
    """Damage goes mostly where cells are."""
    return 12 if "worksheets/sheet" in name or "sharedStrings" in name or name == "content.xml" else 1


def zipped(members: Members, *, stored: bool = False) -> bytes:
    """A zip of these members, of which two may have one name."""
    stream = io.BytesIO()
    method = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(stream, "w", method) as package:
        for name, text in members:
            # As an entry of its own: two of one name are what a hostile archive has.
            package.writestr(zipfile.ZipInfo(name), text, method)
    return stream.getvalue()


def _flip(content: bytes, rng: random.Random) -> bytes:
    damaged = bytearray(content)
    for _time in range(rng.choice((1, 1, 2, 8))):
        damaged[rng.randrange(len(damaged))] ^= 1 << rng.randrange(8)
    return bytes(damaged)


def _flip_directory(content: bytes, rng: random.Random) -> bytes:
    """A bit of the zip's own words: signatures, sizes, checksums, names, places."""
    starts = [match.start() for match in re.finditer(rb"PK(?:\x01\x02|\x03\x04|\x05\x06)", content)]
    at = min(rng.choice(starts) + rng.randrange(60), len(content) - 1)
    return content[:at] + bytes([content[at] ^ 1 << rng.randrange(8)]) + content[at + 1 :]


def _cut(content: bytes, rng: random.Random) -> bytes:
    return content[: rng.randrange(4, len(content))]


def _cut_out(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content))
    return content[:at] + content[at + rng.choice((1, 16, 500)) :]


def _put_in(content: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(content) + 1)
    return content[:at] + rng.randbytes(rng.choice((1, 4, 200))) + content[at:]


def _repeat(content: bytes, rng: random.Random) -> bytes:
    at, length = rng.randrange(len(content)), rng.choice((1, 30, 400))
    return content[: at + length] + content[at : at + length] + content[at + length :]


_OF_FILE: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bits of the file": _flip,
    "bits of the directory": _flip_directory,
    "cut short": _cut,
    "cut out": _cut_out,
    "put in": _put_in,
    "repeated bytes": _repeat,
}


def _without_member(members: Members, rng: random.Random) -> bytes:
    gone = rng.randrange(len(members))
    return zipped([each for place, each in enumerate(members) if place != gone])


def _member_twice(members: Members, rng: random.Random) -> bytes:
    name, _text = rng.choice(members)
    return zipped([*members, (rng.choice((name, name.upper(), name.replace("/", "\\"))), b"<x/>")])


def _swapped(members: Members, rng: random.Random) -> bytes:
    one, two = rng.sample(range(len(members)), 2)
    texts = dict(members)
    names = [name for name, _text in members]
    swapped = {names[one]: texts[names[two]], names[two]: texts[names[one]]}
    return zipped([(name, swapped.get(name, text)) for name, text in members])


def _renamed(members: Members, rng: random.Random) -> bytes:
    at = rng.randrange(len(members))
    name = members[at][0]
    new = rng.choice(
        (name.upper(), name.lower(), name.replace("/", "\\"), f"{name}x", f"../{name}", name[1:])
    )
    return zipped([*members[:at], (new or "x", members[at][1]), *members[at + 1 :]])


def _reordered(members: Members, rng: random.Random) -> bytes:
    return zipped(rng.sample(members, len(members)), stored=rng.random() < 0.5)


_OF_MEMBERS: dict[str, Callable[[Members, random.Random], bytes]] = {
    "a member less": _without_member,
    "a member twice": _member_twice,
    "members swapped": _swapped,
    "a member renamed": _renamed,
    "members reordered": _reordered,
}


def _flip_text(text: bytes, rng: random.Random) -> bytes:
    return _flip(text, rng) if text else text


def _edit(
    pattern: re.Pattern[bytes], new: Callable[[re.Match[bytes], random.Random], bytes]
) -> Callable[[bytes, random.Random], bytes]:
    """One match, replaced."""

    def edited(text: bytes, rng: random.Random) -> bytes:
        found = list(pattern.finditer(text))
        if not found:
            return text + b" "
        match = rng.choice(found)
        return text[: match.start()] + new(match, rng) + text[match.end() :]

    return edited


def _other(pattern: re.Pattern[bytes]) -> Callable[[re.Match[bytes], random.Random], bytes]:
    return lambda match, rng: rng.choice(pattern.findall(match.string))


def _between(match: re.Match[bytes], rng: random.Random) -> bytes:
    added = rng.choice(_ADDED)
    return rng.choice((b">" + added + b"<", b">" + match[1] + added + b"<", b">" + added + match[1] + b"<"))


def _cut_piece(text: bytes, rng: random.Random) -> bytes:
    at = rng.randrange(len(text) + 1)
    return text[:at] + text[at + rng.choice((1, 5, 40, len(text))) :]


_OF_XML: dict[str, Callable[[bytes, random.Random], bytes]] = {
    "bits": _flip_text,
    "another number": _edit(_NUMBER, lambda _match, rng: rng.choice(_NUMBERS)),
    "another digit": _edit(re.compile(rb"\d"), lambda _match, rng: b"%d" % rng.randrange(10)),
    "another kind of cell": _edit(_KIND, lambda _match, rng: b' t="' + rng.choice(_KINDS) + b'"'),
    "a tag less": _edit(_TAG, lambda _match, _rng: b""),
    "a tag twice": _edit(_TAG, lambda match, _rng: match[0] * 2),
    "another tag": _edit(_TAG, _other(_TAG)),
    "an attribute less": _edit(_ATTRIBUTE, lambda _match, _rng: b""),
    "an attribute twice": _edit(_ATTRIBUTE, lambda match, _rng: match[0] * 2),
    "another value of an attribute": _edit(_QUOTED, _other(_QUOTED)),
    "something between tags": _edit(_BETWEEN, _between),
    "something after a tag": _edit(_TAG, lambda match, rng: match[0] + rng.choice(_ADDED)),
    "cut out": _cut_piece,
    "other quotes": _edit(_QUOTED, lambda match, _rng: b"'" + match[0][1:-1] + b"'"),
    "spaces in a tag": _edit(_ATTRIBUTE, lambda match, _rng: match[0].replace(b"=", b" = ")),
}
