"""Guessing passwords at the sign-in, and counting how many reach the hasher."""

from __future__ import annotations

from typing import Any

import pytest
from django.contrib.auth.hashers import MD5PasswordHasher
from django.test import Client

WRONG = "bukan-sandinya-9999"


class Counter:
    """How many passwords were hashed, whether of a user or, for the same work, of nobody."""

    def __init__(self, patch: pytest.MonkeyPatch, hasher: type = MD5PasswordHasher) -> None:
        self.looked_at = 0
        encode = hasher.encode  # type: ignore[attr-defined]

        def counted(of: Any, password: str, *args: Any, **kwargs: Any) -> Any:
            self.looked_at += 1
            return encode(of, password, *args, **kwargs)

        patch.setattr(hasher, "encode", counted)


_ANYONE = Client()
"""Someone whom the portal does not know. A client of its own for each guess would load all middleware."""


def guess(name: str, password: str = WRONG, address: str = "192.0.2.1", client: Client | None = None) -> Any:
    """One attempt from an address; the client keeps the session, if there is one now."""
    if client is None:
        _ANYONE.cookies.clear()
    return (client or _ANYONE).post("/masuk/", {"username": name, "password": password}, REMOTE_ADDR=address)


def is_in(client: Client) -> bool:
    """Whether the client's session is that of a user."""
    return client.get("/akun/").status_code == 200
