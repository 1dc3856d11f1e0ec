"""Patterns, frames and texts of templates: quicker than Django's own, and no less careful."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import connection, transaction
from django.template import Context, Template, TemplateSyntaxError
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import translation

from coverage_portal.accounts import generation
from coverage_portal.accounts.models import User
from regions.models import Regency
from tests import factories
from tests.kept import signed_in

MARKUP = "<b>\"R&B\"</b> '100 %' {x}"
ESCAPED = "&lt;b&gt;&quot;R&amp;B&quot;&lt;/b&gt; &#x27;100 %&#x27; {x}"


def rendered(text: str, **values: Any) -> str:
    return Template("{% load i18n portal %}" + text).render(Context(values))


@pytest.mark.parametrize(
    ("pattern", "lines", "expected"),
    [
        pytest.param(
            "<i>{name} 5 %</i>", [{"name": "A"}, {"name": 2}], "<i>A 5 %</i><i>2 5 %</i>", id="names"
        ),
        pytest.param("<i>{}</i>", ["A", 2], "<i>A</i><i>2</i>", id="values"),
        pytest.param("{a}{b}{a}", [{"a": 1, "b": 2, "c": 3}], "121", id="twice"),
        pytest.param("<i>{name}</i>", [{"name": MARKUP}], f"<i>{ESCAPED}</i>", id="escaped"),
        pytest.param("<i>{}</i>", [MARKUP], f"<i>{ESCAPED}</i>", id="value escaped"),
        pytest.param(
            "{a}|{b}", [{"a": "x\0y", "b": "<"}], "x\0y|&lt;", id="text with what stands between texts"
        ),
        pytest.param(
            '<i{% each on %} class="on"{% endeach %}>{% each marks %}<b>{}</b>{% endeach %}{n}</i>',
            [{"on": True, "marks": ["<", "2"], "n": 1}, {"on": False, "marks": [], "n": 2}],
            '<i class="on"><b>&lt;</b><b>2</b>1</i><i>2</i>',
            id="inside",
        ),
        pytest.param("x", [], "", id="none"),
    ],
)
def test_pattern_is_filled_in_for_each_line(pattern: str, lines: list[Any], expected: str) -> None:
    assert rendered("{% each lines %}" + pattern + "{% endeach %}", lines=lines) == expected


@pytest.mark.parametrize("inside", ["{{ name }}", "{% if a %}{% endif %}", '{% translate "Kontak" %}'])
def test_pattern_takes_nothing_that_would_be_decided_in_it(inside: str) -> None:
    with pytest.raises(TemplateSyntaxError):
        rendered("{% each lines %}" + inside + "{% endeach %}", lines=[])


def test_texts_are_those_of_the_language_that_is_read_at_the_time() -> None:
    template = Template(
        '{% load i18n portal %}{% translate "Kontak" %} {% translate "Kontak" as kept %}{{ kept }} '
        "{% blocktranslate with month=given %}Potensi tenaga kerja {{ month }}.{% endblocktranslate %} "
        "{% blocktranslate count n=2 %}{{ n }} lagi{% plural %}{{ n }} lagi{% endblocktranslate %}"
    )

    def read(language: str) -> str:
        with translation.override(language):
            return template.render(Context({"given": "<2025>"}))

    assert read("id") == read("id") == "Kontak Kontak Potensi tenaga kerja &lt;2025&gt;. 2 lagi"
    assert read("en") == read("en") != read("id")
    assert "&lt;2025&gt;" in read("en")


@pytest.fixture
def official(settings: Any, db: None) -> User:
    settings.PUBLIC_AGGREGATES = False
    for regency in Regency.objects.active():
        factories.workforce(regency, 1000)
        factories.membership(regency, 370, month="2025-12")
    return factories.user("pejabat", "61", first_name="Nama Lama")


def moved(client: Client, path: str = "/") -> tuple[str, int]:
    """A page after the figures have moved, and what it asked of the database."""
    with transaction.atomic():
        generation.move()
    with CaptureQueriesContext(connection) as asked:
        page = client.get(path).content.decode()
    return page, len(asked)


def test_header_and_rights_are_not_made_anew_because_figures_have_moved(official: User) -> None:
    client = signed_in(official)

    _page, first = moved(client)
    page, second = moved(client)

    assert "Nama Lama" in page
    assert second == first - 3  # the grants, and the permissions of the user and of their groups


def test_frame_follows_its_reader_and_the_address(official: User) -> None:
    client = signed_in(official)
    moved(client)

    User.objects.filter(pk=official.pk).update(first_name="Nama Baru")
    other = signed_in(factories.user("lain", "61", first_name="Orang Lain"))

    assert "Nama Baru" in moved(client)[0]
    assert "Orang Lain" in moved(other)[0]
    assert 'value="/?bulan=2025-12"' in moved(client, "/?bulan=2025-12")[0]


def test_remembered_scope_is_not_given_to_other_grants(official: User) -> None:
    client = signed_in(official)
    moved(client)
    assert client.get("/wilayah/61.01/").status_code == 200

    official.grants.update(area_code="61.04")

    assert client.get("/wilayah/61.01/").status_code == 404
    assert client.get("/wilayah/61.04/").status_code == 200
