"""What a view may do inside `kept_page`, on views made for it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import count
from typing import Any

import pytest
from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.test import Client
from django.urls import path

from coverage_portal.accounts import keeping
from coverage_portal.accounts.keeping import pages
from coverage_portal.accounts.models import AreaGrant
from tests import factories

pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]

_calls: Iterator[int] = count()


@login_not_required
@keeping.kept_page()
def plain(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"call {next(_calls)}")


@login_not_required
@keeping.kept_page()
def with_token(request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"call {next(_calls)} {get_token(request)}")


@login_not_required
@keeping.kept_page()
def with_cookie(_request: HttpRequest) -> HttpResponse:
    response = HttpResponse(f"call {next(_calls)}")
    response.set_cookie("warna", "biru")
    return response


@login_not_required
@keeping.kept_page()
def with_session(request: HttpRequest) -> HttpResponse:
    request.session["langkah"] = 1
    return HttpResponse(f"call {next(_calls)}")


@login_not_required
@keeping.kept_page()
def with_message(request: HttpRequest) -> HttpResponse:
    messages.success(request, "Tersimpan.")
    return HttpResponse(f"call {next(_calls)}")


@login_not_required
@keeping.kept_page()
def forgone(request: HttpRequest) -> HttpResponse:
    keeping.forgo(request)
    return HttpResponse(f"call {next(_calls)}")


@login_not_required
@keeping.kept_page()
def failing(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"call {next(_calls)}", status=503)


@login_not_required
@keeping.kept_page()
def streaming(_request: HttpRequest) -> StreamingHttpResponse:
    return StreamingHttpResponse([f"call {next(_calls)}"])


@login_not_required
@keeping.kept_page(also=lambda _request: _version)
def versioned(_request: HttpRequest) -> HttpResponse:
    return HttpResponse(f"call {next(_calls)}")


@login_not_required
@keeping.kept_page()
def granting(request: HttpRequest) -> HttpResponse:
    """Rights change between the question for them and the answer."""
    AreaGrant.objects.create(user_id=request.user.pk, role="viewer", area_code=f"61.{next(_calls) + 10}")
    return HttpResponse(f"call {next(_calls)}")


_version = "1"
_views = (plain, with_token, with_cookie, with_session, with_message, forgone, failing, streaming)
urlpatterns = [path(f"{view.__name__}/", view) for view in (*_views, versioned, granting)]


@pytest.fixture(autouse=True)
def _count_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(globals(), "_calls", count())


def twice(client: Client, address: str) -> list[bytes]:
    return [client.get(address).getvalue() for _time in range(2)]


def test_plain_view_is_called_once(client: Client) -> None:
    assert twice(client, "/plain/") == [b"call 0", b"call 0"]


@pytest.mark.parametrize("view", [view for view in _views if view is not plain])
def test_answer_with_more_to_it_is_made_anew(client: Client, view: Callable[..., Any]) -> None:
    first, second = twice(client, f"/{view.__name__}/")

    assert first.startswith(b"call 0")
    assert second.startswith(b"call 1")
    assert len(keeping.kept) == 0


def test_token_would_be_kept_without_the_look_for_it(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pages, "_may_be_kept", lambda *_: True)

    first, second = twice(client, "/with_token/")

    assert first == second


def test_further_version_of_a_view_makes_another_page(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert twice(client, "/versioned/") == [b"call 0", b"call 0"]

    monkeypatch.setitem(globals(), "_version", "2")

    assert twice(client, "/versioned/") == [b"call 1", b"call 1"]


def test_rights_that_change_meanwhile_leave_nothing_behind(client: Client) -> None:
    client.force_login(factories.user("pejabat"))

    response = client.get("/granting/")

    assert response.status_code == 200
    assert "ETag" not in response
    assert len(keeping.kept) == 0


def test_rights_that_change_meanwhile_would_be_kept_without_the_second_look(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(pages, "moment", lambda *_: keeping.Moment("same", "same", "same"))
    client.force_login(factories.user("pejabat"))

    client.get("/granting/")

    assert len(keeping.kept) == 1


@pytest.mark.parametrize("headers", [{"hx-request": "true"}], ids=["htmx"])
def test_part_of_a_page_is_neither_kept_nor_answered_from_it(client: Client, headers: dict[str, str]) -> None:
    client.get("/plain/")

    assert client.get("/plain/", headers=headers).content == b"call 1"
    assert client.get("/plain/").content == b"call 0"


def test_post_reaches_the_view(client: Client) -> None:
    client.get("/plain/")

    assert client.post("/plain/").content == b"call 1"
