"""Who is at the portal: each takes turns between asking and thinking until the time is over."""

from __future__ import annotations

import http.client
import random
import time
import urllib.parse
import uuid
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from html.parser import HTMLParser
from threading import Event, Lock
from typing import Any

REQUEST_SECONDS = 60
READER_THINKS, EDITOR_THINKS, IMPORTER_THINKS = 10.0, 20.0, 60.0
"""Seconds between two requests of a reader, two edits, two imports: on the average."""
PROGRESS_SECONDS = 2.0
TOKEN = "c" * 32


@dataclass(slots=True)
class Log:
    """What was asked: seconds by kind of request, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    _lock: Any = field(default_factory=Lock)

    def took(self, kind: str, seconds: float) -> None:
        with self._lock:
            self.seconds.setdefault(kind, []).append(seconds)

    def went_wrong(self, what: str) -> None:
        with self._lock:
            self.errors.append(what)

    def did(self, what: str) -> None:
        with self._lock:
            self.done[what] = self.done.get(what, 0) + 1


@dataclass(slots=True)
class Answer:
    status: int
    body: bytes
    headers: dict[str, str]


class Person:
    """One signed-in user: a session, a connection for each request as behind a proxy, and pages kept."""

    def __init__(self, port: int, session: str, log: Log, over: Event, seed: int) -> None:
        self.port, self.log, self.over = port, log, over
        self.chance = random.Random(seed)  # noqa: S311 - no secret
        self.cookies = f"session={session}; csrf={TOKEN}"
        self.tags: dict[str, str] = {}
        self.pace = 1.0

    def run(self) -> None:
        # Not all at the first moment.
        self.think(READER_THINKS)
        while not self.over.is_set():
            try:
                self.turn()
            except (OSError, http.client.HTTPException, AssertionError) as error:
                self.log.went_wrong(f"{type(self).__name__}: {type(error).__name__} {str(error)[:200]}")
                self.think(5)

    def turn(self) -> None:
        raise NotImplementedError

    def think(self, seconds: float) -> None:
        self.over.wait(self.chance.expovariate(self.pace / seconds))

    def get(self, kind: str, path: str) -> Answer:
        tag = self.tags.get(path)
        answer = self._ask(kind, "GET", path, None, {"If-None-Match": tag} if tag else {})
        if "etag" in answer.headers:
            self.tags[path] = answer.headers["etag"]
        return answer

    def post(self, kind: str, path: str, fields: Sequence[tuple[str, str]]) -> Answer:
        data = urllib.parse.urlencode([("csrfmiddlewaretoken", TOKEN), *fields]).encode()
        return self._ask(kind, "POST", path, data, {"Content-Type": "application/x-www-form-urlencoded"})

    def upload(self, kind: str, path: str, fields: Mapping[str, str], content: bytes) -> Answer:
        mark = uuid.uuid4().hex
        parts = [
            f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
            for name, value in {"csrfmiddlewaretoken": TOKEN, **fields}.items()
        ]
        head = f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="peserta.csv"\r\n\r\n'
        data = b"".join([*parts, head.encode(), content, f"\r\n--{mark}--\r\n".encode()])
        headers = {"Content-Type": f"multipart/form-data; boundary={mark}"}
        return self._ask(kind, "POST", path, data, headers)

    def _ask(
        self, kind: str, method: str, path: str, data: bytes | None, headers: Mapping[str, str]
    ) -> Answer:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=REQUEST_SECONDS)
        sent = {
            "Cookie": self.cookies,
            "Accept-Encoding": "gzip, br",
            "Referer": f"http://127.0.0.1:{self.port}{path}",
            **headers,
        }
        began = time.perf_counter()
        try:
            connection.request(method, path, body=data, headers=sent)
            response = connection.getresponse()
            body = response.read()
        finally:
            connection.close()
        self.log.took(kind, time.perf_counter() - began)
        if response.status not in (200, 302, 304):
            self.log.went_wrong(f"{method} {path}: {response.status}")
        return Answer(response.status, body, {name.lower(): value for name, value in response.getheaders()})


class Reader(Person):
    """Looks at the province, its regencies and the lists, and now and then asks for another month."""

    def __init__(
        self, *given: Any, codes: Sequence[str], months: Sequence[str], projects: Sequence[int]
    ) -> None:
        super().__init__(*given)
        self.codes, self.months, self.projects = codes, months, projects

    def turn(self) -> None:
        kind, path = self._choose()
        self.get(kind, path)
        self.think(READER_THINKS)

    def _choose(self) -> tuple[str, str]:
        area = f"/wilayah/{self.chance.choice(self.codes)}/"
        page = self.chance.choices(
            [
                ("dashboard", "/"),
                ("dashboard", area),
                ("dashboard", f"{area}?bulan={self.chance.choice(self.months)}"),
                ("projects", "/proyek/"),
                ("project", f"/proyek/{self.chance.choice(self.projects)}/"),
                ("follow-up", "/tindak-lanjut/"),
                ("construction", "/konstruksi/"),
                ("brief", "/ringkasan/"),
            ],
            weights=[40, 25, 5, 8, 8, 5, 5, 4],
        )
        return page[0]


class Editor(Person):
    """Opens a record in the admin, changes a number of people, and saves it.

    Args:
        forms: the address of each record, the field to change, and the least number to write there.
    """

    def __init__(self, *given: Any, forms: Sequence[tuple[str, str, int]]) -> None:
        super().__init__(*given)
        self.forms = forms

    def turn(self) -> None:
        path, name, least = self.chance.choice(self.forms)
        page = self.get("form", path)
        fields = _Form.fields(page.body)
        changed = str(self.chance.randrange(least, 2 * least))
        answer = self.post("edit", path, [(key, changed if key == name else old) for key, old in fields])
        if answer.status == 302:
            self.log.did("edits")
        else:
            self.log.went_wrong(f"edit of {path} was not taken")
        self.think(EDITOR_THINKS)


class Importer(Person):
    """Uploads a list, waits for its preview, confirms it, and some time later undoes it to begin anew."""

    def __init__(self, *given: Any, content: bytes, fields: Mapping[str, str]) -> None:
        super().__init__(*given)
        self.content, self.fields = content, fields

    def turn(self) -> None:
        answer = self.upload("upload", "/impor/", self.fields, self.content)
        batch = answer.headers.get("location", "")
        assert answer.status == 302, f"upload: {answer.status}"  # noqa: S101
        page = self._settled(batch, "konfirmasi/")
        if page is None:
            return
        preview = dict(_Form.fields(page))["preview"]
        self.post("confirm", f"{batch}konfirmasi/", [("preview", preview), ("rows", "all")])
        if self._settled(batch, "urungkan/") is None:
            return
        self.log.did("imports")
        self.think(IMPORTER_THINKS)
        self.post("undo", f"{batch}urungkan/", [])
        self._settled(batch, "")

    def _settled(self, batch: str, offered: str) -> bytes | None:
        """The page of the batch once nothing goes on and the next step is offered; None if time is up."""
        while not self.over.wait(PROGRESS_SECONDS / self.pace):
            progress = self.get("progress", f"{batch}kemajuan/")
            if "hx-refresh" not in progress.headers:
                continue
            page = self._ask("batch", "GET", batch, None, {"Accept-Encoding": "identity"}).body
            if offered.encode() in page:
                return page
            if b"kemajuan/" not in page:
                raise AssertionError(f"{batch} offers no {offered}")
        return None


class _Form(HTMLParser):
    """The fields that a browser would send of the page's main form."""

    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._select = self._text = ""

    @classmethod
    def fields(cls, page: bytes) -> list[tuple[str, str]]:
        parser = cls()
        parser.feed(page.decode())
        return [(name, value) for name, value in parser.found if name != "csrfmiddlewaretoken"]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        name = given.get("name") or ""
        if tag == "input" and name and given.get("type") not in ("submit", "file"):
            is_box = given.get("type") in ("checkbox", "radio")
            if not is_box or "checked" in given:
                self.found.append((name, given.get("value") or ("on" if is_box else "")))
        elif tag == "select":
            self._select = name
        elif tag == "option" and self._select and "selected" in given:
            self.found.append((self._select, given.get("value") or ""))
        elif tag == "textarea":
            self._text = name
            self.found.append((name, ""))

    def handle_data(self, data: str) -> None:
        if self._text:
            name, value = self.found.pop()
            self.found.append((name, value + data))

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = ""
        elif tag == "textarea":
            self._text = ""


def percentile(values: Sequence[float], share: float) -> float:
    """The value that this share of the values does not exceed. Raises ValueError without values."""
    if not values:
        raise ValueError("no values")
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def spread(items: Sequence[Any], parts: int) -> Iterator[Sequence[Any]]:
    """As many slices of equal length."""
    size = len(items) // parts
    for part in range(parts):
        yield items[part * size : (part + 1) * size]
