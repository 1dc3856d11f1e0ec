"""Printing letters: the number, the PDF and the record of it in one transaction, and printing one again."""

from __future__ import annotations

import datetime
import hashlib
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.db import connection, transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone, translation

from coverage_portal.accounts import history
from coverage_portal.accounts.history import Author
from coverage_portal.lib import pdf
from regions.models import Agency

from . import letters, wording
from .letters import Content, Sender, WorkList
from .models import Letter
from .models.letters import reference_of

STYLESHEET, LOGO = "letter.css", "logo"


@dataclass(frozen=True, slots=True)
class Printed:
    letter: Letter
    file: bytes


def sender() -> Sender:
    """Who sends letters, as the settings say."""
    return Sender(
        tuple(settings.LETTERHEAD),
        settings.LETTER_PLACE,
        settings.LETTER_SIGNATORY_POSITION,
        tuple(settings.LETTER_COPIES),
        settings.PORTAL_NAME,
        settings.LETTER_WORKDAYS,
    )


def issue(*, agency: Agency, todo: WorkList, areas: Collection[str], author: Author) -> Printed:
    """Print a letter to an agency: it gets the year's next number, and is on record.

    `areas` are the codes of all areas that its projects lie in. Letters of one year are printed one after the
    other, so that a number is only used up by a letter that was really made.

    Raises:
        ValueError: nothing needs action.
        pdf.Unavailable: this machine cannot make PDFs. Nothing was written.
    """
    pdf.engine()
    now = timezone.now()
    today = timezone.localdate(now)
    with translation.override("id"):
        said = letters.content(
            todo, sender=sender(), town=town_of(agency), printed_on=today, write=wording.sentence
        )
    with transaction.atomic():
        _hold(today.year)
        last = Letter.objects.filter(year=today.year).aggregate(last=Max("number"))["last"] or 0
        file = rendered(said, reference_of(today.year, last + 1))
        letter = Letter.objects.create(
            year=today.year,
            number=last + 1,
            agency=agency,
            agency_name=agency.name,
            on=said.on,
            areas=sorted(set(areas)),
            projects=said.listed,
            content=said.as_json(),
            sha256=hashlib.sha256(file).hexdigest(),
            user=author.user,
            actor=author.name,
            printed_at=now,
        )
        history.record(author, [(letter, None, history.snapshot(letter))])
    return Printed(letter, file)


def print_again(letter: Letter) -> bytes:
    """The letter from what was kept of it, marked as printed again today. Raises pdf.Unavailable."""
    return rendered(content_of(letter), letter.reference, reprinted_on=timezone.localdate())


def content_of(letter: Letter) -> Content:
    return Content.from_json(letter.content)


def rendered(said: Content, reference: str, reprinted_on: datetime.date | None = None) -> bytes:
    """The PDF of a letter. Raises pdf.Unavailable."""
    return pdf.render(page(said, reference, reprinted_on), files())


def page(said: Content, reference: str, reprinted_on: datetime.date | None = None) -> str:
    """The HTML that the PDF is made of. It is Indonesian whatever language the user reads."""
    with translation.override("id"):
        return render_to_string(
            "projects/letter.html",
            {
                "letter": said,
                "reference": reference,
                "reprinted_on": reprinted_on,
                "stylesheet": pdf.SCHEME + STYLESHEET,
                "logo": pdf.SCHEME + LOGO if LOGO in files() else "",
                "signatory": {
                    "name": settings.LETTER_SIGNATORY_NAME,
                    "nip": settings.LETTER_SIGNATORY_NIP,
                },
            },
        )


def files() -> dict[str, Path]:
    """All that a letter's page may load."""
    found = finders.find("css/letter.css")
    if found is None:
        raise FileNotFoundError("css/letter.css")
    logo = settings.LETTER_LOGO
    return {STYLESHEET: Path(found)} | ({LOGO: logo} if logo else {})


def town_of(agency: Agency) -> str:
    """Where an agency has its seat, as far as it is known."""
    return agency.regency.capital if agency.regency is not None else ""


def _hold(year: int) -> None:
    """Nobody else takes a number of this year until the transaction ends."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [f"letters of {year}"])
