"""English says all that Indonesian says: every text, with the same places."""

from __future__ import annotations

import re
from collections import Counter
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po
from django.conf import settings
from django.utils import translation

from coverage_portal import catalogs
from coverage_portal.management.commands.messages import FOLDERS

ENGLISH = Path(settings.LOCALE_PATHS[0]) / "en" / "LC_MESSAGES" / "django.po"
PLACES = re.compile(r"%\(\w+\)[sd]|%%|</?\w+>")
SHARED_WORDS = 3
"""Up to so many words, a text may be the same in both languages: `Target (%)`, `kode GeoJSON`."""


@pytest.fixture(scope="module")
def extracted() -> Catalog:
    """What the sources hold, as `make messages` collects it."""
    base = Path(settings.BASE_DIR)
    kinds = ("*.py", "*.html", "*.txt")
    return catalogs.messages_in(
        base, sorted(path for folder in FOLDERS for kind in kinds for path in (base / folder).rglob(kind))
    )


@pytest.fixture(scope="module")
def english() -> Catalog:
    with ENGLISH.open("rb") as file:
        return read_po(file)


def keys_of(catalog: Catalog) -> set[tuple[str | None, str]]:
    return {(message.context, forms(message.id)[0]) for message in catalog if message.id}


def forms(texts: str | tuple[str, ...] | list[str]) -> tuple[str, ...]:
    return (texts,) if isinstance(texts, str) else tuple(texts)


def texts_of(catalog: Catalog) -> list[Message]:
    return [message for message in catalog if message.id]


def test_every_text_of_the_sources_is_in_the_catalogue(extracted: Catalog, english: Catalog) -> None:
    assert len(texts_of(extracted)) > 500
    assert sorted(map(str, keys_of(extracted) - keys_of(english))) == []


def test_every_text_has_its_english(english: Catalog) -> None:
    without = [
        message.id
        for message in texts_of(english)
        if len(forms(message.string)) != len(forms(message.id)) or not all(forms(message.string))
    ]

    assert without == []


def test_places_and_tags_are_the_same(english: Catalog) -> None:
    different = [
        (source, text)
        for message in texts_of(english)
        for source, text in zip(forms(message.id), forms(message.string), strict=True)
        if Counter(PLACES.findall(source)) != Counter(PLACES.findall(text))
    ]

    assert different == []


def test_texts_begin_and_end_alike(english: Catalog) -> None:
    """Spaces, and the mark that ends a sentence."""

    def ends(text: str) -> tuple[str, str]:
        return text[: len(text) - len(text.lstrip())], text[-1:] if text.endswith(tuple(" \n.:?!…")) else ""

    different = [
        (source, text)
        for message in texts_of(english)
        for source, text in zip(forms(message.id), forms(message.string), strict=True)
        if ends(source) != ends(text)
    ]

    assert different == []


def test_sentences_are_not_left_in_indonesian(english: Catalog) -> None:
    same = [
        message.id
        for message in texts_of(english)
        if message.string == message.id
        and len(re.findall(r"[^\W\d_]+", PLACES.sub("", forms(message.id)[0]))) > SHARED_WORDS
    ]

    assert same == []


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("id", ("Peserta aktif", "3 baris siap diterapkan, tidak ada yang salah")),
        ("en", ("Active members", "3 rows are ready to apply, none is wrong")),
    ],
)
def test_compiled_catalogue_is_used(language: str, expected: tuple[str, str]) -> None:
    row = "%(shown)s baris siap diterapkan, tidak ada yang salah"

    with translation.override(language):
        shown = translation.gettext("Peserta aktif"), translation.ngettext(row, row, 3) % {"shown": 3}

    assert shown == expected


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("language", "title"), [("id", "Cara menghitung cakupan"), ("en", "How coverage is counted")]
)
def test_page_speaks_the_language_of_the_switch(client, settings, language: str, title: str) -> None:
    settings.PUBLIC_AGGREGATES = True
    client.cookies[settings.LANGUAGE_COOKIE_NAME] = language

    response = client.get("/metode/")

    assert f'<h1 class="page-title">{title}</h1>' in response.content.decode()
    assert response.headers["Content-Language"] == language
