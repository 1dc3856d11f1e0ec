"""How a person is named where their NIK must not show, and their name need not."""

from __future__ import annotations

import datetime


def masked_person(name: str, last4: str) -> str:
    """`C… S… · ************9001`: enough to find someone by whoever has the list, for others nobody."""
    return f"{initials(name)} · ************{last4}"


def initials(name: str) -> str:
    return " ".join(f"{word[0]}…" for word in name.split())


def masked_period(name: str, last4: str, segment: str, regency: str, start: datetime.date) -> str:
    """A person and the period of protection that something happened to."""
    return f"{masked_person(name, last4)} · {segment} · {regency} · {start:%d-%m-%Y}"
