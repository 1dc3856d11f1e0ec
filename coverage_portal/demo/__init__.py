"""The example that a new portal without a database of its own starts with ("Data contoh").

It is loaded only into the embedded database, and only while that has no users and no figures. Whether it is
there is kept in a small file beside the database, so that a page can ask without a query:

    loaded    the example is in the database
    clearing  it is being removed; it still counts as there, and is not loaded again
    cleared   it was removed for good
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

LOADED, CLEARING, CLEARED = "loaded", "clearing", "cleared"


@dataclass(frozen=True, slots=True)
class Person:
    """An invented user. `grant` is a role, an area's code and an agency's; without one, a superuser."""

    username: str
    password: str
    who: str
    grant: tuple[str, str, str] | None


PEOPLE = (
    Person("demo.pejabat", "contoh-pejabat-61", "Pejabat provinsi", ("viewer", "61", "")),
    Person("demo.bpjs", "contoh-bpjs-61", "Staf BPJS provinsi", ("importer", "61", "")),
    Person("demo.ketapang", "contoh-ketapang-6104", "Staf BPJS Ketapang", ("importer", "61.04", "")),
    Person("demo.penyetuju", "contoh-penyetuju-61", "Penyetuju provinsi", ("approver", "61", "")),
    Person("demo.pengawas", "contoh-pengawas-6171", "Pengawas Pontianak", ("supervisor", "61.71", "")),
    Person("demo.admin", "contoh-admin-61", "Admin portal", None),
)
SIGN_INS = tuple((person.username, person.password) for person in PEOPLE)


def state() -> str:
    """What became of the example here; empty where it was never loaded."""
    try:
        return _marker().read_text(encoding="ascii").strip()
    except FileNotFoundError:
        return ""


def is_loaded() -> bool:
    """Whether the figures that this portal shows are the example; cheap enough for every page."""
    return bool(settings.EMBEDDED) and state() in (LOADED, CLEARING)


def remember(value: str) -> None:
    """Keep the state; empty forgets it."""
    if not value:
        _marker().unlink(missing_ok=True)
        return
    draft = _marker().with_suffix(".new")
    draft.write_text(f"{value}\n", encoding="ascii")
    draft.replace(_marker())


def _marker() -> Path:
    return Path(settings.VAR_DIR) / "demo"
