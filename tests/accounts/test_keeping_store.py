"""Kept pages in memory: bounded, compressed once, and found under what was understood of an address."""

from __future__ import annotations

import gzip
import random

import brotli
import pytest
from django import forms

from coverage_portal.accounts.keeping import keys
from coverage_portal.accounts.keeping.store import OVERHEAD_BYTES, Page, Store, preferred
from regions.forms import OverviewForm


def page(length: int = 1000) -> Page:
    """A page that hardly can be compressed."""
    return Page(random.Random(length).randbytes(length), "text/html")


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [
        ("gzip, deflate, br, zstd", "br"),
        ("br;q=0.1, gzip;q=1.0", "br"),
        ("GZIP", "gzip"),
        ("gzip, br;q=0", "gzip"),
        ("gzip; q=0.000, br ; q=0", ""),
        ("deflate", ""),
        ("*", ""),
        ("identity", ""),
        ("", ""),
        ("brown, gzipped", ""),
    ],
)
def test_encoding_is_one_that_the_browser_takes(accepted: str, encoding: str) -> None:
    assert preferred(accepted) == encoding


def test_page_is_the_same_in_every_encoding_and_compressed_once() -> None:
    text = b"<p>Kalimantan Barat</p>" * 500
    made = Page(text, "text/html")

    assert brotli.decompress(made.encoded("br")) == text
    assert gzip.decompress(made.encoded("gzip")) == text
    assert made.encoded("") == text
    assert made.encoded("br") is made.encoded("br")
    assert made.encoded("gzip") is made.encoded("gzip")


def test_pages_take_no_more_bytes_than_allowed_and_the_least_asked_for_goes_first() -> None:
    store = Store(bytes_at_most=3 * page().size + 10)
    for key in ("a", "b", "c"):
        store.put(key, page())

    store.get("a")
    store.put("d", page())

    assert [key for key in "abcd" if store.get(key)] == ["a", "c", "d"]
    assert store.size == 3 * page().size


def test_pages_are_no_more_than_allowed() -> None:
    store = Store(pages_at_most=2)
    for number in range(50):
        store.put(str(number), page(10))

    assert len(store) == 2
    assert store.size == 2 * page(10).size


def test_page_larger_than_the_store_is_not_kept_and_throws_nothing_out() -> None:
    store = Store(bytes_at_most=3000)
    store.put("a", page(500))

    store.put("b", page(5000))

    assert (store.get("b"), len(store)) == (None, 1)


def test_another_encoding_is_weighed_where_the_page_is_kept() -> None:
    store = Store()
    made, other = page(), page(2000)
    store.put("a", made)
    before = store.size

    for each in (made, other):
        each.encoded("gzip")
        store.weigh("a", each)

    assert store.size == made.size > before
    assert made.size == OVERHEAD_BYTES + len(made.encoded("br")) + len(made.encoded("gzip"))


def test_same_page_put_twice_is_counted_once() -> None:
    store = Store()
    store.put("a", page())
    store.put("a", page())

    assert (len(store), store.size) == (1, page().size)


@pytest.mark.parametrize(
    ("query", "understood"),
    [
        ("", ""),
        ("bulan=2025-07", "bulan=2025-07"),
        ("segmen=PU&bulan=2025-07", "bulan=2025-07&segmen=PU"),
        ("bulan=&segmen=PU", "segmen=PU"),
        ("bulan=+2025-07++", "bulan=2025-07"),
        ("bulan=2025-06&bulan=2025-07", "bulan=2025-07"),
        ("utm_source=surat&fbclid=9", ""),
        ("bulan=2025-07&x=%3Cscript%3E", "bulan=2025-07"),
        ("bulan=Juli", None),
        ("bulan=9999-12", None),
        ("segmen=XX&bulan=2025-07", None),
        ("bulan=2025-07%00", None),
        ("bulan=" + "9" * 3000, None),
    ],
)
def test_query_is_reduced_to_what_the_page_understands(query: str, understood: str | None) -> None:
    assert keys.understood(OverviewForm, query) == understood


def test_page_without_a_form_understands_no_query() -> None:
    assert keys.understood(None, "bulan=2025-07") == ""


def test_field_of_several_values_keeps_them_all() -> None:
    class Several(forms.Form):
        wilayah = forms.MultipleChoiceField(choices=[("61.01", ""), ("61.04", "")], required=False)

    assert keys.understood(Several, "wilayah=61.04&wilayah=61.01") == "wilayah=61.04&wilayah=61.01"
    assert keys.understood(Several, "wilayah=61.04&wilayah=61.99") is None
