"""How a kept page is answered: in whose language, in which encoding, for which part of an address."""

from __future__ import annotations

import gzip
from typing import Any

import brotli
import pytest

from coverage_portal.accounts import keeping
from coverage_portal.accounts.models import User
from coverage_portal.lib.periods import Month
from tests import factories
from tests.kept import PAGES, signed_in, was_kept

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("figures_behind_the_sign_in")]


@pytest.mark.parametrize("sent", ["{tag}", '"other", {tag}', "{strong}", "*"])
def test_304_says_what_the_browser_needs_to_know(official: User, sent: str) -> None:
    client = signed_in(official)
    full = client.get("/")
    tag = full["ETag"]

    response = client.get("/", headers={"if-none-match": sent.format(tag=tag, strong=tag[2:])})

    assert (response.status_code, response.content) == (304, b"")
    for name in ("ETag", "Cache-Control", "Content-Security-Policy"):
        assert response[name] == full[name]
    assert full["Cache-Control"] == "private, no-cache"
    assert {part.strip() for part in response["Vary"].split(",")} == {"Accept-Encoding", "Cookie"}


@pytest.mark.parametrize("sent", ['W/"0000"', "rubbish", '"'])
def test_foreign_etag_gets_the_page(official: User, sent: str) -> None:
    assert signed_in(official).get("/", headers={"if-none-match": sent}).status_code == 200


def test_head_is_answered_like_get_without_a_body(official: User) -> None:
    client = signed_in(official)
    named = {"x-request-id": "satu-nama"}
    rendered, kept = client.head("/", headers=named), client.head("/", headers=named)
    got = client.get("/", headers=named)

    assert (rendered.content, kept.content, was_kept(kept), was_kept(got)) == (b"", b"", True, True)
    assert {**rendered.headers} == {**kept.headers} == {**got.headers}
    assert int(got["Content-Length"]) == len(got.content)


@pytest.mark.parametrize("language", ["id", "en"])
def test_each_language_has_its_own_page(official: User, language: str) -> None:
    for each in ("id", "en"):
        client = signed_in(official)
        client.post("/bahasa/", {"language": each})
        client.get("/metode/")

    client = signed_in(official)
    client.post("/bahasa/", {"language": language})
    page = client.get("/metode/")

    assert was_kept(page)
    assert f'<html lang="{language}">'.encode() in page.content
    assert page["Content-Language"] == language


def test_each_host_has_its_own_page(official: User, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["a.example.go.id", "b.example.go.id"]
    client = signed_in(official)
    client.get("/", headers={"host": "a.example.go.id"})

    assert was_kept(client.get("/", headers={"host": "a.example.go.id"}))
    assert not was_kept(client.get("/", headers={"host": "b.example.go.id"}))


def test_addresses_that_say_nothing_to_the_page_share_one(official: User) -> None:
    client = signed_in(official)
    plain = client.get("/")
    kept = len(keeping.kept)

    for number in range(20):
        page = client.get("/", {"utm": number, "next": "https://example.com/<b>"})
        assert was_kept(page)
        assert page.content == plain.content

    assert len(keeping.kept) == kept


def test_parameter_unknown_to_the_page_is_unknown_to_what_is_kept(official: User) -> None:
    client = signed_in(official)

    client.get("/", {"utm": "rahasia-9001", "bulan": "2025-12"})
    page = client.get("/", {"bulan": "2025-12"})

    assert was_kept(page)
    assert b"rahasia-9001" not in page.content
    assert b'value="/?bulan=2025-12"' in page.content


@pytest.mark.parametrize("query", [{"bulan": "Juli"}, {"segmen": "XX"}, {"bulan": "9999-12", "segmen": "PU"}])
def test_page_that_says_what_it_did_not_understand_is_not_kept(official: User, query: dict[str, str]) -> None:
    client = signed_in(official)
    for _time in range(2):
        page = client.get("/", query)
        assert page.templates
        assert "ETag" not in page

    assert len(keeping.kept) == 0


def test_each_state_of_the_query_has_its_own_page(official: User) -> None:
    factories.membership(factories.regency("61.04"), 5, month="2025-11", segment="PU")
    client = signed_in(official)
    states = [{}, {"bulan": "2025-11"}, {"segmen": "PU"}, {"bulan": "2025-11", "segmen": "PU"}]

    first = [client.get("/wilayah/61.04/", state).content for state in states]
    again = [client.get("/wilayah/61.04/", state) for state in states]

    assert all(was_kept(page) for page in again)
    assert [page.content for page in again] == first
    assert len(set(first)) == 4


@pytest.mark.parametrize("path", PAGES)
def test_page_is_sent_as_the_browser_takes_it(official: User, path: str) -> None:
    client = signed_in(official)
    plain = client.get(path)

    packed = {each: client.get(path, headers={"accept-encoding": each}) for each in ("gzip, br", "gzip")}

    assert "Content-Encoding" not in plain
    assert [page["Content-Encoding"] for page in packed.values()] == ["br", "gzip"]
    assert brotli.decompress(packed["gzip, br"].content) == plain.content
    assert gzip.decompress(packed["gzip"].content) == plain.content
    assert all("Accept-Encoding" in page["Vary"] for page in (plain, *packed.values()))
    assert all(page["ETag"] == plain["ETag"] for page in packed.values())
    assert all(int(page["Content-Length"]) == len(page.content) for page in packed.values())


def test_month_far_from_all_data_is_a_page_like_any_other(official: User) -> None:
    client = signed_in(official)

    client.get("/", {"bulan": str(Month(2030, 1))})

    assert was_kept(client.get("/", {"bulan": "2030-01"}))
