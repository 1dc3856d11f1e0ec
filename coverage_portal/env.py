"""Typed readers of the environment. A missing or wrong value stops the start with one clear sentence."""

from __future__ import annotations

import base64
import binascii
import os
import re
from pathlib import Path
from typing import Any, overload
from urllib.parse import parse_qsl, unquote, urlsplit
from zoneinfo import ZoneInfo

from django.core.exceptions import ImproperlyConfigured

TRUE = frozenset({"1", "true", "yes", "on"})
FALSE = frozenset({"0", "false", "no", "off"})
DATABASE_EXAMPLE = "postgres://portal:password@localhost:5432/portal"


class WrongSetting(ImproperlyConfigured):
    """An environment variable is missing or cannot be used; the message is for whoever starts the portal."""


def missing(name: str, must_be: str, example: str) -> WrongSetting:
    return WrongSetting(f"{name} is not set: it must be {must_be}, for example {name}={example}")


def wrong(name: str, must_be: str, example: str, *, value: str | None = None) -> WrongSetting:
    """The error for an unusable value. Leave `value` out where it may hold a password or a key."""
    found = f"{name}={value}" if value is not None else f"The value of {name}"
    return WrongSetting(f"{found} cannot be used: it must be {must_be}, for example {name}={example}")


def is_set(name: str) -> bool:
    return bool(os.environ.get(name, "").strip())


def text(
    name: str,
    *,
    default: str | None = None,
    must_be: str = "a text",
    example: str = "…",
    pattern: str | None = None,
) -> str:
    """A text, stripped; an empty one counts as not set.

    Raises:
        WrongSetting: it is not set and has no default, or does not match `pattern` as a whole.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        if default is None:
            raise missing(name, must_be, example)
        return default
    if pattern and not re.fullmatch(pattern, value):
        raise wrong(name, must_be, example, value=value)
    return value


def boolean(name: str, *, default: bool) -> bool:
    value = os.environ.get(name, "").strip().lower()
    if not value:
        return default
    if value in TRUE:
        return True
    if value in FALSE:
        return False
    raise wrong(name, "1 or 0", "1", value=value)


def integer(name: str, *, default: int, minimum: int, maximum: int) -> int:
    value = os.environ.get(name, "").strip()
    if not value:
        return default
    if not re.fullmatch(r"-?\d{1,15}", value) or not minimum <= int(value) <= maximum:
        raise wrong(name, f"a whole number from {minimum} to {maximum}", str(default), value=value)
    return int(value)


@overload
def listing(name: str, *, default: list[str]) -> list[str]: ...
@overload
def listing(name: str, *, must_be: str, example: str) -> list[str]: ...
def listing(
    name: str, *, default: list[str] | None = None, must_be: str = "a list", example: str = "…"
) -> list[str]:
    """Texts separated by commas, without the empty ones."""
    values = [part.strip() for part in os.environ.get(name, "").split(",") if part.strip()]
    if values:
        return values
    if default is None:
        raise missing(name, must_be, example)
    return default


def lines(name: str, *, default: list[str]) -> list[str]:
    """Texts separated by semicolons, which may hold commas; without the empty ones."""
    return [part.strip() for part in os.environ.get(name, "").split(";") if part.strip()] or default


def file(name: str) -> Path | None:
    """The file that a setting names, None where it names none.

    Raises:
        WrongSetting: there is no such file.
    """
    value = os.environ.get(name, "").strip()
    if not value:
        return None
    path = Path(value).absolute()
    if not path.is_file():
        raise wrong(name, "a file that can be read", "/etc/portal/logo.png", value=value)
    return path


def secret(name: str, *, must_be: str, example: str) -> str:
    """A key or password from `NAME`, or from the file that `NAME_FILE` names (as container secrets come).

    Raises:
        WrongSetting: neither or both are set, or the file cannot be read. The message never holds the value.
    """
    value, path = os.environ.get(name, "").strip(), os.environ.get(f"{name}_FILE", "").strip()
    if value and path:
        raise WrongSetting(f"{name} and {name}_FILE are both set: keep one of them")
    if path:
        try:
            value = Path(path).read_text(encoding="utf-8").strip()
        except (OSError, UnicodeDecodeError) as error:
            raise wrong(f"{name}_FILE", "a file that can be read", f"/run/secrets/{name.lower()}") from error
    if not value:
        raise missing(name, must_be, example)
    return value


def secrets(name: str, *, default: list[str]) -> list[str]:
    """Several secrets, separated by commas or blanks, from `NAME` or the file that `NAME_FILE` names.

    Raises:
        WrongSetting: both are set, or the file cannot be read. The message never holds a value.
    """
    if not (is_set(name) or is_set(f"{name}_FILE")):
        return default
    return secret(name, must_be="a list of secrets", example="…").replace(",", " ").split()


def key_bytes(value: str, *, name: str, length: int, example: str) -> bytes:
    """The `length` bytes that `value` holds in base64 (either alphabet).

    Raises:
        WrongSetting: it is no base64 or of another length; the message does not hold the value.
    """
    try:
        key = base64.b64decode(value.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        key = b""
    if len(key) != length:
        raise wrong(name, f"{length} random bytes in base64", example)
    return key


def time_zone(name: str, *, default: str) -> str:
    value = text(name, default=default)
    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError) as error:
        raise wrong(name, "a time zone of the IANA list", default, value=value) from error
    return value


def database(name: str) -> dict[str, Any]:
    """Django's description of the PostgreSQL database that a URL names.

    `postgres://user:password@host:port/name?option=value`; the options go to libpq (`sslmode=require`).
    Characters with a meaning in URLs are percent-encoded in the user and the password.

    Raises:
        WrongSetting: not such a URL; the message does not hold it, for it holds a password.
    """
    value = secret(name, must_be="a PostgreSQL address", example=DATABASE_EXAMPLE)
    error = wrong(name, "a PostgreSQL address", DATABASE_EXAMPLE)
    try:
        parts = urlsplit(value)
        port = parts.port
        options = dict(parse_qsl(parts.query, strict_parsing=bool(parts.query)))
    except ValueError:
        raise error from None
    database_name = unquote(parts.path.removeprefix("/"))
    if parts.scheme not in {"postgres", "postgresql"} or not database_name or "/" in database_name:
        raise error
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": database_name,
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": str(port or ""),
        "OPTIONS": options,
    }
