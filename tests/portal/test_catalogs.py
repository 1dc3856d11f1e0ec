from __future__ import annotations

import gettext
import os
from pathlib import Path

import pytest

from coverage_portal import catalogs

PYTHON = """
from django.utils.translation import gettext_lazy as _, ngettext, pgettext

title = _("Cakupan")
count = ngettext("%(n)s berkas", "%(n)s berkas", 2)
label = pgettext("bulan", "Mei")
not_a_message = print("Impor")
"""
TEMPLATE = """{% load i18n %}
<h1 title="it's">{% translate "Peringkat" %}</h1>
    {% blocktranslate trimmed with name=area %}
      Cakupan {{ name }}
    {% endblocktranslate %}
"""


@pytest.fixture
def sources(tmp_path: Path) -> list[Path]:
    (tmp_path / "page.py").write_text(PYTHON)
    (tmp_path / "page.html").write_text(TEMPLATE)
    return [tmp_path / "page.py", tmp_path / "page.html"]


def test_messages_of_python_and_templates_are_found(tmp_path: Path, sources: list[Path]) -> None:
    catalog = catalogs.messages_in(tmp_path, sources)

    assert {(message.context, message.id, message.locations[0][0]) for message in catalog if message.id} == {
        (None, "Cakupan", "page.py"),
        (None, ("%(n)s berkas", "%(n)s berkas"), "page.py"),
        ("bulan", "Mei", "page.py"),
        (None, "Peringkat", "page.html"),
        (None, "Cakupan %(name)s", "page.html"),
    }


def test_merge_keeps_translations_drops_what_is_gone_and_names_what_is_missing(
    tmp_path: Path, sources: list[Path]
) -> None:
    target = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    target.parent.mkdir(parents=True)
    target.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Peringkat"\nmsgstr "Ranking"\n\nmsgid "Sudah hilang"\nmsgstr "Gone"\n'
    )

    missing = catalogs.merge(catalogs.messages_in(tmp_path, sources), target, "en")

    assert sorted(missing) == ["%(n)s berkas", "Cakupan", "Cakupan %(name)s", "Mei"]
    assert 'msgid "Peringkat"\nmsgstr "Ranking"\n' in target.read_text()
    assert "Sudah hilang" not in target.read_text()


def test_merge_twice_changes_nothing(tmp_path: Path, sources: list[Path]) -> None:
    target = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    catalogs.merge(catalogs.messages_in(tmp_path, sources), target, "en")
    first = target.read_text()

    catalogs.merge(catalogs.messages_in(tmp_path, sources), target, "en")

    assert target.read_text() == first


def test_merge_that_only_checks_writes_nothing(tmp_path: Path, sources: list[Path]) -> None:
    target = tmp_path / "en" / "LC_MESSAGES" / "django.po"

    missing = catalogs.merge(catalogs.messages_in(tmp_path, sources), target, "en", write=False)

    assert "Peringkat" in missing
    assert not target.exists()


def test_compile_writes_what_gettext_reads_and_only_when_it_is_stale(tmp_path: Path) -> None:
    source = tmp_path / "en" / "LC_MESSAGES" / "django.po"
    source.parent.mkdir(parents=True)
    source.write_text(
        'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=utf-8\\n"\n\n'
        'msgid "Peringkat"\nmsgstr "Ranking"\n'
    )

    first = catalogs.compile_stale([tmp_path])
    second = catalogs.compile_stale([tmp_path])
    later = source.stat().st_mtime + 1
    os.utime(source, (later, later))
    third = catalogs.compile_stale([tmp_path])

    assert (first, second, third) == ([source.with_suffix(".mo")], [], [source.with_suffix(".mo")])
    assert gettext.translation("django", tmp_path, ["en"]).gettext("Peringkat") == "Ranking"
