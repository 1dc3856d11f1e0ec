"""The open interface against its own description, asked by schemathesis: no 500, nothing undescribed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from django.conf import settings
from django.core.cache import cache
from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections
from django.http import JsonResponse
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, Phase, Verbosity, given
from hypothesis import settings as hypothesis_settings
from schemathesis import GenerationMode
from schemathesis.checks import not_a_server_error
from schemathesis.config import SchemathesisConfig
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    negative_data_rejection,
    response_schema_conformance,
    status_code_conformance,
)

from projects import rates
from regions.models import Regency
from tests import factories

pytestmark = pytest.mark.django_db

CHECKS = [
    not_a_server_error,
    status_code_conformance,
    content_type_conformance,
    response_schema_conformance,
]
EXAMPLES = 20
FIGURES = ("areas", "coverage", "membership", "workforce", "targets", "indicators", "construction")
PATHS = [
    "/api/v1/contribution",
    *(f"/api/v1/{name}{form}" for name in FIGURES for form in ("", ".csv")),
]


@pytest.fixture(autouse=True)
def _figures(settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["*"]
    cache.clear()
    for regency in Regency.objects.active():
        for segment in ("PU", "BPU", "JAKON"):
            factories.workforce(regency, 1000, segment=segment)
            factories.membership(regency, 3 if regency.code == "61.04" else 400, segment=segment)


@pytest.fixture
def cookie() -> dict[str, str]:
    client = Client()
    client.force_login(factories.user("provinsi", "61"))
    return {settings.SESSION_COOKIE_NAME: client.cookies[settings.SESSION_COOKIE_NAME].value}


@pytest.fixture
def _one_transaction() -> Iterator[None]:
    """A request leaves the test's connection open, as Django's own test client has it."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def description(_one_transaction: None) -> Any:
    application = get_wsgi_application()
    return schemathesis.openapi.from_wsgi(
        "/api/v1/openapi.json", application, config=SchemathesisConfig.from_dict({})
    )


def ask(
    description: Any, path: str, mode: GenerationMode, cookies: dict[str, str], checks: list[Any]
) -> set[int]:
    """Ask an address as its description allows, or, in the negative mode, as it does not; the statuses."""
    operation = description[path]["GET"]
    statuses = set()

    @hypothesis_settings(
        max_examples=EXAMPLES,
        database=None,
        derandomize=True,
        verbosity=Verbosity.quiet,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(case=operation.as_strategy(generation_mode=mode))
    def each(case: Any) -> None:
        response = case.call(cookies=cookies)
        case.validate_response(response, checks=checks)
        statuses.add(response.status_code)

    each()
    return statuses


@pytest.mark.parametrize("path", PATHS)
def test_every_answer_is_a_described_one(description: Any, cookie: dict[str, str], path: str) -> None:
    statuses = ask(description, path, GenerationMode.POSITIVE, cookie, CHECKS)

    assert statuses <= {200, 404, 422}


@pytest.mark.parametrize(
    "path",
    [
        path
        for path in PATHS
        if path.rsplit("/")[-1].split(".")[0]
        in ("contribution", "coverage", "membership", "workforce", "targets", "construction")
    ],
)
def test_what_the_description_does_not_allow_is_refused(
    description: Any, cookie: dict[str, str], path: str
) -> None:
    statuses = ask(description, path, GenerationMode.NEGATIVE, cookie, [*CHECKS, negative_data_rejection])

    assert statuses <= {404, 422}


def test_without_a_sign_in_the_answer_is_described_too(description: Any, settings: Any) -> None:
    settings.PUBLIC_AGGREGATES = False

    assert ask(description, "/api/v1/coverage", GenerationMode.POSITIVE, {}, CHECKS) == {401}


@pytest.mark.parametrize(
    "broken",
    [
        pytest.param(lambda *_: 1 / 0, id="a fault in the code"),
        pytest.param(lambda *_: {"items": "none"}, id="an answer of another form"),
    ],
)
def test_control_arm_a_broken_address_is_found(
    description: Any, monkeypatch: pytest.MonkeyPatch, broken: Any
) -> None:
    monkeypatch.setattr("regions.api.answering.JsonResponse", _broken(broken))

    with pytest.raises((FailureGroup, ZeroDivisionError)):
        ask(description, "/api/v1/areas", GenerationMode.POSITIVE, {}, CHECKS)


def _broken(make: Any) -> Any:
    return lambda *_args, **_kwargs: JsonResponse(make())


def test_description_is_whole_and_names_no_other_site(client: Client) -> None:
    response = client.get(reverse("api:openapi-json"))

    answer = json.loads(response.content)
    assert answer["openapi"].startswith("3.")
    assert sorted(answer["paths"]) == sorted(PATHS)
    ids = [operation["operationId"] for path in answer["paths"].values() for operation in path.values()]
    assert len(ids) == len(set(ids))
    for path, operations in answer["paths"].items():
        assert set(operations) == {"get"}, path
        assert operations["get"]["summary"], path
    item = answer["components"]["schemas"]["CoverageItem"]["properties"]
    assert list(item) == [
        "area",
        "month",
        "segment",
        "members",
        "workforce",
        "coverage_percent",
        "target_percent",
        "gap",
        "basis",
        "complete",
    ]
    assert b"http" not in response.content


def test_construction_is_for_those_who_have_signed_in(client: Client) -> None:
    anonymous = client.get("/api/v1/construction")
    client.force_login(factories.user("ketapang", "61.04"))
    own = client.get("/api/v1/construction")

    assert (anonymous.status_code, anonymous.json()["errors"][0]["code"]) == (401, "sign_in")
    assert [item["area"] for item in own.json()["items"]] == [None, "61.04"]
    assert client.get("/api/v1/construction?area=61.08").status_code == 404
    assert client.get("/api/v1/construction?on=2031-01-01").status_code == 422
    assert client.get(f"/api/v1/construction?on={rates.FIRST_DAY}").status_code == 200
