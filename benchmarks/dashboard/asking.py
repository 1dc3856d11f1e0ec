"""A browser's worth of requests over loopback, with its time."""

from __future__ import annotations

import http.client
import re
import time
from dataclasses import dataclass, field

_LINK = re.compile(rb'<(?:link|script|img)\b[^>]*?\b(?:href|src)="(/[^"]+)"')


@dataclass(slots=True)
class Answer:
    status: int
    seconds: float
    body: bytes
    headers: dict[str, str] = field(default_factory=dict)


class Asker:
    """One connection that stays open, so that one and the same process answers."""

    def __init__(self, port: int, cookie: str = "") -> None:
        self._port = port
        self._headers = {"Accept-Encoding": "gzip, deflate, br", **({"Cookie": cookie} if cookie else {})}
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)

    def ask(self, path: str, tag: str = "") -> Answer:
        headers = self._headers | ({"If-None-Match": tag} if tag else {})
        began = time.perf_counter()
        self._connection.request("GET", path, headers=headers)
        response = self._connection.getresponse()
        body = response.read()
        seconds = time.perf_counter() - began
        return Answer(response.status, seconds, body, {k.lower(): v for k, v in response.getheaders()})

    def close(self) -> None:
        self._connection.close()


def links_of(page: bytes) -> list[str]:
    """What a browser loads for a page before anyone scrolls: style sheets, scripts, pictures."""
    return sorted({link.decode() for link in _LINK.findall(page) if not link.startswith(b"//")})
