"""Reading a PDF as WeasyPrint writes it: its objects, how many pages it has, and the text on them."""

from __future__ import annotations

import re
import zlib

_OBJECT = re.compile(rb"(\d+) 0 obj\n(.*?)\nendobj", re.DOTALL)
_STREAM = re.compile(rb"(<<.*?>>)\s*stream\r?\n(.*)\nendstream", re.DOTALL)
_SHOWN = re.compile(rb"/(\w+) [\d.]+ Tf|\[([^\]]*)\] TJ|(EMC)")


def objects(pdf: bytes) -> dict[int, bytes]:
    """Every object by its number, streams unpacked, those packed into streams too."""
    found: dict[int, bytes] = {}
    for number, body in _OBJECT.findall(pdf):
        stream = _STREAM.search(body)
        if stream is None:
            found[int(number)] = body
            continue
        head, data = stream.groups()
        if b"/FlateDecode" in head:
            # Whatever is beyond the end of the packed data is not looked at.
            data = zlib.decompressobj().decompress(data)
        if b"/ObjStm" in head:
            found.update(_packed(head, data))
        else:
            found[int(number)] = head + b"\n" + data
    return found


def _packed(head: bytes, data: bytes) -> dict[int, bytes]:
    first = int(re.search(rb"/First (\d+)", head)[1])  # type: ignore[index]
    pairs = list(map(int, data[:first].split()))
    places = [*zip(pairs[::2], pairs[1::2], strict=True)]
    ends = [place for _number, place in places[1:]] + [len(data) - first]
    return {
        number: data[first + place : first + end] for (number, place), end in zip(places, ends, strict=True)
    }


def page_count(pdf: bytes) -> int:
    return sum(bool(re.search(rb"/Type /Page\b(?!s)", body)) for body in objects(pdf).values())


def values_of(pdf: bytes, key: str) -> list[str]:
    """The texts that objects have under a key, `Alt` or `Title`, in the order of the file."""
    found = re.findall(
        rb"/%s (?:\((.*?)\)|<feff([0-9a-f]+)>)" % key.encode(), b"\n".join(objects(pdf).values())
    )
    return [
        (bytes.fromhex(packed.decode()).decode("utf-16-be") if packed else plain.decode()).replace(
            "\xa0", " "
        )
        for plain, packed in found
    ]


def text_of(pdf: bytes) -> str:
    """The words on all pages, in the order in which they are drawn; inside of pictures without blanks."""
    found = objects(pdf)
    everything = b"\n".join(found.values())
    fonts: dict[bytes, dict[int, str]] = {}
    for name, reference in re.findall(rb"/(\w+) (\d+) 0 R", everything):
        unicode_map = re.search(rb"/ToUnicode (\d+) 0 R", found.get(int(reference), b""))
        if unicode_map:
            fonts[name] = _characters(found[int(unicode_map[1])])
    words: list[str] = []
    for body in found.values():
        if b" TJ" in body:
            words += _words(body, fonts)
    return re.sub(r"\s+", " ", "".join(words).replace("\xa0", " "))


def _characters(cmap: bytes) -> dict[int, str]:
    return {
        int(glyph, 16): bytes.fromhex(code.decode()).decode("utf-16-be")
        for glyph, code in re.findall(rb"<([0-9a-fA-F]{4})>\s*<([0-9a-fA-F]+)>", cmap)
    }


def _words(content: bytes, fonts: dict[bytes, dict[int, str]]) -> list[str]:
    characters: dict[int, str] = {}
    words: list[str] = []
    for font, shown, ended in _SHOWN.findall(content):
        if font:
            characters = fonts[font]
        elif ended:
            words.append(" ")
        for glyphs in re.findall(rb"<([0-9a-fA-F]+)>", shown):
            numbers = (int(glyphs[at : at + 4], 16) for at in range(0, len(glyphs), 4))
            words += [characters.get(number, "") for number in numbers]
    return words
