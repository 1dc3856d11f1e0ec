"""Findings and dates of projects, in the reader's language."""

from __future__ import annotations

from django import template
from django.utils.translation import gettext

from projects import persons, wording
from projects.compliance import HOLIDAYS_UNKNOWN, Finding
from projects.contributions import BadFacts, Note
from projects.rates import Source
from projects.timeline import TITLES, Event, Kind
from regions.sentences import CERTAINTIES

register = template.Library()


@register.filter
def sentence(said: Finding | Note | BadFacts) -> str:
    """What a finding says, a note beside an estimate, or why there is none."""
    return wording.sentence(said.template, said.params)


@register.filter
def holidays_unknown(years: tuple[int, ...]) -> str:
    """That working days were counted through years without their holidays; empty where they were not."""
    if not years:
        return ""
    return wording.sentence(HOLIDAYS_UNKNOWN, {"years": ", ".join(map(str, years))})


@register.filter
def certainty(source: Source) -> str:
    """How sure a rule is."""
    return str(CERTAINTIES[source.certainty])


@register.filter
def event_title(event: Event | Kind) -> str:
    """What a day of a project is the day of: `Adendum A-1`."""
    if isinstance(event, Event):
        return f"{gettext(TITLES[event.kind])} {event.number}".rstrip()
    return gettext(TITLES[event])


@register.filter
def initials(name: str) -> str:
    """A person for whoever need not know the name: `C… S…`."""
    return persons.initials(name)
