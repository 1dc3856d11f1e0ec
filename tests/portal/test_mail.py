"""The portal sends no mail, so a mail server that is away takes nothing from it."""

from __future__ import annotations

import ast
import logging
from typing import Any

import pytest
from django.test import Client
from django.utils.log import AdminEmailHandler

from tests.portal.test_architecture import CODE, ROOT

MODULES = ("django.core.mail", "smtplib", "email.mime")
CALLS = ("send_mail", "send_mass_mail", "mail_admins", "mail_managers", "email_user")


def mailing(source: str) -> list[str]:
    """The names by which code could send mail."""
    found = []
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            named = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            named = [f"{node.module}.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Attribute | ast.Name):
            named = [node.attr if isinstance(node, ast.Attribute) else node.id]
        else:
            continue
        found += [name for name in named if name.startswith(MODULES) or name in CALLS]
    return found


def test_no_code_sends_mail() -> None:
    files = [path for name in CODE for path in (ROOT / name).rglob("*.py")]

    found = {str(path): names for path in files if (names := mailing(path.read_text(encoding="utf-8")))}

    assert found == {}
    assert len(files) > 200


@pytest.mark.parametrize(
    "source",
    [
        "from django.core.mail import send_mail",
        "from django.core import mail\nmail.send_mail('a', 'b', None, [])",
        "import smtplib",
        "user.email_user('a', 'b')",
    ],
)
def test_code_that_did_would_be_noticed(source: str) -> None:
    """The control arm."""
    assert mailing(source)


def failing_page(client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch) -> int:
    """The status of a page that fails, where there are administrators to be told."""
    settings.ADMINS = [("Admin", "admin@example.id")]
    monkeypatch.setattr("coverage_portal.health._is_migrated", lambda: 1 / 0)
    client.raise_request_exception = False
    return client.get("/readyz").status_code


def test_error_is_mailed_to_nobody(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    assert failing_page(client, settings, monkeypatch) == 500
    assert mailoutbox == []


def test_error_would_be_mailed_by_djangos_own_logging(
    client: Client, settings: Any, monkeypatch: pytest.MonkeyPatch, mailoutbox: list[Any]
) -> None:
    """The control arm."""
    handler = AdminEmailHandler()
    logging.getLogger("django").addHandler(handler)
    try:
        assert failing_page(client, settings, monkeypatch) == 500
    finally:
        logging.getLogger("django").removeHandler(handler)
    assert len(mailoutbox) == 1
