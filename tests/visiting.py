"""A visitor of a real portal over HTTP: signs in, follows redirects, sends forms and files."""

from __future__ import annotations

import email
import http.cookiejar
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from tests.secrets_in import found_in


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    address: str
    content: bytes
    headers: str

    def leads_to(self, asked: str) -> str | None:
        """The path, with its query, that a redirect names."""
        location = email.message_from_string(self.headers)["Location"] if 300 <= self.status < 400 else None
        if location is None:
            return None
        parts = urllib.parse.urlsplit(urllib.parse.urljoin(asked, location))
        return urllib.parse.unquote(parts.path) + (f"?{parts.query}" if parts.query else "")


class _Unfollowed(urllib.request.HTTPRedirectHandler):
    """Leaves a redirect as the answer that it is."""

    def redirect_request(self, *_arguments: Any, **_named: Any) -> None:
        return None


class Visitor:
    """One browser's worth of cookies."""

    def __init__(self, base: str) -> None:
        self.base = base
        self._jar = http.cookiejar.CookieJar()
        cookies = urllib.request.HTTPCookieProcessor(self._jar)
        self._opener = urllib.request.build_opener(cookies)
        self._stopping = urllib.request.build_opener(cookies, _Unfollowed)

    def get(self, path: str, *, follow: bool = True) -> Answer:
        return self._open(urllib.parse.quote(path, safe="/?&=%+:"), follow=follow)

    def post(
        self, path: str, fields: Mapping[str, str], file: tuple[str, bytes] | None = None, field: str = "file"
    ) -> Answer:
        token = next((cookie.value or "" for cookie in self._jar if cookie.name.endswith("csrf")), "")
        fields = {"csrfmiddlewaretoken": token, **fields}
        if file is None:
            data, content_type = urllib.parse.urlencode(fields).encode(), "application/x-www-form-urlencoded"
        else:
            data, content_type = _multipart(fields, field, *file)
        headers = {"Content-Type": content_type, "Referer": self.base + path}
        return self._open(path, data, headers)

    def sign_in(self, name: str, password: str) -> Visitor:
        self.get("/masuk/")
        answer = self.post("/masuk/", {"username": name, "password": password})
        assert answer.status == 200, answer.content.decode()[:2000]
        assert not answer.address.endswith("/masuk/"), f"{name} could not sign in"
        return self

    def _open(
        self,
        path: str,
        data: bytes | None = None,
        headers: Mapping[str, str] | None = None,
        *,
        follow: bool = True,
    ) -> Answer:
        request = urllib.request.Request(self.base + path, data=data, headers=dict(headers or {}))  # noqa: S310
        opener = self._opener if follow else self._stopping
        try:
            with opener.open(request, timeout=120) as response:
                return Answer(response.status, response.url, response.read(), str(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Answer(error.code, error.url or "", error.read(), str(error.headers))


def _multipart(fields: Mapping[str, str], field: str, name: str, content: bytes) -> tuple[bytes, str]:
    boundary = uuid.uuid4().hex
    lines = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{key}"\r\n\r\n{value}\r\n'.encode()
        for key, value in fields.items()
    ]
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="{field}"; filename="{name}"\r\n'
    lines += [head.encode(), b"Content-Type: application/octet-stream\r\n\r\n", content, b"\r\n"]
    return b"".join([*lines, f"--{boundary}--\r\n".encode()]), f"multipart/form-data; boundary={boundary}"


def routes(patterns: Any = None, prefix: str = "") -> Iterator[tuple[str, str]]:
    """(route, name) of every address that the portal has, as written in `urls`."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        route = prefix + str(pattern.pattern).removeprefix("^")
        if isinstance(pattern, URLResolver):
            yield from routes(pattern.url_patterns, route)
        elif isinstance(pattern, URLPattern):
            yield route, pattern.name or ""


@dataclass(frozen=True, slots=True)
class Crawl:
    """The addresses that showed numbers, and how often each status came."""

    leaks: dict[str, list[str]]
    statuses: Counter[int]


def crawl(visitor: Visitor, paths: Iterable[str], numbers: Sequence[str]) -> Crawl:
    """Visit every address and look for numbers; exports are asked for in both formats.

    A redirect is searched as the answer that it is, and where it leads to is visited once, whatever `next`
    says: most visitors are led from every page of the admin to its one refusal.
    """
    leaks: dict[str, list[str]] = {}
    statuses = Counter[int]()
    waiting = deque(paths)
    seen = set(waiting)
    while waiting:
        path = waiting.popleft()
        answers = [visitor.get(path, follow=False)]
        if path.endswith("/export/") and answers[0].status == 200:
            answers += [visitor.post(path, {"format": number, "resource": "0"}) for number in ("0", "1")]
        for answer in answers:
            statuses[answer.status] += 1
            if found := found_in(answer.content, numbers) or found_in(answer.headers.encode(), numbers):
                leaks[path] = found
            target = answer.leads_to(visitor.base + path)
            if target and target.partition("?")[0] not in seen:
                seen.add(target.partition("?")[0])
                waiting.append(target)
    return Crawl(leaks, statuses)
