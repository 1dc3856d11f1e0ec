"""Another area's object answers as one that does not exist: at every route, for every role, to the letter."""

from __future__ import annotations

import re
import uuid
from collections import Counter
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any

import pytest
from django.test import Client

from coverage_portal.accounts import roles
from projects.querysets import ProjectQuerySet
from tests.portal.crawling import EVERYONE, OF_NO_AREA, fill, visitor
from tests.portal.furnished import Scene, furnish
from tests.soaking import rounds, say
from tests.visiting import routes

pytestmark = pytest.mark.django_db

FURTHER = ["61.06", "61.07", "61.08", "61.71"]
"""Regencies that are furnished beside the scene's other one."""
FEW = [roles.EDITOR, roles.PORTAL_ADMIN, roles.IMPORTER]
ROLES = EVERYONE if rounds(0, 1) else FEW
NUMBER = 987654
OBJECT = re.compile(
    r"<(?:\w+:)?(?:pk|object_id|id|batch_id|reference|package|registration)>|\(\?P<(?:code|pk)>"
)
SINGLE_USE = re.compile(r'nonce="[^"]*"|name="csrfmiddlewaretoken" value="[^"]*"')

NOWHERE: dict[str, Any] = {
    "regions.regency": SimpleNamespace(pk=NUMBER, code="61.99"),
    "projects.letter": SimpleNamespace(pk=NUMBER, reference="PJK-2026-9876"),
    "intake.importbatch": SimpleNamespace(pk=uuid.UUID(int=NUMBER)),
}
"""Objects that are none."""


def object_routes(below: str = "") -> list[tuple[str, str]]:
    """Every route to one object of an area, and its name; only those `below` an address."""
    return [
        (route, name)
        for route, name in routes()
        if route.startswith(below)
        and OBJECT.search(route)
        and not any(f"admin/{of.replace('.', '/')}/" in route for of in OF_NO_AREA)
    ]


def nowhere(like: dict[str, Any]) -> dict[str, Any]:
    return {label: NOWHERE.get(label, SimpleNamespace(pk=NUMBER)) for label in like}


def ask(client: Client, path: str) -> Any:
    """The answer to the page, or to its form where it has no page."""
    answer = client.get(f"/{path}", secure=True)
    return client.post(f"/{path}", secure=True) if answer.status_code == 405 else answer


def shown(answer: Any, path: str) -> tuple[int, str, str]:
    """All of an answer that could tell of an object: without its address and what is made for it alone."""
    content = b"".join(answer.streaming_content) if answer.streaming else answer.content
    text = SINGLE_USE.sub("", content.decode("utf-8", "replace"))
    text = text.replace(answer.headers.get("X-Request-ID", "-"), "")
    return answer.status_code, answer.get("Location", "").replace(path, ""), text.replace(path, "")


@dataclass
class Compared:
    """The addresses of objects that are told from missing ones, and how each route answers of the latter."""

    told: list[str] = field(default_factory=list)
    answers: dict[str, int] = field(default_factory=dict)


def compare(
    client: Client, here: dict[str, Any], elsewhere: list[dict[str, Any]], below: str = ""
) -> Compared:
    """Ask for what is nowhere and for what is elsewhere.

    Where what is nowhere is not 404, one's own has to answer like it too: then it depends on no object.
    """
    found = Compared()
    for route, name in object_routes(below):
        for number, path in enumerate(fill(nowhere(here), route, name)):
            missing = shown(ask(client, path), path)
            found.answers[path] = missing[0]
            for objects in elsewhere if missing[0] == 404 else [*elsewhere, here]:
                other = fill(objects, route, name)[number]
                if shown(ask(client, other), other) != missing:
                    found.told.append(other)
    return found


@pytest.fixture
def elsewhere(scene: Scene) -> list[dict[str, Any]]:
    """The objects of other areas: of two, in the long form of five."""
    found = [scene.there]
    for area in FURTHER[: rounds(1, 4)]:
        furnish(area, f"RAHASIA{area}", made := {})
        found.append(made)
    return found


@pytest.mark.parametrize("role", ROLES)
def test_another_areas_object_answers_like_none(
    scene: Scene, elsewhere: list[dict[str, Any]], role: str
) -> None:
    found = compare(visitor(role), scene.here, elsewhere)

    assert found.told == []
    counts = Counter(found.answers.values())
    say(f"{role or '-'}: {len(found.answers)} routes x {len(elsewhere)} foreign objects, missing: {counts}")
    assert len(found.answers) >= 30
    assert counts.keys() <= {404, 403, 302}
    if role in FEW:
        assert counts[404] >= 30


def test_control_arm_unscoped_queryset_is_told(scene: Scene, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(ProjectQuerySet, "within", lambda self, _scope: self.all())

    found = compare(visitor(roles.EDITOR), scene.here, [scene.there], "proyek/")

    assert f"proyek/{scene.there['projects.project'].pk}/" in found.told
