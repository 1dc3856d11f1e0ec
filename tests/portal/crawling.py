"""Going to every address that the resolver knows, as anyone, and looking at all that is answered."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import admin
from django.contrib.contenttypes.models import ContentType
from django.test import Client

from coverage_portal.accounts import roles
from coverage_portal.accounts.models import AreaGrant, User
from projects.models import Project
from tests import factories, pdf_text
from tests.portal.furnished import CANARY, CLOSED, HERE, OWN
from tests.portal.headers import lacking
from tests.visiting import routes

NOT_VISITED = {"keluar/", "admin/logout/", "akun/keluar-semua/", "bahasa/"}
"""What only ends the visit, or changes the language."""
PLACE = re.compile(r"<(?:\w+:)?(\w+)>|\(\?P<(\w+)>(?:\((?:\?:)?[^()]*\)\??|[^()])*\)")
STRANGER = "tamu"
EVERYONE = [STRANGER, "", *roles.BY_SLUG, f"{roles.PROJECT_ADMIN}+agency"]
"""Who has not signed in, who has without any role, everyone with one, and one for an agency only."""


class Unknown(Exception):
    """An address has a place that nobody has said how to fill."""


def addresses(objects: dict[str, Any]) -> list[str]:
    """Every address that the resolver knows, about the objects of an area."""
    found = {filled for route, name in routes() for filled in fill(objects, route, name)}
    return sorted(found - NOT_VISITED)


def fill(objects: dict[str, Any], route: str, name: str) -> list[str]:
    """The addresses of a route, each place in it filled in every way that `values_of` says."""
    place = PLACE.search(route)
    if place is None:
        return [route.replace("^", "").replace("\\", "").removesuffix("$")]
    key = place[1] or place[2]
    return [
        whole
        for value in values_of(objects, key, route, name)
        for whole in fill(objects, route[: place.start()] + str(value) + route[place.end() :], name)
    ]


def values_of(objects: dict[str, Any], key: str, route: str, name: str) -> list[Any]:
    """What stands in a place of a route.

    Raises:
        Unknown: nobody has said.
    """
    model = re.match(r"admin/([a-z_]{2,})/(\w+)/", route)
    if key in ("object_id", "id") and model:
        label = f"{model[1]}.{model[2]}"
        if label not in objects and label not in OF_NO_AREA:
            return _unknown(route, label)
        return [objects[label].pk if label in objects else 1]
    if key == "object_id":
        return [objects["projects.project"].pk]
    if key == "pk":
        return [objects[OF_PAGE[name]].pk] if name in OF_PAGE else _unknown(route, key)
    if key in VALUES:
        return VALUES[key](objects)
    return _unknown(route, key)


def _unknown(route: str, key: str) -> list[Any]:
    raise Unknown(f"{route}: {key}")


OF_NO_AREA = {
    "auth.group", "django_tasks_database.dbtaskresult", "projects.contractor", "projects.holiday",
    "regions.province",
}  # fmt: skip
"""What the admin shows that lies in no regency."""
OF_PAGE = {
    "commitment": "regions.commitment",
    "change_commitment": "regions.commitment",
    "close_commitment": "regions.commitment",
    "reopen_commitment": "regions.commitment",
    "project": "projects.project",
    "work_list": "regions.agency",
    "print_letter": "regions.agency",
    "reset": "accounts.user",
    "end_exception": "regions.periodexception",
}
VALUES: dict[str, Callable[[dict[str, Any]], list[Any]]] = {
    "code": lambda made: [made["regions.regency"].code],
    "batch_id": lambda made: [made["intake.importbatch"].pk],
    "package": lambda made: [made["projects.project"].pk],
    "registration": lambda made: [made["registration"].pk],
    "reference": lambda made: [made["projects.letter"].reference],
    "kind": lambda _made: ["membership", "enrollment", "project"],
    "key": lambda _made: ["tren", "arrears", "instansi", "segmen"],
    "month": lambda _made: [CLOSED],
    "step": lambda _made: ["ajukan", "kembalikan", "setujui", "kunci"],
    "number": lambda _made: [0, 1],
    "secret": lambda _made: ["bukan-rahasia"],
    "role": lambda _made: [roles.VIEWER],
    "app_label": lambda _made: ["projects"],
    "content_type_id": lambda _made: [ContentType.objects.get_for_model(Project).pk],
    "url": lambda _made: ["tidak-ada"],
}


def autocompletes() -> Iterator[str]:
    """Every field that the admin offers to choose in by typing."""
    for model_admin in admin.site._registry.values():
        inlines = [inline(model_admin.model, admin.site) for inline in model_admin.inlines]
        for owner in (model_admin, *inlines):
            for name in owner.autocomplete_fields:
                opts = owner.model._meta
                yield (
                    f"admin/autocomplete/?app_label={opts.app_label}&model_name={opts.model_name}"
                    f"&field_name={name}&term="
                )


def visitor(role: str) -> Client:
    """Someone with a role in the first regency, `+agency` of one agency there, or without any role."""
    client = Client()
    if role == STRANGER:
        return client
    user: User = factories.user("pengunjung")
    slug, _, narrowed = role.partition("+")
    if slug:
        AreaGrant.objects.create(
            user=user, role=slug, area_code=HERE, agency_code=f"{HERE}.PU" if narrowed else "",
            valid_until="2099-12-31",
        )  # fmt: skip
        user.is_staff = roles.uses_admin(slug)
        user.save()
    client.force_login(user)
    return client


def said(response: Any) -> str:
    """All that an answer says: its headers, and its content, workbooks and PDFs unpacked."""
    content = b"".join(response.streaming_content) if response.streaming else response.content
    head = " ".join(f"{name}: {value}" for name, value in response.headers.items())
    return f"{head} {read(content)}"


def read(content: bytes) -> str:
    """What can be read in a file."""
    if content.startswith(b"%PDF"):
        titles = [text for key in ("Title", "Alt") for text in pdf_text.values_of(content, key)]
        # A word may be broken where a line or a box ends.
        words = re.sub(r"[\s\u00ad\u2010-]", "", pdf_text.text_of(content))
        return " ".join([*titles, words])
    if content.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(content)) as book:
            content = b" ".join(book.read(name) for name in book.namelist())
    return content.decode("utf-8", "replace")


@dataclass
class Crawl:
    """What was answered, by method and address: statuses, leaks, lacking headers, and where OWN was shown."""

    is_personal: bool
    statuses: dict[str, int] = field(default_factory=dict)
    leaks: dict[str, int] = field(default_factory=dict)
    lacking: dict[str, list[str]] = field(default_factory=dict)
    own: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)

    def look(self, asked: str, answer: Any) -> Any:
        text = said(answer)
        self.statuses[asked] = answer.status_code
        if CANARY in text or CANARY.lower() in text:
            self.leaks[asked] = answer.status_code
        if OWN in text:
            self.own.add(asked.partition(" ")[2])
        if wrong := lacking(answer, is_personal=self.is_personal):
            self.lacking[asked] = wrong
        self.types.add(answer.get("Content-Type", "").partition(";")[0])
        return answer

    @property
    def broken(self) -> dict[str, int]:
        """Where the portal failed. In a test no worker is there, and `readyz` says so."""
        return {asked: status for asked, status in self.statuses.items() if status >= 500 and status != 503}


def visit(
    client: Client, paths: Sequence[str], forms: Callable[[str], Mapping[str, Any]] | None = None
) -> Crawl:
    """Ask for every address, and for every export in both formats; then, with `forms`, send one to each."""
    found = Crawl("_auth_user_id" in client.session)
    for path in paths:
        answer = found.look(f"GET {path}", client.get(f"/{path}", secure=True))
        if path.endswith("/export/") and answer.status_code == 200:
            for number in ("0", "1"):
                file = client.post(f"/{path}", {"format": number, "resource": "0"}, secure=True)
                found.look(f"POST {path} as {number}", file)
    if forms is not None:
        send(client, paths, forms, found)
    assert found.is_personal == ("_auth_user_id" in client.session), "the visit ended on the way"
    return found


def send(
    client: Client, paths: Sequence[str], forms: Callable[[str], Mapping[str, Any]], found: Crawl
) -> None:
    """Send a form to every address."""
    for path in paths:
        found.look(f"POST {path}", client.post(f"/{path}", forms(path), secure=True))
