"""Readers who ask for pages so many times a second, and what each of them was answered, and when."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass

SENDERS = 8
SECONDS_TO_ANSWER = 60


@dataclass(frozen=True, slots=True)
class Answer:
    """One answer: when it was asked for and had, by the monotonic clock; a status of 0 is no answer."""

    began: float
    ended: float
    status: int
    says_when_again: bool

    @property
    def is_error(self) -> bool:
        return self.status == 0 or self.status >= 500


def ask(request: bytes, port: int) -> Answer:
    began = time.monotonic()
    answer = b""
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=SECONDS_TO_ANSWER) as sent:
            sent.sendall(request)
            answer = b"".join(iter(lambda: sent.recv(65536), b""))
    except OSError:
        pass
    head = answer.partition(b"\r\n\r\n")[0]
    status = int(head.split(b" ", 2)[1]) if head else 0
    return Answer(began, time.monotonic(), status, b"retry-after:" in head.lower())


def all_at_once(requests: Sequence[bytes], port: int) -> list[Answer]:
    """As many requests at one time as there are, so that every thread of the server gets one."""
    answers: list[Answer] = []
    threads = [
        threading.Thread(target=lambda request=request: answers.append(ask(request, port)))
        for request in requests
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers


class Load:
    """While it is entered, the requests are sent in turn, `rate` a second, however long answers take."""

    def __init__(self, requests: Sequence[bytes], port: int, *, rate: float) -> None:
        self.requests, self.port, self.rate = requests, port, rate
        self.answers: list[Answer] = []
        self._over = threading.Event()
        self._threads = [
            threading.Thread(target=self._send, args=[number], daemon=True) for number in range(SENDERS)
        ]

    def __enter__(self) -> Load:
        self._began = time.monotonic()
        for thread in self._threads:
            thread.start()
        return self

    def __exit__(self, *_exception: object) -> None:
        self._over.set()
        for thread in self._threads:
            thread.join(timeout=SECONDS_TO_ANSWER)

    def _send(self, number: int) -> None:
        turn = number
        while not self._over.wait(max(self._began + turn / self.rate - time.monotonic(), 0)):
            self.answers.append(ask(self.requests[turn % len(self.requests)], self.port))
            turn += SENDERS
