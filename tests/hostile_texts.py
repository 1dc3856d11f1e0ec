"""Texts that would be a program if a page forgot to escape them, and how to see that one became alive.

Each calls `sisipan()`, or bears that word as a name: an element or an attribute with it is none that a
template of the portal has written. The pages' own texts do not hold the word.
"""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterator
from html.parser import HTMLParser
from typing import Any

from django.apps import apps
from django.core.validators import MaxLengthValidator, ProhibitNullCharactersValidator
from django.db import DatabaseError, models, transaction

MARK = "sisipan"
PAYLOADS = (
    # Elements that run by themselves.
    "<script>sisipan()</script>",
    "<ScRiPt>sisipan()</sCrIpT>",
    "<script src=//contoh.example/sisipan.js></script>",
    "<script src=data:text/javascript,sisipan()></script>",
    "<script type=module>sisipan()</script>",
    "<script\n>sisipan()</script\n>",
    "</script><script>sisipan()</script>",
    "<<script>sisipan()//<</script>",
    "<img src=x onerror=sisipan()>",
    "<img src=x onerror='sisipan()' sisipan>",
    "<img/src=x/onerror=sisipan()>",
    "<img src=x:x onerror=\"window['sis'+'ipan']()\" sisipan>",
    "<svg onload=sisipan()>",
    "<svg/onload=sisipan()>",
    "<svg><script>sisipan()</script></svg>",
    "<svg><animate onbegin=sisipan() attributeName=x dur=1s>",
    "<svg><a xlink:href=javascript:sisipan()><text y=9>a</text></a>",
    "<math><mtext><img src=x onerror=sisipan()></mtext></math>",
    "<body onload=sisipan()>",
    "<body onpageshow=sisipan()>",
    "<details open ontoggle=sisipan()>",
    "<video src=x onerror=sisipan()></video>",
    "<audio src=x onerror=sisipan()></audio>",
    "<video><source onerror=sisipan()></video>",
    "<input autofocus onfocus=sisipan()>",
    "<select autofocus onfocus=sisipan()></select>",
    "<iframe src=javascript:parent.sisipan()></iframe>",
    "<iframe srcdoc='<script>parent.sisipan()</script>'></iframe>",
    "<object data=javascript:sisipan()></object>",
    "<embed src=javascript:sisipan()>",
    "<style>@import'//contoh.example/sisipan.css'</style>",
    "<style>body{display:none}</style><b sisipan>",
    "<b style=position:fixed sisipan>",
    "<link rel=stylesheet href=//contoh.example/sisipan.css>",
    "<link rel=modulepreload href=//contoh.example/sisipan.js>",
    # What changes where the page leads.
    "<base href=//contoh.example/ sisipan>",
    "<meta http-equiv=refresh content='0;url=//contoh.example' sisipan>",
    "<form action=//contoh.example sisipan><button autofocus>",
    "<a href=javascript:sisipan()>a</a>",
    "<a href='jav&#x09;ascript:sisipan()'>a</a>",
    "<button formaction=javascript:sisipan()>a",
    # Out of an attribute, a title, a text area, a comment, a script.
    "\" onfocus=sisipan() autofocus a=\"",
    "' onfocus=sisipan() autofocus a='",
    " onfocus=sisipan() autofocus ",
    "\"><img src=x onerror=sisipan()>",
    "'><svg onload=sisipan()>",
    "`><svg onload=sisipan()>",
    "</title><svg onload=sisipan()>",
    "</textarea><svg onload=sisipan()>",
    "</option></select><svg onload=sisipan()>",
    "--><svg onload=sisipan()>",
    "]]><svg onload=sisipan()>",
    "';sisipan()//",
    "\\\";sisipan()//",
    "</noscript><img src=x onerror=sisipan()>",
    # What a second reading would bring to life, and what the pages' own scripts would.
    "&lt;script&gt;sisipan()&lt;/script&gt;",
    "{{ sisipan }}{% now 'Y' %}<b sisipan>",
    "${sisipan()}<b sisipan>",
    "<b hx-on:load=sisipan() hx-get=/ hx-trigger=load>",
    "<b sisipan>",
)  # fmt: skip
_LEADS = ("href", "src", "action", "formaction", "data", "xlink:href", "srcdoc")
_APPS = ("accounts", "intake", "regions", "projects")
NOT_WRITTEN = frozenset({
    # Made by the portal itself and read by it: no text that anybody has written.
    "accounts.User.password", "accounts.User.session_stamp", "accounts.Event.key", "accounts.Event.network",
    "accounts.RecoveryCode.digest", "accounts.AccessLink.digest", "accounts.Change.model",
    "accounts.Change.object_id", "intake.ImportBatch.kind", "intake.ImportBatch.sha256",
    "intake.StagedRecord.area", "intake.Issue.code", "intake.Issue.template", "projects.Letter.sha256",
    "projects.Standing.rules", "projects.Standing.regency_code", "projects.Standing.fund_source",
    "projects.Standing.state", "projects.Standing.settlement", "projects.GroupsCounted.version",
    "projects.Worker.nik_last4",
})  # fmt: skip


def columns() -> Iterator[models.Field[Any, Any]]:
    """Every column of texts that are written by people: without choices, and without a pattern of its own."""
    plain = (MaxLengthValidator, ProhibitNullCharactersValidator)
    for label in _APPS:
        for model in apps.get_app_config(label).get_models():
            for field in model._meta.concrete_fields:
                is_text = isinstance(field, models.CharField | models.TextField) and not field.choices
                is_free = all(isinstance(each, plain) for each in field.validators)
                is_long = (getattr(field, "max_length", None) or 10_000) >= min(map(len, PAYLOADS))
                if (
                    is_text
                    and is_free
                    and is_long
                    and not field.primary_key
                    and name_of(field) not in NOT_WRITTEN
                ):
                    yield field


def name_of(field: models.Field[Any, Any]) -> str:
    return f"{field.model._meta.label}.{field.name}"


def plant(turn: int = 0) -> tuple[set[str], set[str]]:
    """Put a text into every such column of every row, each time the next that fits.

    Returns the columns that took one, and those where the database lets nothing be changed.
    """
    took: set[str] = set()
    refused: set[str] = set()
    at = itertools.count(turn)
    for field in columns():
        size = getattr(field, "max_length", None) or 10_000
        fitting = (text for text in (PAYLOADS[place % len(PAYLOADS)] for place in at) if len(text) <= size)
        rows = list(field.model._base_manager.order_by("pk").only(field.name))
        for row, text in zip(rows, fitting, strict=False):
            setattr(row, field.name, text)
        try:
            with transaction.atomic():
                field.model._base_manager.bulk_update(rows, [field.name])
        except DatabaseError:
            refused.add(name_of(field))
        else:
            took |= {name_of(field)} if rows else set()
    return took, refused


class _Live(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        for name, value in attrs:
            leads = name in _LEADS and (value or "").strip().lower().startswith(("javascript:", "data:text"))
            if MARK in name or name.startswith("on") or leads:
                self.found.append(json.dumps(self.get_starttag_text()))
                return
        if MARK in tag or (tag == "script" and "src" not in dict(attrs)):
            self.found.append(json.dumps(self.get_starttag_text()))


def alive(html: str) -> list[str]:
    """Elements of a page that only one of these texts can have made."""
    if MARK not in html:
        return []
    parser = _Live()
    parser.feed(html)
    return parser.found
